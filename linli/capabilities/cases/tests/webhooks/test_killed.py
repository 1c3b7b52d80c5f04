"""The power fails while webhooks go out: none is lost, none goes twice, the doubtful are listed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from linli.capabilities.cases.tests.webhooks.killed import MESSAGES
from linli.capabilities.cases.tests.webhooks.test_stories import Receiver

LONGEST_PAUSE = 0.01  # one message takes about as long


@dataclass
class Tally:
    """What happened over all the kills."""

    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    in_the_middle: int = 0


class Killing:
    """An installation, a receiver, and a sender that is killed."""

    def __init__(self, data: Path, receiver: Receiver) -> None:
        self.data, self.receiver = data, receiver

    def start(self, what: str) -> subprocess.Popen[bytes]:
        """Start the process."""
        given = {
            **os.environ,
            "LINLI_DATA": str(self.data),
            "LINLI_MODE": "embedded",
            "DATABASE_URL": "",
            "LINLI_RECEIVER": self.receiver.url,
            "LINLI_WEBHOOK_INNER_HOSTS": f"127.0.0.1:{self.receiver.port}",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "linli.capabilities.cases.tests.webhooks.killed", what],
            env=given,
            stdout=subprocess.PIPE,
        )

    def finish(self, what: str) -> bytes:
        """Run it to its end."""
        child = self.start(what)
        said = child.communicate()[0]
        assert child.returncode == 0
        return said

    def kill_once(self, what: str, dice: random.Random, tally: Tally) -> None:
        """Kill the sender somewhere, let the next worker settle, and count."""
        self.receiver.got.clear()
        kill_after, pause = dice.randrange(MESSAGES), dice.uniform(0, LONGEST_PAUSE)
        child = self.start(what)
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        while child.poll() is None and len(self.receiver.got) < kill_after:
            time.sleep(0.001)
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        tally.in_the_middle += 0 < len(self.receiver.got) < MESSAGES
        said = self.finish("settle" if what == "send" else "again")
        states: dict[str, str] = json.loads(said)
        got = Counter(heads["webhook-id"] for heads, _ in self.receiver.got)
        assert set(states.values()) <= {"sent", "unknown"}, Counter(states.values())
        assert len(states) == MESSAGES
        tally.unknown += sum(state == "unknown" for state in states.values())
        tally.doubled += sum(number > 1 for number in got.values())
        tally.lost += sum(state == "sent" and key not in got for key, state in states.items())


def kill_often(folder: Path, times: int, what: str = "send") -> Tally:
    receiver, dice, tally = Receiver(), random.Random(11), Tally()
    prepared = folder / "prepared"
    prepared.mkdir()
    Killing(prepared, receiver).finish("prepare")
    for number in range(times):
        data = folder / str(number)
        shutil.copytree(prepared, data)
        Killing(data, receiver).kill_once(what, dice, tally)
        shutil.rmtree(data)
        if what == "careless" and tally.doubled:
            break  # one is proof enough that doubles are found
    receiver.server.shutdown()
    receiver.server.server_close()
    return tally


@pytest.mark.nightly
@pytest.mark.timeout(120)
def test_killed_while_sending_nothing_is_lost_and_nothing_goes_twice(tmp_path: Path) -> None:
    tally = kill_often(tmp_path, 2)
    assert (tally.lost, tally.doubled) == (0, 0)
    assert tally.in_the_middle


@pytest.mark.timeout(240)
@pytest.mark.nightly
def test_sending_before_marking_doubles(tmp_path: Path) -> None:
    """The negative control: without a claim the count finds doubles."""
    assert kill_often(tmp_path, 12, "careless").doubled > 0


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_two_hundred_times_while_sending(tmp_path: Path) -> None:
    tally = kill_often(tmp_path, 200)
    print(tally)
    assert (tally.lost, tally.doubled) == (0, 0)
    assert tally.in_the_middle > 50
    assert tally.unknown > 0
