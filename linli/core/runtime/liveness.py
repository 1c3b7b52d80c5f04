"""Whether the process that does long work is still there: a lock that dies with it.

A time stamp would not do: on SQLite nobody else can write while an import holds the write lock. On
SQLite, which is one machine, the lock is a file's; on PostgreSQL it is the session's own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.database import raw_sql
from linli.core.errors import Refused
from linli.core.logger import get_logger

# From the claim of a run until its process holds the lock; also all that somebody waits in vain.
BEGINNING = timedelta(seconds=10)
PATIENCE_S, STEP_S = 2.0, 0.02
WHY = "the lock by which others see that long work goes on"
log = get_logger(__name__)


@contextmanager
def holding(kind: str, pk: int) -> Iterator[None]:
    """Show that the work on a record goes on; when this process ends, however it ends, no more."""
    name = f"{kind}-{pk}"
    if connection.vendor == "postgresql":
        with _session_lock(name):
            yield
        return
    try:
        lock = _locked_file(name)
    except OSError as wrong:  # a full disk: the work itself will say so, or go well
        log.warning("no sign of life", run=name, why=type(wrong).__name__)
        yield
        return
    try:
        yield
    finally:
        # Removed before it is let go: else another could lock it and lose it to us.
        with suppress(OSError):
            _file(name).unlink()
        os.close(lock)


def is_running(kind: str, pk: int, began: datetime | None) -> bool:
    """Does the work on a record go on, or was it claimed just now?"""
    just_now = began is not None and timezone.now() - began < BEGINNING
    return just_now or is_held(kind, pk)


def is_held(kind: str, pk: int) -> bool:
    """Is the process there that works on a record?"""
    return _is_held(f"{kind}-{pk}")


def _file(name: str) -> Path:
    # Databases that share a data directory do not share their locks.
    where = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
    return Path(settings.DATA_DIR) / "running" / f"{where}-{name}"


def _locked_file(name: str) -> int:
    file, until = _file(name), time.monotonic() + PATIENCE_S
    file.parent.mkdir(parents=True, exist_ok=True)
    while True:
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            if time.monotonic() > until:
                raise _busy() from None
            time.sleep(STEP_S)
            continue
        # One that ended took its file away: the lock must be on the one others see.
        with suppress(FileNotFoundError):
            if os.fstat(lock).st_ino == file.stat().st_ino:
                return lock
        os.close(lock)


def _is_held(name: str) -> bool:
    if connection.vendor == "postgresql":
        number = _number(name)
        [(free,)] = raw_sql.run("SELECT pg_try_advisory_lock_shared(%s)", [number], reason=WHY)
        if free:
            raw_sql.run("SELECT pg_advisory_unlock_shared(%s)", [number], reason=WHY)
        return not free
    try:
        # Without O_CREAT: asking leaves no file behind.
        lock = os.open(_file(name), os.O_RDWR)
    except OSError:
        return False
    try:
        # Shared, so that two who ask at once do not take each other for the worker.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


@contextmanager
def _session_lock(name: str) -> Iterator[None]:
    number, until = _number(name), time.monotonic() + PATIENCE_S
    while True:
        [(mine,)] = raw_sql.run("SELECT pg_try_advisory_lock(%s)", [number], reason=WHY)
        if mine:
            break
        if time.monotonic() > until:
            raise _busy()
        time.sleep(STEP_S)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a lost session has no lock
            raw_sql.run("SELECT pg_advisory_unlock(%s)", [number], reason=WHY)


def _number(name: str) -> int:
    digest = hashlib.sha256(f"linli-running-{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _busy() -> Refused:
    return Refused("running.already", _("另一个进程正在处理"), hint=_("请刷新页面查看进度"))
