"""The power fails while a list is imported: afterwards all of it is there or nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.imports.killed import ROWS

LONGEST_WAIT = 1.5  # an import of these rows takes about a second


def _command(data: Path, what: str) -> subprocess.Popen[bytes]:
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.imports.killed", what], env=given, stdout=subprocess.PIPE
    )


def _there(data: Path) -> tuple[int, int, int, str]:
    with sqlite3.connect(data / "linli.sqlite3") as database:

        def one(sql: str) -> int:
            return int(database.execute(sql).fetchone()[0])

        state = database.execute("SELECT state FROM imports_batch").fetchone()[0]
        applied = one("SELECT count(*) FROM journal_journalentry WHERE kind = 'imports.applied'")
        return (
            one("SELECT count(*) FROM people_person"),
            one("SELECT coalesce(sum(resident_count), 0) FROM places_dwelling"),
            applied,
            state,
        )


def _kill_often(folder: Path, times: int) -> set[str]:
    prepared, dice, ends = folder / "prepared", random.Random(7), set()
    prepared.mkdir()
    assert _command(prepared, "prepare").wait() == 0
    for n in range(times):
        data = folder / str(n)
        shutil.copytree(prepared, data)
        child = _command(data, "import")
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        time.sleep(dice.uniform(0, LONGEST_WAIT))
        child.send_signal(signal.SIGKILL)
        child.wait()
        people, counted, entries, state = _there(data)
        whole = (ROWS, ROWS, 1, "applied")
        assert (people, counted, entries, state) in (whole, (0, 0, 0, "applying")), n
        ends.add(state)
        shutil.rmtree(data)
    return ends


@pytest.mark.timeout(120)
def test_killed_in_the_middle_all_or_nothing_is_there(tmp_path: Path) -> None:
    assert _kill_often(tmp_path, 1)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_two_hundred_times_all_or_nothing_is_there(tmp_path: Path) -> None:
    assert _kill_often(tmp_path, 200) == {"applied", "applying"}
