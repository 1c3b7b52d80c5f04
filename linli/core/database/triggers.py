"""Triggers on both databases: a row lies where the row it points at lies.

They are made from the registry after every migration rather than by a migration of their own, so
that a new capability's table is held without an edit here and a changed ``follows`` takes effect
at once. SQLite rebuilds tables when it alters them and would stumble over triggers, so they are
taken down before a migration and put up after it; ``linli check`` counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from linli.core.database import append_only, path_cascade, raw_sql, row_security
from linli.core.database.path_dependencies import BELOW, Tie, ties
from linli.core.scope import ScopedModel

_left_down: ContextVar[bool] = ContextVar("triggers stay down", default=False)
PREFIX = "linli_path_"
OURS = (PREFIX, path_cascade.PREFIX, append_only.PREFIX)

SHAPE = {"sqlite": "NEW.scope_path NOT GLOB '*/'", "postgresql": "fresh.scope_path NOT LIKE '%/'"}


def _message(tie: Tie) -> str:
    return f"linli: {tie.table}.scope_path does not follow {tie.column}"


def for_sqlite(model: type[ScopedModel]) -> list[str]:
    """Return the triggers of one table for SQLite: one before each row."""
    table, own = model._meta.db_table, ties(model)
    checks = [
        f"SELECT RAISE(ABORT, 'linli: {table}.scope_path is no path') WHERE {SHAPE['sqlite']};"
    ]
    checks += [
        f"SELECT RAISE(ABORT, '{_message(tie)}') WHERE {tie.broken('NEW', like=BELOW['sqlite'])};"
        for tie in own
    ]
    columns = ", ".join(['"scope_path"', *(f'"{tie.column}"' for tie in own)])
    body = f'ON "{table}" FOR EACH ROW BEGIN {" ".join(checks)} END'
    return [
        f'CREATE TRIGGER "{PREFIX}{table}_insert" BEFORE INSERT {body}',
        f'CREATE TRIGGER "{PREFIX}{table}_update" BEFORE UPDATE OF {columns} {body}',
    ]


def for_postgresql(model: type[ScopedModel]) -> list[str]:
    """Return function and triggers of one table for PostgreSQL: one look at a whole statement.

    The function works as its owner: the rows pointed at may lie outside the scope.
    """
    table = model._meta.db_table
    shape = f"IF EXISTS (SELECT 1 FROM fresh WHERE {SHAPE['postgresql']}) THEN"
    checks = [(shape, f"linli: {table}.scope_path is no path")]
    checks += [
        (
            f"IF EXISTS (SELECT 1 FROM fresh WHERE"
            f" {tie.broken('fresh', like=BELOW['postgresql'])}) THEN",
            _message(tie),
        )
        for tie in ties(model)
    ]
    body = " ".join(
        f"{test} RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{text}'; END IF;"
        for test, text in checks
    )
    statements = [
        f'CREATE OR REPLACE FUNCTION "{PREFIX}{table}"() RETURNS trigger LANGUAGE plpgsql'
        f" SECURITY DEFINER AS $body$ BEGIN {body} RETURN NULL; END $body$"
    ]
    for verb in ("insert", "update"):
        statements.append(
            f'CREATE TRIGGER "{PREFIX}{table}_{verb}" AFTER {verb.upper()} ON "{table}"'
            # Once for a whole statement, so that bulk loads stay fast.
            f" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
            f' EXECUTE FUNCTION "{PREFIX}{table}"()'
        )
    return statements


def statements(connection: Any) -> list[str]:
    """Return what makes every trigger of the tables that are there."""
    models = raw_sql.scoped_tables(connection)
    if connection.vendor == "sqlite":
        created = [
            statement
            for model in models
            for statement in (*for_sqlite(model), *append_only.for_sqlite(model))
        ]
        return [*created, *path_cascade.for_sqlite(models)]
    created = [
        statement
        for model in models
        for statement in (*for_postgresql(model), *append_only.for_postgresql(model))
    ]
    return [*created, *path_cascade.for_postgresql(models)]


def expected_triggers(connection: Any) -> list[str]:
    """Return the names of all triggers that should be there."""
    named = (re.match(r'CREATE (?:CONSTRAINT )?TRIGGER "(\w+)"', s) for s in statements(connection))
    return sorted(match.group(1) for match in named if match)


def present(connection: Any) -> dict[str, str]:
    """Return the triggers that are there, by name, with their tables."""
    sql = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON tgrelid ="
        " pg_class.oid WHERE NOT tgisinternal",
    }[connection.vendor]
    rows = raw_sql.run(sql, reason="which triggers are there")
    return {name: table for name, table in rows if name.startswith(OURS)}


def take_down(connection: Any, *, only: str = "linli_") -> None:
    """Remove every trigger of ours, or those whose names begin so."""
    present_now = {
        name: table for name, table in present(connection).items() if name.startswith(only)
    }
    on = ' ON "{1}"' if connection.vendor == "postgresql" else ""
    raw_sql.change_shape(
        connection,
        [('DROP TRIGGER "{0}"' + on).format(*trigger) for trigger in present_now.items()],
    )


def put_up(connection: Any) -> None:
    """Make every trigger anew."""
    take_down(connection)
    if _left_down.get():
        return
    raw_sql.change_shape(connection, statements(connection))


@contextmanager
def left_down() -> Iterator[None]:
    """Let them stay down while the tables are of another day; whoever leaves this migrates then."""
    token = _left_down.set(True)
    try:
        yield
    finally:
        _left_down.reset(token)


@contextmanager
def set_aside(connection: Any) -> Iterator[None]:
    """Take down what keeps append-only tables: only while a whole database is emptied."""
    # A database that has no tables yet is flushed too.
    if not any(name.startswith(append_only.PREFIX) for name in present(connection)):
        yield
        return
    take_down(connection, only=append_only.PREFIX)
    try:
        yield
    finally:
        make = (
            append_only.for_sqlite if connection.vendor == "sqlite" else append_only.for_postgresql
        )
        tables = raw_sql.scoped_tables(connection)
        raw_sql.change_shape(
            connection, [statement for model in tables for statement in make(model)]
        )


def misplaced(connection: Any) -> dict[str, int]:
    """Count the rows that break a tie: a moved place whose people were left behind, say."""
    counts = {}
    for model in raw_sql.scoped_tables(connection):
        for tie in ties(model):
            sql = (
                f'SELECT count(*) FROM "{tie.table}" AS mine'
                f" WHERE {tie.broken('mine', like=BELOW[connection.vendor])}"
            )
            with row_security.as_owner():
                number = raw_sql.run(sql, reason="does every row lie where it belongs")[0][0]
            if number:
                counts[f"{tie.table}.{tie.column}"] = int(number)
    return counts
