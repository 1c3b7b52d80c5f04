"""Append-only tables: what a row says is neither changed nor removed, on either database.

A model names what may never change in ``append_only``. The triggers guard against mistakes and
against somebody who has only the product's own rights; who owns the database can take them down,
and is then found by the seals.
"""

from __future__ import annotations

from linli.core.scope import ScopedModel

PREFIX = "linli_kept_"


def _columns(model: type[ScopedModel]) -> list[str]:
    names = getattr(model, "append_only", ())
    return [f'"{model._meta.get_field(name).column}"' for name in names]  # type: ignore[union-attr]


def _message(table: str) -> str:
    return f"linli: {table} is append-only"


def for_sqlite(model: type[ScopedModel]) -> list[str]:
    """Return the two triggers of an append-only table for SQLite."""
    table, columns = model._meta.db_table, _columns(model)
    if not columns:
        return []
    # IS NOT and IS DISTINCT FROM: with <> a change from or to NULL would go unseen.
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    body = f"BEGIN SELECT RAISE(ABORT, '{_message(table)}'); END"
    return [
        f'CREATE TRIGGER "{PREFIX}{table}_update" BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN {changed} {body}",
        f'CREATE TRIGGER "{PREFIX}{table}_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {body}',
    ]


def for_postgresql(model: type[ScopedModel]) -> list[str]:
    """Return function and triggers of an append-only table for PostgreSQL."""
    table, columns = model._meta.db_table, _columns(model)
    if not columns:
        return []
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    call = f'EXECUTE FUNCTION "{PREFIX}{table}"()'
    return [
        f'CREATE OR REPLACE FUNCTION "{PREFIX}{table}"() RETURNS trigger LANGUAGE plpgsql'
        f" AS $body$ BEGIN RAISE EXCEPTION USING ERRCODE = 'check_violation',"
        f" MESSAGE = '{_message(table)}'; END $body$",
        f'CREATE TRIGGER "{PREFIX}{table}_update" BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN ({changed}) {call}",
        f'CREATE TRIGGER "{PREFIX}{table}_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {call}',
        # TRUNCATE, which SQLite does not have, fires no trigger of single rows.
        f'CREATE TRIGGER "{PREFIX}{table}_truncate" BEFORE TRUNCATE ON "{table}"'
        f" FOR EACH STATEMENT {call}",
    ]
