"""Any process is killed while people work: nothing is lost, nothing doubled, back in seconds."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import postgres, prepared
from tests.cli.callers import Browser, Callers

LINLI = [sys.executable, "-m", "linli.faces.cli.main"]
PROCESSES = 2
KINDS = ("web", "server", "worker", "supervisor")
BACK_SECONDS = 5.0
LONGEST_WAIT = 90.0


def environment(data: Path, address: str = "") -> dict[str, str]:
    mine = {"LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": address}
    return {**os.environ, **mine, "LINLI_DEMO": "", "LINLI_WORKERS": str(PROCESSES)}


@dataclass
class Process:
    """What /proc tells of one."""

    pid: int
    parent: int
    line: str


def processes() -> list[Process]:
    """Return every process that is not a corpse."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if state != "Z":
            found.append(Process(int(folder.name), int(parent), line))
    return found


@dataclass
class Office:
    """A served installation, and the one that starts it again, as a system's own does."""

    data: Path
    address: str
    port: int
    home: int = 0
    ever: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self.running = self._start()
        self._thread = threading.Thread(target=self._restart)
        self._thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [*LINLI, "serve", "--port", str(self.port)]
        return subprocess.Popen(
            command, env=environment(self.data, self.address), start_new_session=True
        )

    def _restart(self) -> None:
        while not self._ended.is_set():
            if self.running.poll() is not None and not self._ended.is_set():
                self.running = self._start()
            time.sleep(0.02)

    def parts(self) -> dict[str, list[int]]:
        """Return the process numbers of each kind."""
        everybody = processes()
        below = [one for one in everybody if one.parent == self.running.pid]
        worker = [one.pid for one in below if "--with-parent" in one.line]
        server = [one.pid for one in below if one.pid not in worker]
        web = [one.pid for one in everybody if one.parent in server]
        found = {"web": web, "server": server, "worker": worker}
        self.ever |= {self.running.pid, *web, *server, *worker}
        return {**found, "supervisor": [self.running.pid]}

    def said(self, what: str) -> dict[str, dict[str, int]]:
        """Return what a process of its own says of the data."""
        command = [sys.executable, "-m", "tests.cli.served", what]
        given = environment(self.data, self.address)
        out = subprocess.run(command, env=given, check=True, stdout=subprocess.PIPE).stdout
        answered: dict[str, dict[str, int]] = json.loads(out)
        return answered

    def is_whole(self, gone: set[int]) -> bool:
        """Is each kind there again, none of the killed, and does every process answer?"""
        parts = self.parts()
        numbers = [len(parts[kind]) for kind in ("web", "server", "worker")]
        if numbers != [PROCESSES, 1, 1] or gone & {pid for each in parts.values() for pid in each}:
            return False
        try:
            with ThreadPoolExecutor(4) as pool:
                asked = list(pool.map(lambda _: Browser(self.port).ask("/report/track/"), range(4)))
        except OSError:
            return False
        return {status for status, _where, _text in asked} == {200}

    def wait(self, gone: set[int]) -> float:
        """Return after how many seconds everything is there again."""
        began = time.monotonic()
        while not self.is_whole(gone):
            assert time.monotonic() - began < LONGEST_WAIT, f"not back: {self.parts()}"
            time.sleep(0.02)
        return time.monotonic() - began

    def kill(self, kind: str, dice: random.Random) -> float:
        """Kill one process of a kind; return how long it took until everything was back."""
        pid = dice.choice(self.parts()[kind])
        os.kill(pid, signal.SIGKILL)
        return self.wait({pid})

    def end(self) -> set[int]:
        """End it as a system does; return who of all that ever were is there still."""
        self._ended.set()
        self._thread.join()
        self.parts()
        self.running.terminate()
        self.running.wait(LONGEST_WAIT)
        return self.ever & {one.pid for one in processes()}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


@contextmanager
def an_address() -> Iterator[str]:
    """A database of its own where PostgreSQL is asked for, a copy of the migrated one."""
    if not postgres.wanted():
        yield ""
        return
    import psycopg

    name, base = f"served_{os.getpid()}", postgres.url()
    whole = base.replace("/linli?", "/postgres?")
    with psycopg.connect(whole, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres.TEMPLATE}"')
        try:
            yield base.replace("/linli?", f"/{name}?")
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_address() as address:
        given = environment(tmp_path, address)
        if not address and prepared.copy().is_file():
            shutil.copyfile(prepared.copy(), tmp_path / "linli.sqlite3")
        command = [sys.executable, "-m", "tests.cli.served", "prepare"]
        out = subprocess.run(command, env=given, check=True, stdout=subprocess.PIPE).stdout
        one = Office(tmp_path, address, free_port(), json.loads(out)["home"])
        try:
            yield one
        finally:
            for pid in one.end():
                os.kill(pid, signal.SIGKILL)


def tally(office: Office, callers: Callers) -> tuple[int, int]:
    """Return how much that was acknowledged is not there, and how much is there twice."""
    said = office.said("count")
    there = {**said["notes"], **said["reports"]}
    lost = callers.acknowledged - there.keys()
    return len(lost), sum(number > 1 for number in there.values())


def kills(office: Office, number: int) -> list[float]:
    """Kill so many processes of all kinds while four people work; return the times back."""
    dice = random.Random(number)
    office.wait(set())
    callers = Callers(office.port, office.home)
    taken = []
    for n in range(number):
        time.sleep(dice.uniform(0.2, 1.0))
        taken.append(office.kill(KINDS[n % len(KINDS)], dice))
    callers.end()
    assert callers.wrong == []
    assert callers.acknowledged
    assert callers.questions
    print(
        f"{number} kills: {len(callers.acknowledged)} acknowledged, {callers.questions} questions,"
        f" {callers.sign_ins} sign-ins, sent again {callers.again} times,"
        f" back p50 {statistics.median(taken):.2f} s, max {max(taken):.2f} s",
        [f"{KINDS[n % len(KINDS)]} {seconds:.2f}" for n, seconds in enumerate(taken)],
    )
    assert tally(office, callers) == (0, 0)
    # The negative control: what was never sent is missed by the same count.
    callers.acknowledged.add("第一件没有寄出的")
    assert tally(office, callers) == (1, 0)
    return taken


@pytest.mark.postgres(by_night=True)
def test_three_kills_lose_nothing_and_all_is_back_in_seconds(office: Office) -> None:
    taken = kills(office, 3)
    assert statistics.median(taken) <= BACK_SECONDS
    assert office.end() == set(), "nothing is left over"


@pytest.mark.nightly
@pytest.mark.postgres(by_night=True)
@pytest.mark.timeout(1800)
def test_thirty_kills_lose_nothing_and_all_is_back_in_seconds(office: Office) -> None:
    taken = kills(office, 30)
    assert max(taken) <= BACK_SECONDS
    assert office.end() == set(), "nothing is left over"
