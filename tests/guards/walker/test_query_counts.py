"""How many questions a page asks the database: written down, and the same for many rows.

``LINLI_RECORD=1 pytest tests/guards/walker/test_query_counts.py`` writes the list anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.places.models import Place
from tests.guards.source import HERE
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.town import TOWN, Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, is_walked
from tests.scope.world import a_neighbourhood, a_place, by_the_system

pytestmark = [pytest.mark.django_db]

RECORD = HERE / "query_counts.json"
# Opened by day too as a subdistrict with few communities and with many, and how often at most each
# asks; by night all pages about no one row are.
OVERVIEWS = ("", "ask/", "ask/cross/", "visits/figures/")
MOST_OF_AN_OVERVIEW = 40
SPARE = 1  # a cache that is cold in one order of tests and warm in another


@contextmanager
def counted() -> Iterator[list[str]]:
    """Count the statements that reach the database, without those about savepoints."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def counts(walk: Walk) -> dict[str, int]:
    """Open the pages that a secretary can open; return its number of questions by its route."""
    walker, found = Walker(walk.users["secretary"]), {}
    for address in addresses():  # every canary object is there before anybody walks
        plan(address, walk)
    for address in addresses():
        if not (os.environ.get("LINLI_RECORD") or is_walked(address.route, 0, 3)):
            continue
        for area, path, _ in plan(address, walk):
            if area not in ("", "ours"):
                continue
            walker.ask("GET", path)  # warm
            with counted() as asked:
                answer = walker.ask("GET", path)
            if answer.status_code == 200:
                found[address.route] = len(asked)
    return found


def counts_of_overviews(walk: Walk, only: tuple[str, ...] = ()) -> dict[str, int]:
    """Open pages about no one row as the subdistrict does, which sees every community."""
    walker, found = Walker(walk.users["subdistrict_officer"]), {}
    for address in addresses():
        is_overview = not address.arguments and not address.route.startswith(("account/", "api/"))
        wanted = only or OVERVIEWS
        is_asked = address.route in wanted or (not only and is_walked(address.route, 0, 6))
        if not (is_overview and is_asked):
            continue
        path = address.path({})
        walker.ask("GET", path)  # warm
        with counted() as asked:
            answer = walker.ask("GET", path)
        if answer.status_code == 200:
            found[address.route] = len(asked)
    return found


def many_more_communities(walk: Walk, more: int = 2) -> None:
    """Let the town have more communities, each with a grid and people."""
    with by_the_system():
        town = Place.objects.get(path=TOWN)
        for n in range(more):
            path = f"{TOWN}33021200705{n}/"
            community = a_place("community", f"社区{n}", path, town)
            grid = a_place("grid", f"鹤{n}网格", f"{path}001/", community)
            a_neighbourhood(community, grid, f"鹤{n}", 3, anchor=grid)


def many_more_people(walk: Walk) -> None:
    """Let the household of the walk have guests."""
    ours = walk.areas["ours"]
    with by_the_system():
        Person.objects.bulk_create(
            Person(
                name=f"青鸾客{n}",
                home=ours.home,
                household=ours.household,
                birth_date=date(1950, 1, 1),
                scope_path=ours.home.path,
            )
            for n in range(12)
        )
    with system_scope("test"):
        assert Person.objects.count() > 12


def test_pages_ask_as_often_as_written_down_however_many_rows_there_are() -> None:
    walk = a_walk()
    few = counts(walk)
    many_more_people(walk)
    many = counts(walk)
    growing = {route: (few[route], n) for route, n in many.items() if n > few.get(route, n) + SPARE}
    assert not growing, f"asks more often for more rows: {growing}"
    if os.environ.get("LINLI_RECORD"):
        RECORD.write_text(json.dumps(few, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    new = sorted(set(few) - set(recorded))
    assert not new, f"{__doc__}\nnot written down: {new}"
    more = {r: (recorded[r], n) for r, n in few.items() if n > recorded[r] + SPARE}
    assert not more, f"asks more often than written down: {more}"


def test_an_overview_asks_as_often_however_many_communities_there_are() -> None:
    walk = a_walk()
    for address in addresses():
        plan(address, walk)
    few = counts_of_overviews(walk)
    many_more_communities(walk)
    many = counts_of_overviews(walk)
    growing = {route: (few[route], n) for route, n in many.items() if n > few.get(route, n) + SPARE}
    assert not growing, f"asks more often for more communities: {growing}"
    assert set(OVERVIEWS) <= set(many)
    over = {route: many[route] for route in OVERVIEWS if many[route] > MOST_OF_AN_OVERVIEW}
    assert not over, f"asks more than {MOST_OF_AN_OVERVIEW} times: {over}"


def test_a_question_that_names_every_community_asks_as_often_as_one_that_names_one() -> None:
    walk = a_walk()
    many_more_communities(walk)
    walker = Walker(walk.users["subdistrict_officer"])
    named = ["社区009", "社区010", "社区0", "社区1"]
    asks = []
    for some in (named[:1], named):
        path = "/ask/?" + urlencode({"c": "社区属于" + "、".join(some)})
        walker.ask("GET", path)  # warm
        with counted() as asked:
            assert walker.ask("GET", path).status_code == 200
        asks.append(len(asked))
    assert asks[1] <= min(asks[0] + SPARE, MOST_OF_AN_OVERVIEW), asks


def test_a_question_for_each_community_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the rows of the cross-tab named one by one grow with communities."""
    from linli.workbench.conditions import places, queries

    monkeypatch.setattr(queries, "name_together", lambda paths: None)
    monkeypatch.setattr(places, "FEW_OF", frozenset())
    walk = a_walk()
    few = counts_of_overviews(walk, ("ask/cross/",))["ask/cross/"]
    many_more_communities(walk)
    assert counts_of_overviews(walk, ("ask/cross/",))["ask/cross/"] > few + SPARE


def test_a_question_for_each_row_is_found() -> None:
    """The negative control: reading each person's home one by one grows with the rows."""
    walk = a_walk()

    def one_by_one() -> int:
        with system_scope("test"), counted() as asked:
            for person in Person.objects.all():
                assert person.home.name
        return len(asked)

    few = one_by_one()
    many_more_people(walk)
    assert one_by_one() > few + SPARE
