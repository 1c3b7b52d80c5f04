"""One person reads in eight places at once: together no more than the limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.workbench.read_budget import actions
from linli.workbench.read_budget.tests.racing import THREADS, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def raced(data: Path) -> dict[str, int]:
    """Race here on PostgreSQL; on SQLite in a process with a file, as in use."""
    if connection.vendor == "postgresql":
        return race()
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "linli.workbench.read_budget.tests.racing"],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_eight_at_once_get_past_the_limit_together_never(tmp_path: Path) -> None:
    assert raced(tmp_path) == {"in": 6, "refused": 2, "wrong": 0, "counted": 300}


def test_negative_control_without_the_lock_they_get_past_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time anyway")
    together = threading.Barrier(THREADS)

    def all_have_counted(*given: Any) -> None:
        together.wait(timeout=20)

    monkeypatch.setattr(actions, "_locked", lambda user_id: None)
    monkeypatch.setattr(actions, "_add", lambda *given: False)
    monkeypatch.setattr(actions, "_check_taken", all_have_counted)
    assert race()["counted"] == 400
