"""Rehearsing a restore: the part that runs in the scratch installation, in a process of its own.

Its settings name a data folder and a database that are thrown away afterwards. Nothing is sent from
there: no worker runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from linli.core.database import backup, raw_sql
from linli.core.database.row_security import as_owner
from linli.core.errors import Refused
from linli.core.personal_data import sealed_values
from linli.core.scope import system_scope
from linli.faces.cli import health
from linli.register.people.models import Person
from linli.workbench.journal import hash_chain

BEGUN = "begun"  # in the scratch folder: the database was found empty, and is ours to empty
REASON = "the scratch database of a rehearsal"

# What `linli check` asks of data, wherever it lies; the rest is about a machine.
OF_THE_DATA: tuple[Callable[[], health.Finding], ...] = (
    health.database,
    health.key_marks,
    health.keys_fit,
    health.database_guards,
    health.placement,
    health.journal,
)


def rehearse(file: Path) -> dict[str, Any]:
    """Restore a file into this empty installation, look at all of it, and tell what was found."""
    if there := _tables():
        hint = "--database 要给一个空的数据库：演练以后会清空它"
        raise Refused("rehearsal.not_empty", f"演练用的数据库里已有 {len(there)} 张表", hint=hint)
    (settings.DATA_DIR / BEGUN).touch(mode=0o600)
    compared = backup.restore(file)
    findings = [question() for question in OF_THE_DATA]
    with system_scope("linli rehearse-restore"):
        people = Person.objects.count()
    return {
        "rows": sum(after.rows for _before, after in compared),
        "tables": len(compared),
        "people": people,
        "journal": hash_chain.length_and_head()[0],
        "sealed": sealed_values.look_at_all().seen,
        "bad": [f"{one.what}：{one.sentence}" for one in findings if one.state == "bad"],
    }


def clear() -> None:
    """Empty a server's database after the rehearsal that had found it empty."""
    if connection.vendor == "sqlite" or not (settings.DATA_DIR / BEGUN).exists():
        return
    with as_owner():
        _drop_everything()


def _drop_everything() -> None:
    for table in _tables():
        raw_sql.run(f'DROP TABLE IF EXISTS "{table}" CASCADE', reason=REASON)
    functions = raw_sql.run(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE pronamespace = current_schema()::regnamespace AND proowner = current_user::regrole"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')",
        reason=REASON,
    )
    for (function,) in functions:
        raw_sql.run(f"DROP ROUTINE IF EXISTS {function} CASCADE", reason=REASON)


def _tables() -> list[str]:
    return list(connection.introspection.table_names())
