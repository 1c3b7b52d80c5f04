"""A million residents on PostgreSQL: one subdistrict, many times over."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from bench.measuring import Section, alternating_ms, once_s
from bench.questions import typical

RESIDENTS = 1_000_000
APART = 10_000_000
LIMIT = 1.3


def measure() -> Section:
    """Build, copy, ask."""
    from tests import postgres

    people = int(os.environ["BENCH_PEOPLE"])
    os.environ["DATABASE_URL"] = postgres.url().replace("/linli?", "/postgres?")
    os.environ["LINLI_DATA"] += "-postgres"
    command = [sys.executable, "-m", "linli.faces.cli.main", "demo", "--no-serve"]
    subprocess.run([*command, "--people", str(people)], check=True, stdout=sys.stderr)
    import django

    django.setup()
    return _asked(people)


def _asked(people: int) -> Section:
    from linli.core.database import raw_sql, row_security
    from linli.core.scope import system_scope
    from linli.core.time import today
    from linli.workbench.conditions import queries

    with row_security.as_owner():
        seconds, _ = once_s(lambda: _copy(_copies(people)))
    section = Section(f"{people * (_copies(people) + 1):,} residents on PostgreSQL (a whole city)")
    section.add(f"copying the subdistrict {_copies(people)} times", seconds, "s")
    with system_scope("bench: a million residents"):
        for one in typical(today(), "330212007/330212007009/", scoped=False):
            if "殷家" in one.sentence:
                continue  # many communities have that name here
            condition = queries.ask(one.sentence).condition

            def by_hand(sql: str) -> list[Any]:
                return raw_sql.run(sql, reason="bench: the expert's SQL")

            ours, theirs = queries.count(condition), by_hand(one.count_sql)[0][0]
            if ours != theirs:
                section.add(f"{one.sentence}: NOT EQUAL, {ours} and {theirs}", 1, "", limit=0)
                continue
            mine, hand = alternating_ms(
                lambda asked=condition: queries.count(asked),
                lambda sql=one.count_sql: by_hand(sql),
                rounds=5,
            )
            section.add(f"count: {one.sentence} ({ours:,})", mine, "ms", "SQL by hand", hand, LIMIT)
            mine, hand = alternating_ms(
                lambda asked=condition: queries.rows(asked, limit=50),
                lambda of=one: (by_hand(of.count_sql), by_hand(of.list_sql)),
                rounds=5,
            )
            section.add(f"list: {one.sentence}", mine, "ms", "SQL by hand", hand, LIMIT)
    return section


def _copies(people: int) -> int:
    return max(1, round(RESIDENTS / people) - 1)


def _copy(copies: int) -> None:
    from django.db import transaction

    from linli.core.database import raw_sql
    from linli.register.people.models import Household, Person
    from linli.register.places.models import Building, Dwelling, Place

    for copy in range(1, copies + 1):
        with transaction.atomic():
            for model in (Place, Building, Dwelling, Household, Person):
                raw_sql.run(_copied(model, copy), reason="bench: a city of ten subdistricts")
    raw_sql.run("ANALYZE", reason="bench: the planner knows the city")


def _copied(model: Any, copy: int) -> str:
    """Return the statement that copies a table's first subdistrict under another root."""
    from linli.core.scope import ScopedModel

    columns, values = [], []
    for field in model._meta.concrete_fields:
        name = f'"{field.column}"'
        target = field.related_model
        value = name
        if field.column == "head_id" or (target and not issubclass(target, ScopedModel)):
            value = "NULL"
        elif field.primary_key or target:
            value = f"{name} + {copy * APART}"
        elif field.column in ("path", "scope_path"):
            value = f"'99000000{copy}' || substr({name}, 10)"
        elif field.column in ("identity_index", "code"):
            value = "''"
        columns.append(name)
        values.append(value)
    table = f'"{model._meta.db_table}"'
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"
        " WHERE scope_path >= '330212007/' AND scope_path < '3302120070'"
    )
