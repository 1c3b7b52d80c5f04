"""A connection to the embedded database is kept from request to request, but never a wrong one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import connections
from django.db.utils import ConnectionHandler, DatabaseError

from linli.core.runtime import environment
from linli.core.sqlite.base import DatabaseWrapper

DJANGOS = "django.db.backends.sqlite3"


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    with django_db_blocker.unblock():
        yield a_database(tmp_path / "linli.sqlite3", "before")


def a_database(file: Path, *words: str) -> Path:
    with sqlite3.connect(file) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE word (word TEXT)")
        made.executemany("INSERT INTO word VALUES (?)", [[word] for word in words])
    made.close()
    return file


def connected(file: Path, engine: str = "") -> Any:
    """Return a connection as one thread of the server has it."""
    given = environment.database(f"sqlite:///{file}", file.parent)
    return ConnectionHandler({"default": given | ({"ENGINE": engine} if engine else {})})["default"]


def words(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM word")
        return [row[0] for row in cursor.fetchall()]


def a_request_ends(connection: Any) -> None:
    connection.close_if_unusable_or_obsolete()


def test_the_next_request_finds_it_open(file: Path) -> None:
    connection = connected(file)
    words(connection)
    before = connection.connection
    a_request_ends(connection)
    a_request_ends(connection)
    assert words(connection) == ["before"]
    assert connection.connection is before


@pytest.mark.parametrize("how", ["moved over it", "deleted and made anew"])
def test_another_file_in_its_place_is_noticed(file: Path, how: str) -> None:
    connection, djangos = connected(file), connected(file, DJANGOS)
    assert words(connection) == words(djangos) == ["before"]
    if how == "moved over it":
        a_database(file.with_name("restored"), "after").replace(file)
    else:
        for ending in ("", "-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        a_database(file, "after")
    for one in (connection, djangos):
        a_request_ends(one)
    assert words(connection) == ["after"]
    assert words(djangos) == ["before"], "Django's own would go on with the file that is gone"
    djangos.close()


def test_letting_the_old_file_go_leaves_the_log_of_the_new_one(file: Path) -> None:
    connection = connected(file)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO word VALUES ('in the log of the old file')")
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink()
    a_database(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("INSERT INTO word VALUES ('in the log of the new file')")
    log = Path(f"{file}-wal")
    assert log.stat().st_size
    a_request_ends(connection)
    assert connection.connection is None
    assert log.stat().st_size, "the new file's log is still there"
    assert words(connection) == ["in the log of the new file"]
    other.close()


def test_after_an_error_it_is_opened_anew(file: Path) -> None:
    connection = connected(file)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    a_request_ends(connection)
    assert connection.connection is None
    assert words(connection) == ["before"]


def test_after_a_request_that_failed_it_is_opened_anew(file: Path, monkeypatch: Any) -> None:
    connection = connected(file)
    monkeypatch.setattr(connections, "all", lambda **_: [connection])
    words(connection)
    got_request_exception.send(sender=None, request=None)
    a_request_ends(connection)
    assert connection.connection is None


def test_what_was_left_half_read_does_not_keep_the_log_from_being_folded(file: Path) -> None:
    with sqlite3.connect(file) as filled:
        filled.executemany("INSERT INTO word VALUES (?)", [["word" * 500]] * 200)
    filled.close()
    writer = sqlite3.connect(file, timeout=0, isolation_level=None)
    for connection, is_busy in ((connected(file), 0), (connected(file, DJANGOS), 1)):
        left = connection.cursor()
        left.execute("SELECT word FROM word")
        left.fetchone()
        a_request_ends(connection)
        writer.execute("INSERT INTO word VALUES (?)", [f"later {is_busy}"])
        busy, *_pages = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == is_busy, type(connection)
        assert (f"later {is_busy}" in words(connection)) == (not is_busy), (
            "and the next request sees it"
        )
        connection.close()
    writer.close()


def test_the_product_uses_it() -> None:
    given = environment.database("", Path())
    assert given["ENGINE"] == DatabaseWrapper.__module__.removesuffix(".base")
    assert given["CONN_MAX_AGE"] == environment.KEPT_SECONDS > 0


def test_as_many_processes_answer_as_there_are_cores(monkeypatch: Any) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2})
    assert environment.web_workers() == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(64)))
    assert environment.web_workers() == environment.MOST_BY_ITSELF
    monkeypatch.setenv("LINLI_WORKERS", "7")
    assert environment.web_workers() == 7
    for wrong in ("0", "-1", "many", "33"):
        monkeypatch.setenv("LINLI_WORKERS", wrong)
        with pytest.raises(environment.BadSetting):
            environment.web_workers()
