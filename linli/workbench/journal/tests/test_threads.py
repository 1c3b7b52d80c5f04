"""Eight people look at covered numbers at once: every look stands in the journal, in one chain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from linli.workbench.journal import hash_chain
from linli.workbench.journal.tests.looking import THREADS, Looked, look

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def looked(times: int, data: Path) -> Looked:
    """Look here on PostgreSQL; on SQLite in a process with a file, as in use."""
    if connection.vendor == "postgresql":
        return look(times)
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "linli.workbench.journal.tests.looking", str(times)],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Looked(**json.loads(done.stdout.splitlines()[-1]))


def test_every_look_is_written_down_once(tmp_path: Path) -> None:
    found = looked(10, tmp_path)
    assert (found.entries, found.wrong, found.broken) == (THREADS * 10, [], [])


@pytest.mark.nightly
@pytest.mark.timeout(3000)
def test_eight_threads_look_a_thousand_times_each(tmp_path: Path) -> None:
    found = looked(1000, tmp_path)
    print(
        f"{connection.vendor}: {THREADS} threads × 1,000 looks = {found.entries} entries,"
        f" {len(found.broken)} broken, {found.seconds:.0f} s"
    )
    assert (found.entries, found.wrong, found.broken) == (8000, [], [])


def test_without_waiting_for_each_other_looks_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: writers that do not wait take the same number, and all but one fail."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time anyway")
    real = hash_chain.raw_sql.run

    def forgetful(sql: str, *given: object, **more: object) -> object:
        return [] if "advisory" in sql else real(sql, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(hash_chain.raw_sql, "run", forgetful)
    found = look(10)
    assert found.entries < THREADS * 10
    assert found.wrong
