"""The one module with hand-written SQL, and the watch that keeps it so.

Every statement on one of the product's tables must come from the ORM or from ``run`` here, and
every change of a row must come from an action. The watch is an execute wrapper on each connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.sql import compiler as sql_compiler

from linli.core.actions import WriteOutsideAction, is_action_running
from linli.core.database import row_security
from linli.core.scope import RawSqlRefused, ScopedModel, is_guard_off, scoped_models

_known_origin: ContextVar[str] = ContextVar("linli_sql_origin", default="")
_WRITE = re.compile(r"\s*(?:EXPLAIN\s+)?(INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY|TRUNCATE)\b", re.I)
_LOOKS_AT_STRUCTURE = re.compile(r"\s*PRAGMA\b", re.I)
# Statements about transactions and whole databases touch no row: they need not be told a scope.
_NO_ROWS = re.compile(
    r"\s*(SAVEPOINT|RELEASE|ROLLBACK|COMMIT|BEGIN|SET|(CREATE|DROP)\s+DATABASE)\b", re.I
)
_TARGET = re.compile(r'(?:INTO|UPDATE|FROM|COPY|TRUNCATE|TABLE)\s+"?([A-Za-z_0-9]+)', re.I)
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_tables: dict[str, frozenset[str]] = {}


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
        cursor.execute(sql, params or None)
        return list(cursor.fetchall()) if cursor.description else []


def run_many(sql: str, rows: Sequence[Sequence[Any]], *, reason: str) -> None:
    """Run one hand-written statement for many rows."""
    with origin(reason), connection.cursor() as cursor:
        cursor.executemany(sql, rows)


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


def scoped_tables(connection: BaseDatabaseWrapper) -> list[type[ScopedModel]]:
    """Return the scoped models whose tables have been made already."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    return [model for model in scoped_models() if model._meta.db_table in there]


def _table_names(kind: str) -> frozenset[str]:
    if kind not in _tables:
        models: Sequence[Any] = (
            scoped_models()
            if kind == "scoped"
            else [
                m
                for m in apps.get_models(include_auto_created=True)
                if m.__module__.startswith("linli.") and getattr(m, "writes_are_actions", True)
            ]
        )
        _tables[kind] = frozenset(m._meta.db_table for m in models)
    return _tables[kind]


def watch(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse SQL of unknown origin on scoped tables, and writes outside actions."""
    if apps.models_ready:
        where, text = _known_origin.get(), sql if isinstance(sql, str) else str(sql)
        if not where and not _LOOKS_AT_STRUCTURE.match(text) and not is_guard_off():
            _refuse_unknown(text)
        if where in ("", "orm") and not is_action_running():
            _refuse_write(text)
        if not _NO_ROWS.match(text):
            row_security.set_connection_scope(context["connection"], where)
    return execute(sql, params, many, context)


def _refuse_unknown(sql: str) -> None:
    if not _table_names("scoped").isdisjoint(_WORD.findall(sql)):
        raise RawSqlRefused(f"SQL outside the ORM: {sql[:80]}")


def _refuse_write(sql: str) -> None:
    if _WRITE.match(sql):
        target = _TARGET.search(sql)
        if target and target.group(1) in _table_names("all"):
            raise WriteOutsideAction(f"a write outside an action: {sql[:80]}")


def install_watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Put the watch on a new connection."""
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch)
    row_security.prepare(connection)


def _marked(owner: type, name: str, mark: str) -> None:
    original = getattr(owner, name)

    def run_marked(*args: Any, **kwargs: Any) -> Any:
        with origin(_known_origin.get() or mark):
            return original(*args, **kwargs)

    setattr(owner, name, run_marked)


def _set_aside_when_emptied() -> None:
    """Let ``flush`` empty the append-only tables too: it empties the whole database."""
    original = BaseDatabaseOperations.execute_sql_flush

    def run(self: Any, sql_list: Any) -> None:
        from linli.core.database import triggers

        with triggers.set_aside(self.connection):
            original(self, sql_list)

    BaseDatabaseOperations.execute_sql_flush = run  # type: ignore[method-assign]


def mark_the_orm() -> None:
    """Teach the ORM's own doors to say where their SQL comes from."""
    _marked(sql_compiler.SQLCompiler, "execute_sql", "orm")
    _marked(sql_compiler.SQLInsertCompiler, "execute_sql", "orm")
    _marked(sql_compiler.SQLUpdateCompiler, "execute_sql", "orm")
    _marked(BaseDatabaseSchemaEditor, "execute", "schema")
    _marked(BaseDatabaseOperations, "execute_sql_flush", "flush")
    _set_aside_when_emptied()
