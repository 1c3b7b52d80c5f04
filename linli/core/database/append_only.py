"""Append-only tables: what a row says is neither changed nor removed, on either database.

A model names what may never change in ``append_only``, and what may only be emptied, all of it
once, in ``may_be_redacted``: the last of those columns says by what, and a check of the model's
own says what empty means. The triggers guard against mistakes and
against somebody who has only the product's own rights; who owns the database can take them down,
and is then found by the seals.
"""

from __future__ import annotations

from linli.core.scope import ScopedModel

PREFIX = "linli_kept_"


def _columns(model: type[ScopedModel], declared: str = "append_only") -> list[str]:
    names = getattr(model, declared, ())
    return [f'"{model._meta.get_field(name).column}"' for name in names]  # type: ignore[union-attr]


def _forbidden(model: type[ScopedModel], differs: str) -> str:
    """Return the condition under which a change of a row is refused."""
    forbidden = _changed(_columns(model), differs)
    if emptied := _columns(model, "may_be_redacted"):
        by = emptied[-1]
        forbidden += (
            f" OR (({_changed(emptied, differs)})"
            f" AND NOT (OLD.{by} IS NULL AND NEW.{by} IS NOT NULL))"
        )
    return forbidden


def _changed(columns: list[str], differs: str) -> str:
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def _message(table: str) -> str:
    return f"linli: {table} is append-only"


def for_sqlite(model: type[ScopedModel]) -> list[str]:
    """Return the two triggers of an append-only table for SQLite."""
    table = model._meta.db_table
    if not _columns(model):
        return []
    # IS NOT and IS DISTINCT FROM: with <> a change from or to NULL would go unseen.
    changed = _forbidden(model, "IS NOT")
    body = f"BEGIN SELECT RAISE(ABORT, '{_message(table)}'); END"
    return [
        f'CREATE TRIGGER "{PREFIX}{table}_update" BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN {changed} {body}",
        f'CREATE TRIGGER "{PREFIX}{table}_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {body}',
    ]


def for_postgresql(model: type[ScopedModel]) -> list[str]:
    """Return function and triggers of an append-only table for PostgreSQL."""
    table = model._meta.db_table
    if not _columns(model):
        return []
    changed = _forbidden(model, "IS DISTINCT FROM")
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
