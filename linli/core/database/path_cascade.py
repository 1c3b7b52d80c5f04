"""The other side of the ties: whoever moves a row takes along what hangs on it, before the commit.

A grid is moved first and its people after it, so this can only be asked at the end of the
transaction. PostgreSQL has deferred constraint triggers. SQLite has deferred foreign keys: each
row left behind is written down as a debt to a row that never exists, and moving it pays the debt;
a commit with unpaid debts is refused.
"""

from __future__ import annotations

from linli.core.database.path_dependencies import BELOW, Tie, ties
from linli.core.scope import ScopedModel

PREFIX = "linli_left_"
DEBTS, NOTHING = "linli_path_debt", "linli_nothing"


def ties_to(models: list[type[ScopedModel]]) -> dict[str, list[Tie]]:
    """Return the ties by the table that they point at."""
    by_target: dict[str, list[Tie]] = {}
    for model in models:
        for tie in ties(model):
            by_target.setdefault(tie.target, []).append(tie)
    return by_target


def for_sqlite(models: list[type[ScopedModel]]) -> list[str]:
    """Return the table of debts and the triggers that run up and pay them."""
    statements = [
        f'CREATE TABLE IF NOT EXISTS "{NOTHING}" (id INTEGER PRIMARY KEY)',
        f'CREATE TABLE IF NOT EXISTS "{DEBTS}" ("table" TEXT NOT NULL, row INTEGER NOT NULL,'
        f' never INTEGER NOT NULL REFERENCES "{NOTHING}"(id) DEFERRABLE INITIALLY DEFERRED)',
    ]
    for target, own in ties_to(models).items():
        debts = " ".join(
            f'INSERT INTO "{DEBTS}" SELECT \'{tie.table}\', left_.rowid, 1 FROM "{tie.table}"'
            f' AS left_ WHERE left_."{tie.column}" = NEW."{tie.target_key}"'
            f" AND NOT ({_fits(tie, 'sqlite')});"
            for tie in own
        )
        statements.append(
            f'CREATE TRIGGER "{PREFIX}{target}" AFTER UPDATE OF scope_path ON "{target}"'
            f" WHEN OLD.scope_path <> NEW.scope_path BEGIN {debts} END"
        )
    for model in models:
        if ties(model):
            statements += _paying(model._meta.db_table)
    return statements


def _paying(table: str) -> list[str]:
    pays = f'DELETE FROM "{DEBTS}" WHERE "table" = \'{table}\' AND row ='
    return [
        f'CREATE TRIGGER "{PREFIX}{table}_moved" AFTER UPDATE OF scope_path ON "{table}"'
        f" BEGIN {pays} NEW.rowid; END",
        f'CREATE TRIGGER "{PREFIX}{table}_gone" AFTER DELETE ON "{table}"'
        f" BEGIN {pays} OLD.rowid; END",
    ]


def _fits(tie: Tie, vendor: str) -> str:
    if tie.follows == "equal":
        return "left_.scope_path = NEW.scope_path"
    return BELOW[vendor].replace("above.", "NEW.").format(row="left_")


def for_postgresql(models: list[type[ScopedModel]]) -> list[str]:
    """Return functions and deferred constraint triggers; they look at the row as it is by then."""
    statements = []
    for target, own in ties_to(models).items():
        checks = " ".join(
            f'IF EXISTS (SELECT 1 FROM "{tie.table}" AS left_ WHERE left_."{tie.column}" ='
            f' NEW."{tie.target_key}" AND {tie.broken("left_", like=BELOW["postgresql"])})'
            f" THEN RAISE EXCEPTION USING ERRCODE = 'check_violation',"
            f" MESSAGE = 'linli: {tie.table} was left behind'; END IF;"
            for tie in own
        )
        statements += [
            f'CREATE OR REPLACE FUNCTION "{PREFIX}{target}"() RETURNS trigger LANGUAGE plpgsql'
            # As the owner: what was left behind may lie outside the scope of whoever moves.
            f" SECURITY DEFINER AS $body$ BEGIN {checks} RETURN NULL; END $body$",
            f'CREATE CONSTRAINT TRIGGER "{PREFIX}{target}" AFTER UPDATE ON "{target}"'
            f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN"
            f" (OLD.scope_path IS DISTINCT FROM NEW.scope_path)"
            f' EXECUTE FUNCTION "{PREFIX}{target}"()',
        ]
    return statements
