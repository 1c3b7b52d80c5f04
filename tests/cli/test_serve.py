"""The server: several processes, one worker, data put back under it, ended by Ctrl+C."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.db import connection

from linli.core.database import backup
from tests import prepared
from tests.scope.world import OURS, a_community, a_town

LINLI = [sys.executable, "-m", "linli.faces.cli.main"]
PROCESSES, ASKED = 2, 24
LONGEST_WAIT = 60.0
pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="what is told apart here is a file"
)


def environment(data: Path) -> dict[str, str]:
    mine = {"LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": "", "LINLI_DEMO": ""}
    return {**os.environ, **mine, "LINLI_WORKERS": str(PROCESSES)}


def linli(data: Path, *words: str) -> None:
    subprocess.run([*LINLI, *words], env=environment(data), check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation with tables and nothing in them."""
    folder = tmp_path / "data"
    folder.mkdir()
    if prepared.copy().is_file():
        shutil.copyfile(prepared.copy(), folder / "linli.sqlite3")
    else:
        linli(folder, "migrate")
    return folder


@pytest.fixture
def server(data: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    # A session of its own, as a terminal has: Ctrl+C goes to everybody in it.
    running = subprocess.Popen(
        [*LINLI, "serve", "--port", str(port)], env=environment(data), start_new_session=True
    )
    try:
        yield f"http://127.0.0.1:{port}", running
    finally:
        for pid in members(running):
            os.kill(pid, signal.SIGKILL)
        running.wait()


def members(running: subprocess.Popen[bytes]) -> dict[int, str]:
    """Return the processes of the server's session with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _parent, _group, session = (
                (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            )
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(session) == running.pid and state != "Z":
            found[int(folder.name)] = line
    return found


def page(address: str) -> str:
    """Return the residents' page: it names the communities, from the database."""
    give_up = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            with urlopen(f"{address}/report/", timeout=20) as answer:
                return str(answer.read().decode())
        except URLError:
            assert time.monotonic() < give_up, "the server does not answer"
            time.sleep(0.2)


def pages(address: str) -> set[bool]:
    """Ask all processes at once; return whether they know of our community."""
    with ThreadPoolExecutor(8) as pool:
        return {"殷家社区" in one for one in pool.map(page, [address] * ASKED)}


@pytest.mark.django_db(transaction=True)
def test_a_running_server_knows_what_was_put_back_and_all_of_it_ends(
    data: Path, server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    address, running = server
    a_community(a_town(), OURS, "殷家", 1)
    backup.back_up(tmp_path / "ours.zip")
    shutil.copyfile(data / "linli.sqlite3", tmp_path / "empty")
    page(address)
    assert pages(address) == {False}

    linli(data, "restore", "--force", str(tmp_path / "ours.zip"))
    assert pages(address) == {True}, "written into the same file"
    (tmp_path / "empty").replace(data / "linli.sqlite3")
    for ending in ("-wal", "-shm"):
        (data / f"linli.sqlite3{ending}").unlink(missing_ok=True)
    assert pages(address) == {False}, "another file in its place"

    lines = list(members(running).values())
    assert sum("--with-parent" in line for line in lines) == 1, "what happens by itself, once"
    assert len(lines) == 3 + PROCESSES, "who watches, the server's main one, the worker"
    os.killpg(running.pid, signal.SIGINT)
    running.wait(LONGEST_WAIT)
    assert not members(running)
