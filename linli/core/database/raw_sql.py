"""The one door for hand-written SQL: every statement says why; ``sql_watch`` sees to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from linli.core.scope import ScopedModel, scoped_models

_known_origin: ContextVar[str] = ContextVar("linli_sql_origin", default="")


def current_origin() -> str:
    """Return where the SQL that is about to run comes from, "" when nobody said."""
    return _known_origin.get()


@contextmanager
def origin(name: str) -> Iterator[None]:
    """Mark the SQL inside the block as coming from ``name``."""
    token = _known_origin.set(name)
    try:
        yield
    finally:
        _known_origin.reset(token)


def run(sql: str, params: Sequence[Any] = (), *, reason: str) -> list[tuple[Any, ...]]:
    """Run hand-written SQL for a stated reason; return its rows, if any."""
    with origin(reason), connection.cursor() as cursor:
        # None and not (): with an empty sequence a % in the statement would be a placeholder.
        cursor.execute(sql, params or None)
        return list(cursor.fetchall()) if cursor.description else []


def run_many(sql: str, rows: Sequence[Sequence[Any]], *, reason: str) -> None:
    """Run one hand-written statement for many rows."""
    with origin(reason), connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def first_row(connection: Any, sql: str, params: Any = None, *, reason: str) -> tuple[Any, ...]:
    """Return the first row of an answer, asked past the watch for a stated reason.

    By the driver's own cursor: Django's calls the watch, which would ask the same again before it
    knows role and scope.
    """
    with origin(reason), connection.wrap_database_errors, connection.connection.cursor() as cursor:
        return tuple(cursor.execute(sql, params).fetchone())


def announced_process(connection: Any) -> int:
    """Return the number that PostgreSQL gave the client to cancel by; a pooler makes one up."""
    return int(connection.connection.info.backend_pid)


def write_file_anew() -> bool:
    """Write SQLite's file anew and empty its log, so that freed pages keep nothing; is it done?

    It is not while somebody still reads from the log, or within a transaction. PostgreSQL gives
    freed space back by itself, and a database in memory has no file.
    """
    if connection.vendor != "sqlite" or "memory" in str(connection.settings_dict["NAME"]):
        return True
    if connection.in_atomic_block:
        return False
    run("VACUUM", reason="deleted rows leave the file")
    busy = run("PRAGMA wal_checkpoint(TRUNCATE)", reason="deleted rows leave the log")
    return not busy or busy[0][0] == 0


def change_shape(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    """Run statements that change the shape of the database, as its owner, all or none."""
    with (
        transaction.atomic(using=connection.alias),
        origin("schema"),
        connection.cursor() as cursor,
    ):
        for statement in statements:
            cursor.execute(statement)


def columns_of(table: str) -> set[str]:
    """Return the columns that a table has in the database now; none if there is no such table."""
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return set()
        described = connection.introspection.get_table_description(cursor, table)
    return {column.name for column in described}


def scoped_tables(connection: BaseDatabaseWrapper) -> list[type[ScopedModel]]:
    """Return the scoped models whose tables have been made already."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    return [model for model in scoped_models() if model._meta.db_table in there]
