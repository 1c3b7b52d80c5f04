"""The watch on every connection: whose SQL it is, whether it may write, and in whose scope.

Every statement on one of the product's tables must come from the ORM or from ``raw_sql``, and every
change of a row must come from an action. The watch is an execute wrapper on each connection.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.sql import compiler as sql_compiler

from linli.core.actions import WriteOutsideAction, is_action_running
from linli.core.database import raw_sql, row_security, triggers
from linli.core.scope import RawSqlRefused, is_guard_off, scoped_models

_WRITE = re.compile(r"\s*(?:EXPLAIN\s+)?(INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY|TRUNCATE)\b", re.I)
_LOOKS_AT_STRUCTURE = re.compile(r"\s*PRAGMA\b", re.I)
# Statements about transactions and whole databases touch no row: they need not be told a scope.
_NO_ROWS = re.compile(
    r"\s*(SAVEPOINT|RELEASE|ROLLBACK|COMMIT|BEGIN|SET|(CREATE|DROP)\s+DATABASE)\b", re.I
)
_TARGET = re.compile(r'(?:INTO|UPDATE|FROM|COPY|TRUNCATE|TABLE)\s+"?([A-Za-z_0-9]+)', re.I)
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_tables: dict[str, frozenset[str]] = {}


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
    # Before that nobody can say which tables are scoped.
    if apps.models_ready:
        where, text = raw_sql.current_origin(), sql if isinstance(sql, str) else str(sql)
        if not where and not _LOOKS_AT_STRUCTURE.match(text) and not is_guard_off():
            _refuse_unknown(text)
        # SQL with a reason may write without an action; a guard lists who gives one.
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
        with raw_sql.origin(raw_sql.current_origin() or mark):
            return original(*args, **kwargs)

    setattr(owner, name, run_marked)


def _set_aside_when_emptied() -> None:
    """Let ``flush`` empty the append-only tables too: it empties the whole database."""
    original = BaseDatabaseOperations.execute_sql_flush

    def run(self: Any, sql_list: Any) -> None:
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
