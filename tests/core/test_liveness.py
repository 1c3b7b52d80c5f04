"""Whether whoever does long work is still there: seen at once, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from linli.core.errors import Refused
from linli.core.runtime import liveness
from linli.core.runtime.liveness import BEGINNING, holding, is_held, is_running

pytestmark = pytest.mark.postgres


def _elsewhere(work: Any) -> list[Any]:
    """Do something as another process would: by a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connection.close()

    one = threading.Thread(target=run)
    one.start()
    one.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_work_is_seen_while_it_goes_on_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "PATIENCE_S", 0)
    assert not is_held("test", 1)
    with holding("test", 1):
        assert _elsewhere(lambda: is_held("test", 1)) == [True]
        assert _elsewhere(lambda: is_held("test", 2)) == [False]
        assert _elsewhere(_second) == ["refused"]
    assert _elsewhere(lambda: is_held("test", 1)) == [False]


def _second() -> str:
    try:
        with holding("test", 1):
            return "held twice"
    except Refused:
        return "refused"


@pytest.mark.django_db(transaction=True)
def test_what_was_claimed_just_now_is_not_taken_for_dead() -> None:
    now = timezone.now()
    assert is_running("test", 3, now)
    assert not is_running("test", 3, now - BEGINNING - timedelta(seconds=1))
    assert not is_running("test", 3, None)


HOLDER = """
import django, time
django.setup()
from linli.core.runtime.liveness import holding
with holding("test", 4):
    print("go", flush=True)
    time.sleep(60)
"""


@pytest.mark.timeout(120)
def test_a_killed_process_is_seen_to_be_gone_at_once(tmp_path: Path) -> None:
    """On SQLite, where the lock is a file's; a session of PostgreSQL ends with its process."""
    given = {
        **os.environ,
        "LINLI_DATA": str(tmp_path),
        "LINLI_MODE": "embedded",
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "linli.settings",
    }
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], env=given, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"go\n"
    [lock] = (tmp_path / "running").iterdir()
    assert _is_locked(lock)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert lock.exists(), "what is left of it is no lock"
    assert not _is_locked(lock)


def _is_locked(file: Path) -> bool:
    import fcntl

    with file.open("r+") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
