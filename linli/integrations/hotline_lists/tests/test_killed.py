"""The power fails while a list is taken in and handed out: nothing is lost, nothing is double."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from linli.integrations.hotline_lists.tests.killed import ROWS, WAITING

LONGEST_WAIT = 1.2  # seconds; the whole list takes about three


def _command(data: Path, what: str) -> subprocess.Popen[bytes]:
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    module = "linli.integrations.hotline_lists.tests.killed"
    return subprocess.Popen([sys.executable, "-m", module, what], env=given, stdout=subprocess.PIPE)


def _killed(data: Path, what: str, after: float) -> None:
    child = _command(data, what)
    assert child.stdout is not None
    assert child.stdout.readline() == b"go\n"
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.wait()


@contextmanager
def _opened(data: Path) -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(data / "linli.sqlite3") as database:
        yield database
    database.close()


# What must be empty at every moment: what each statement finds is lost or double.
MUST_BE_EMPTY = {
    "a number taken twice": """
        SELECT outside_number FROM cases_report
        GROUP BY 1 HAVING count(*) > 1""",
    "a report without its case": """
        SELECT r.id FROM cases_report r
        LEFT JOIN cases_case c ON c.id = r.case_id
        WHERE c.id IS NULL""",
    "a case without its report": """
        SELECT id FROM cases_case
        WHERE id NOT IN (SELECT case_id FROM cases_report)""",
    "an assigned case without exactly one lead": """
        SELECT c.id FROM cases_case c
        LEFT JOIN cases_handling h
        ON h.case_id = c.id
        AND h.is_lead AND h.state IN ('assigned', 'accepted')
        WHERE c.state = 'assigned'
        GROUP BY c.id HAVING count(h.id) <> 1""",
    "a waiting case with a share": """
        SELECT c.id FROM cases_case c
        JOIN cases_handling h
        ON h.case_id = c.id
        WHERE c.state = 'received'""",
    "a task without exactly one share": """
        SELECT t.id FROM tasks_task t
        LEFT JOIN cases_handling h
        ON h.task_id = t.id
        WHERE t.kind = 'cases.handle'
        GROUP BY t.id HAVING count(h.id) <> 1""",
    "a case with two open tasks": """
        SELECT subject_id FROM tasks_task
        WHERE kind = 'cases.handle'
        GROUP BY 1 HAVING count(*) > 1""",
    "a case received other than once in the journal": """
        SELECT c.id FROM cases_case c
        LEFT JOIN journal_journalentry j
        ON j.subject_kind = 'cases.case' AND j.subject_id = c.id
        AND j.kind = 'case.received'
        GROUP BY c.id HAVING count(j.id) <> 1""",
    "an assigned case assigned other than once in the journal": """
        SELECT c.id FROM cases_case c
        LEFT JOIN journal_journalentry j
        ON j.subject_kind = 'cases.case' AND j.subject_id = c.id
        AND j.kind = 'case.assigned'
        WHERE c.state = 'assigned'
        GROUP BY c.id HAVING count(j.id) <> 1""",
}


def _wrong(data: Path) -> list[str]:
    """Return what is lost or double."""
    with _opened(data) as database:
        return [what for what, sql in MUST_BE_EMPTY.items() if database.execute(sql).fetchall()]


def _standing(data: Path) -> tuple[int, int]:
    """Return how many cases there are, and how many of them were handed out."""
    with _opened(data) as database:
        return (
            int(database.execute("SELECT count(*) FROM cases_case").fetchone()[0]),
            int(
                database.execute(
                    "SELECT count(*) FROM cases_case WHERE state = 'assigned'"
                ).fetchone()[0]
            ),
        )


def _finished(data: Path) -> None:
    """Begin again without a killer: afterwards everything is there, once, and the chain holds."""
    for what in ("list", "dispatch"):
        assert _command(data, what).wait() == 0
    assert _wrong(data) == []
    assert _standing(data) == (ROWS + WAITING, ROWS + WAITING)
    chain = _command(data, "chain")
    said, _ = chain.communicate()
    assert (chain.returncode, said) == (0, b"")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "prepared"
    folder.mkdir()
    assert _command(folder, "prepare").wait() == 0
    return folder


def _kill_often(prepared: Path, folder: Path, times: int) -> int:
    """Kill again and again, a fresh installation whenever one is through; return the kills."""
    dice, data, kills, middle = random.Random(11), folder / "0", 0, 0
    shutil.copytree(prepared, data)
    while kills < times:
        before = _standing(data)
        _killed(data, dice.choice(("list", "dispatch")), dice.uniform(0, LONGEST_WAIT))
        kills += 1
        assert _wrong(data) == [], f"after kill {kills}"
        now = _standing(data)
        middle += before != now and now != (ROWS + WAITING, ROWS + WAITING)
        if now == (ROWS + WAITING, ROWS + WAITING) and kills < times:
            _finished(data)
            shutil.rmtree(data)
            data = folder / str(kills)
            shutil.copytree(prepared, data)
    _finished(data)
    return middle


@pytest.mark.nightly
@pytest.mark.timeout(240)
def test_without_the_mark_of_a_number_the_same_test_finds_doubles(
    prepared: Path, tmp_path: Path
) -> None:
    data = tmp_path / "forgetful"
    shutil.copytree(prepared, data)
    _killed(data, "forgetful", 1.0)
    assert _command(data, "forgetful").wait() == 0
    assert "a number taken twice" in _wrong(data)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_two_hundred_times_nothing_is_lost_or_double(prepared: Path, tmp_path: Path) -> None:
    assert _kill_often(prepared, tmp_path, 200) >= 40, "most kills hit nothing in the middle"
