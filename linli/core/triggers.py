"""Triggers on both databases: a row lies where the row it points at lies.

They are made from the registry after every migration rather than by a migration of their own, so
that a new capability's table is held without an edit here and a changed ``follows`` takes effect
at once. SQLite rebuilds tables when it alters them and would stumble over triggers, so they are
taken down before a migration and put up after it; ``linli check`` counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.core.scope import ScopedModel

PREFIX = "linli_path_"


@dataclass(frozen=True)
class Tie:
    """The path of ``table`` hangs on the path of the row that ``column`` points at."""

    table: str
    column: str
    target: str
    target_key: str
    follows: str

    def broken(self, row: str, *, like: str) -> str:
        """Return the SQL condition that the row ``row`` breaks this tie."""
        fits = "above.scope_path = {row}.scope_path" if self.follows == "equal" else like
        return (
            f'{row}."{self.column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{self.target}"'
            f' AS above WHERE above."{self.target_key}" = {row}."{self.column}"'
            f" AND {fits.format(row=row)})"
        )


def ties(model: type[ScopedModel]) -> list[Tie]:
    """Return the ties of one model: its keys to scoped rows that are not declared free."""
    found = []
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        follows = getattr(field, "follows", "free")
        if follows != "free" and isinstance(target, type) and issubclass(target, ScopedModel):
            key = field.target_field.column  # type: ignore[attr-defined]
            table, column = model._meta.db_table, str(field.column)
            found.append(Tie(table, column, target._meta.db_table, key, follows))
    return found


BELOW = {
    "sqlite": "substr({row}.scope_path, 1, length(above.scope_path)) = above.scope_path",
    "postgresql": "starts_with({row}.scope_path, above.scope_path)",
}
SHAPE = {
    "sqlite": "NEW.scope_path NOT GLOB '*/'",
    "postgresql": "fresh.scope_path NOT LIKE '%/'",
}


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
    made = [
        f'CREATE OR REPLACE FUNCTION "{PREFIX}{table}"() RETURNS trigger LANGUAGE plpgsql'
        f" SECURITY DEFINER AS $body$ BEGIN {body} RETURN NULL; END $body$"
    ]
    for verb in ("insert", "update"):
        made.append(
            f'CREATE TRIGGER "{PREFIX}{table}_{verb}" AFTER {verb.upper()} ON "{table}"'
            f" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
            f' EXECUTE FUNCTION "{PREFIX}{table}"()'
        )
    return made


def wanted(connection: Any) -> list[str]:
    """Return the names of all triggers that should be there."""
    from linli.core import raw_sql

    tables = [model._meta.db_table for model in raw_sql.scoped_tables(connection)]
    return sorted(f"{PREFIX}{table}_{verb}" for table in tables for verb in ("insert", "update"))


def present(connection: Any) -> dict[str, str]:
    """Return the triggers that are there, by name, with their tables."""
    from linli.core import raw_sql

    sql = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        f" AND name LIKE '{PREFIX}%'",
        "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON tgrelid ="
        f" pg_class.oid WHERE tgname LIKE '{PREFIX}%'",
    }[connection.vendor]
    return dict(raw_sql.run(sql, reason="which triggers are there"))


def take_down(connection: Any) -> None:
    """Remove every trigger of ours."""
    from linli.core import raw_sql

    on = ' ON "{1}"' if connection.vendor == "postgresql" else ""
    raw_sql.change_shape(
        connection,
        [('DROP TRIGGER "{0}"' + on).format(*one) for one in present(connection).items()],
    )


def put_up(connection: Any) -> None:
    """Make every trigger anew."""
    from linli.core import raw_sql

    take_down(connection)
    make = for_sqlite if connection.vendor == "sqlite" else for_postgresql
    raw_sql.change_shape(
        connection, [one for model in raw_sql.scoped_tables(connection) for one in make(model)]
    )


def misplaced(connection: Any) -> dict[str, int]:
    """Count the rows that break a tie: a moved place whose people were left behind, say."""
    from linli.core import raw_sql, row_security

    found = {}
    for model in raw_sql.scoped_tables(connection):
        for tie in ties(model):
            sql = (
                f'SELECT count(*) FROM "{tie.table}" AS mine'
                f" WHERE {tie.broken('mine', like=BELOW[connection.vendor])}"
            )
            with row_security.as_owner():
                number = raw_sql.run(sql, reason="does every row lie where it belongs")[0][0]
            if number:
                found[f"{tie.table}.{tie.column}"] = int(number)
    return found
