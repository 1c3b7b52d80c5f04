"""A migrated database, made once and copied: running every migration takes ten seconds.

The copy lies in ``var/tests`` under a name made of everything that shapes the tables. Migrating
still runs after it was copied and finds nothing left to do, so a stale copy cannot hide anything.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.sqlite3.creation import DatabaseCreation

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "tests"
IN_MEMORY = "file:linli?mode=memory&cache=shared&worker=main"
SHAPES = (
    "requirements/run.txt",
    "linli/**/migrations/*.py",
    "linli/**/models.py",
    "linli/**/models/*.py",
    "linli/core/**/*.py",
)
_kept: list[sqlite3.Connection] = []  # a database in memory lives while somebody is connected


@cache
def copy() -> Path:
    """Return where the copy lies, or is to lie."""
    digest = hashlib.sha256()
    for shape in SHAPES:
        for file in sorted(ROOT.glob(shape)):
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return FOLDER / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use_the_copy() -> None:
    """Let test databases in memory begin as the copy, and the first of them make it."""
    create, begin = DatabaseCreation.create_test_db, DatabaseCreation._create_test_db

    def begin_as_the_copy(self: Any, *args: Any, **kwargs: Any) -> str:
        name = begin(self, *args, **kwargs)
        if copy().is_file() and self.is_in_memory_db(name):
            memory = sqlite3.connect(name, uri=True)
            with sqlite3.connect(copy()) as kept:
                kept.backup(memory)
            kept.close()
            _kept.append(memory)
        return name

    def create_and_keep(self: Any, *args: Any, **kwargs: Any) -> str:
        with _one_at_a_time():
            name = create(self, *args, **kwargs)
            if not copy().is_file():
                _keep()
        return name

    DatabaseCreation._create_test_db = begin_as_the_copy
    DatabaseCreation.create_test_db = create_and_keep


def _keep() -> None:
    for old in FOLDER.glob("migrated-*"):
        old.unlink()
    begun = copy().with_suffix(f".{os.getpid()}")
    with sqlite3.connect(begun) as file:
        connection.connection.backup(file)
    file.close()
    begun.replace(copy())


def migrate() -> None:
    """Migrate the embedded database of this process's settings, which does not exist yet."""
    from django.conf import settings
    from django.core.management import call_command

    if copy().is_file():
        shutil.copyfile(copy(), settings.DATABASES["default"]["NAME"])
    call_command("migrate", verbosity=0)
