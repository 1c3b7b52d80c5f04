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
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.sql import compiler as sql_compiler

from linli.core.actions import WriteOutsideAction, is_action_running
from linli.core.scope import RawSqlRefused, scoped_models

_known_origin: ContextVar[str] = ContextVar("linli_sql_origin", default="")
_VERB = re.compile(
    r"\s*(?:EXPLAIN\s+|WITH\s.*?\)\s*)?(SELECT|INSERT|UPDATE|DELETE|REPLACE|COPY)", re.I | re.S
)
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
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []


def run_many(sql: str, rows: Sequence[Sequence[Any]], *, reason: str) -> None:
    """Run one hand-written statement for many rows."""
    with origin(reason), connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _table_names(kind: str) -> frozenset[str]:
    if kind not in _tables:
        models = (
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


def _names(sql: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", sql))


def watch(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse SQL of unknown origin on scoped tables, and writes outside actions."""
    found = _VERB.match(sql) if apps.models_ready else None
    if found:
        verb, where = found.group(1).upper(), _known_origin.get()
        if not where and _names(sql) & _table_names("scoped"):
            raise RawSqlRefused(f"SQL outside the ORM: {sql[:80]}")
        if verb != "SELECT" and where in ("", "orm") and not is_action_running():
            target = re.search(r'(?:INTO|UPDATE|FROM)\s+"?([A-Za-z_0-9]+)', sql, re.I)
            if target and target.group(1) in _table_names("all"):
                raise WriteOutsideAction(f"a write outside an action: {sql[:80]}")
    return execute(sql, params, many, context)


def install_watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Put the watch on a new connection."""
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch)


def _marked(owner: type, name: str, mark: str) -> None:
    original = getattr(owner, name)

    def run_marked(*args: Any, **kwargs: Any) -> Any:
        with origin(_known_origin.get() or mark):
            return original(*args, **kwargs)

    setattr(owner, name, run_marked)


def mark_the_orm() -> None:
    """Teach the ORM's own doors to say where their SQL comes from."""
    _marked(sql_compiler.SQLCompiler, "execute_sql", "orm")
    _marked(sql_compiler.SQLInsertCompiler, "execute_sql", "orm")
    _marked(sql_compiler.SQLUpdateCompiler, "execute_sql", "orm")
    _marked(BaseDatabaseSchemaEditor, "execute", "schema")
    _marked(BaseDatabaseOperations, "execute_sql_flush", "flush")
