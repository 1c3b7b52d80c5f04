"""A database that moves to another address: closed to writing here, opened there when all is equal.

The mark ``moved`` goes along with the rows, so neither of the two is served before the end: the old
one because it has moved, the new one because not everything has been compared. Triggers on every
table close the old one also to a program that is still running.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from linli.core.database import backup, marks, raw_sql
from linli.core.errors import Refused
from linli.core.models import InstallationMark
from linli.core.storage import MOVED

MARK = "moved"
LONGEST = 64
PREFIX = "moved_"
KINDS = ("INSERT", "UPDATE", "DELETE")
HERE = "这里"


def close_for(where: str) -> None:
    """Close this database to every write, for good or until ``open_again``."""
    raw_sql.change_shape(connection, _closing())
    marks.keep(MARK, where[:LONGEST] or HERE)


def open_again() -> None:
    """Let people work here again."""
    raw_sql.change_shape(connection, _opening())
    marks.drop(MARK)


def moved_to() -> str:
    """Return where the data has moved or moves to; "" if they are at home here."""
    return marks.values().get(MARK, "") if marks.can_have_values() else ""


def refuse_moved() -> None:
    """Refuse to work on data that live elsewhere now, or have not wholly arrived here."""
    if where := moved_to():
        raise Refused(
            "database.moved",
            f"这里的数据正在搬到或已经搬到：{where}",
            hint="已经搬完：把 DATABASE_URL 设成新的地址。"
            "没有搬完：再运行一次 linli move-database。"
            "要回到这里工作：linli move-database --undo（搬走以后在新库里填的，这里没有）",
        )


def _tables() -> list[str]:
    # The mark itself is taken away again.
    return [one.name for one in backup.tables() if one.name != InstallationMark._meta.db_table]


def _closing() -> list[str]:
    statements = _opening()
    if connection.vendor == "sqlite":
        return statements + [
            f'CREATE TRIGGER "{PREFIX}{table}_{kind.lower()}" BEFORE {kind} ON "{table}"'
            f" BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
            for table in _tables()
            for kind in KINDS
        ]
    # The code of a database that may only be read, for which every face has words.
    statements.append(
        f"CREATE FUNCTION {PREFIX}away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{MOVED}' USING ERRCODE = 'read_only_sql_transaction'; END $$"
    )
    return statements + [
        f'CREATE TRIGGER "{PREFIX}{table}" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE'
        f' ON "{table}" EXECUTE FUNCTION {PREFIX}away()'
        for table in _tables()
    ]


def _opening() -> list[str]:
    if connection.vendor == "postgresql":
        return [f"DROP FUNCTION IF EXISTS {PREFIX}away() CASCADE"]
    found: list[tuple[Any, ...]] = raw_sql.run(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 6) = %s",
        [PREFIX],
        reason="which triggers close a database that moved",
    )
    return [f'DROP TRIGGER "{name}"' for (name,) in found]
