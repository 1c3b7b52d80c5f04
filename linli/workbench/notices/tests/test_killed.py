"""The power fails while messages go out: none is lost, none goes twice, the doubtful are listed."""

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
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from linli.workbench.notices.tests.killed import RECIPIENTS

LONGEST_PAUSE = 0.005  # one message takes about as long


def _command(data: Path, what: str) -> subprocess.Popen[bytes]:
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "linli.workbench.notices.tests.killed", what],
        env=given,
        stdout=subprocess.PIPE,
    )


def _done(data: Path, what: str) -> bytes:
    child = _command(data, what)
    said = child.communicate()[0]
    assert child.returncode == 0
    return said


@dataclass
class Tally:
    """What happened over all the kills."""

    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    in_the_middle: int = 0
    wrong: list[str] = field(default_factory=list)


def _sent(data: Path) -> Counter[str]:
    file = data / "sms" / "sent.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return Counter(json.loads(line)["key"] for line in lines)


def _wait_for(data: Path, child: subprocess.Popen[bytes], lines: int) -> None:
    """Wait until the gateway has so many lines, or the process has ended."""
    file = data / "sms" / "sent.jsonl"
    while child.poll() is None:
        if not lines or (file.exists() and file.read_bytes().count(b"\n") >= lines):
            return
        time.sleep(0.001)


def _kill_once(data: Path, what: str, dice: random.Random, tally: Tally) -> None:
    kill_after, pause = dice.randrange(RECIPIENTS), dice.uniform(0, LONGEST_PAUSE)
    child = _command(data, what)
    assert child.stdout is not None
    assert child.stdout.readline() == b"go\n"
    _wait_for(data, child, kill_after)
    time.sleep(pause)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    tally.in_the_middle += 0 < len(_sent(data)) < RECIPIENTS
    said = _done(data, "settle" if what == "send" else "again")
    states: dict[str, str] = json.loads(said)
    gateway = _sent(data)
    tally.unknown += sum(state == "unknown" for state in states.values())
    tally.doubled += sum(number > 1 for number in gateway.values())
    # Lost: it counts as sent, or waits for nobody, and the gateway has never seen it.
    tally.lost += sum(state != "unknown" and key not in gateway for key, state in states.items())
    assert set(states.values()) <= {"sent", "unknown"}, Counter(states.values())
    assert len(states) == RECIPIENTS


def _kill_often(folder: Path, times: int, what: str = "send") -> Tally:
    prepared, dice, tally = folder / "prepared", random.Random(11), Tally()
    prepared.mkdir()
    _done(prepared, "prepare")
    for n in range(times):
        data = folder / str(n)
        shutil.copytree(prepared, data)
        _kill_once(data, what, dice, tally)
        shutil.rmtree(data)
        if what == "careless" and tally.doubled:
            break  # one is proof enough that doubles are found
    return tally


@pytest.mark.timeout(120)
def test_killed_while_sending_nothing_is_lost_and_nothing_goes_twice(tmp_path: Path) -> None:
    tally = _kill_often(tmp_path, 2)
    assert (tally.lost, tally.doubled) == (0, 0)
    assert tally.in_the_middle


@pytest.mark.nightly
@pytest.mark.timeout(240)
def test_sending_before_marking_doubles(tmp_path: Path) -> None:
    """The negative control: without an intent written first, the count finds doubles."""
    tally = _kill_often(tmp_path, 8, "careless")
    assert tally.doubled > 0


@pytest.mark.nightly
@pytest.mark.timeout(120)
def test_two_workers_side_by_side_double_nothing(tmp_path: Path) -> None:
    _done(tmp_path, "prepare")
    workers = [_command(tmp_path, "send") for _ in range(2)]
    for worker in workers:
        worker.communicate()
        assert worker.returncode == 0
    sent = _sent(tmp_path)
    assert (len(sent), sent.total()) == (RECIPIENTS, RECIPIENTS)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_two_hundred_times_while_sending(tmp_path: Path) -> None:
    tally = _kill_often(tmp_path, 200)
    print(tally)
    assert (tally.lost, tally.doubled) == (0, 0)
    assert tally.in_the_middle > 50
    assert tally.unknown > 0
