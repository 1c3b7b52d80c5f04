"""Parts that die are started again, alone; told to stop, all end; nobody outlives who watches."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linli.core.runtime import supervision

WATCH = """
import os, signal, sys, time
from pathlib import Path
from linli.core.logger import write_with
from linli.core.runtime import supervision
from linli.core.runtime.supervision import Part, Supervisor

folder = Path(sys.argv[1])
def be(name, deaf=False):
    def do():
        if deaf:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with (folder / name).open("a") as file:
            file.write(f"{os.getpid()}\\n")
        time.sleep(60)
        return 0
    return do
def fails():
    with (folder / "fails").open("a") as file:
        file.write(f"{os.getpid()}\\n")
    return 3
class Told:
    def warning(self, event, **facts):
        with (folder / "log").open("a") as file:
            file.write(f"{event} {sorted(facts.items())}\\n")
write_with(0, lambda name: Told())
if "alone" in sys.argv:  # the negative control: nobody hears of the parent's death
    supervision.end_with_parent = lambda parent: None
parts = [Part("one", be("one")), Part("two", be("two"))]
parts += [Part("deaf", be("deaf", True))] if "deaf" in sys.argv else []
parts += [Part("fails", fails)] if "fails" in sys.argv else []
Supervisor(parts, tick=lambda: None, patience=1.0).run()
"""


def until(what: Callable[[], bool], seconds: float = 30) -> float:
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)
    return time.monotonic() - began


class Watched:
    """A supervisor in a process of its own, and what its parts wrote down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WATCH, str(self.folder), *words]
        self.process = subprocess.Popen(command, start_new_session=True)
        until(lambda: bool(self.pids("one") and self.pids("two")))
        return self.process

    def pids(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def everybody(self) -> list[int]:
        return [pid for name in ("one", "two", "deaf", "fails") for pid in self.pids(name)]

    def left(self) -> list[int]:
        return [pid for pid in self.everybody() if is_there(pid)]


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    one = Watched(tmp_path)
    yield one
    if one.process is not None:
        one.process.kill()
        one.process.wait()
    for pid in one.left():
        os.kill(pid, signal.SIGKILL)


def test_one_that_is_killed_comes_back_and_the_others_do_not_notice(watched: Watched) -> None:
    watched.start()
    [first], [other] = watched.pids("one"), watched.pids("two")
    os.kill(first, signal.SIGKILL)
    assert until(lambda: len(watched.pids("one")) == 2) < 5
    assert watched.pids("two") == [other]
    assert is_there(other)
    assert "('code', -9), ('part', 'one')" in (watched.folder / "log").read_text()


def test_one_that_keeps_failing_waits_longer_and_longer(watched: Watched) -> None:
    watched.start("fails")
    time.sleep(2.5)
    assert 3 <= len(watched.pids("fails")) <= 6
    assert len(watched.pids("one")) == 1
    assert supervision.wait_before(0) == 0
    assert supervision.wait_before(99) == max(supervision.WAITS) < 5


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_all_end_also_one_that_does_not_want_to(
    watched: Watched, name: signal.Signals
) -> None:
    process = watched.start("deaf")
    until(lambda: bool(watched.pids("deaf")))
    # Ctrl+C goes to a whole group.
    os.killpg(process.pid, name)
    assert process.wait(20) == 0
    assert watched.left() == []


def test_when_who_watches_is_killed_nobody_goes_on(watched: Watched) -> None:
    process = watched.start()
    process.kill()
    process.wait()
    until(lambda: watched.left() == [], 5)


def test_without_the_kernel_s_help_they_would_go_on(watched: Watched) -> None:
    """The negative control."""
    process = watched.start("alone")
    process.kill()
    process.wait()
    time.sleep(0.5)
    assert len(watched.left()) == 2
