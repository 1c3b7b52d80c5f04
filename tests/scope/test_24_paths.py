"""Nothing leaks: every access path answers as if the neighbours' rows did not exist.

The oracle is simple: ask with our community alone, add the neighbours, ask again. With the guard
on nothing may change; with the guard off something must (that is each path's negative control).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models

from linli.core.scope import (
    NoScope,
    RawSqlRefused,
    guard_switched_off_for_negative_control,
    scoped_models,
    use_scope,
)
from linli.register.places.models import Place
from tests.scope.read_paths import READS, REFUSED
from tests.scope.world import CANARY, OURS, THEIRS, a_community, a_town, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# Nothing to see with the guard off either: these show that nothing is there to be seen.
SAME_EITHER_WAY = {"explained"}
# The guard being off, a read across scopes needs nobody's leave and finds the neighbours' rows;
# with nobody's rows in the first world it finds fewer.


def plain(answer: Any) -> str:
    """Write an answer down so that two can be compared."""
    if isinstance(answer, models.QuerySet):
        answer = list(answer)

    def word(thing: Any) -> Any:
        if isinstance(thing, models.Model):
            return {f.attname: thing.__dict__.get(f.attname) for f in thing._meta.concrete_fields}
        return str(thing)

    if isinstance(answer, dict):
        answer = {str(key): value for key, value in answer.items()}
    return json.dumps(answer, default=word, ensure_ascii=False)


def two_answers(read: Callable[[Any], Any]) -> tuple[str, str]:
    """Ask with our community alone and again beside the neighbours."""
    town = a_town()
    ours = a_community(town, OURS, "殷家", 3)

    def ask() -> str:
        with use_scope(scope_of(ours)):
            try:
                return plain(read(ours))
            except (NoScope, RawSqlRefused) as no:
                return f"refused: {type(no).__name__}"

    alone = ask()
    a_community(town, THEIRS, CANARY, 5)
    return alone, ask()


def skip_what_this_database_has_not(name: str) -> None:
    if name == "people_distinct_on" and connection.vendor != "postgresql":
        pytest.skip("DISTINCT ON is PostgreSQL's")


@pytest.mark.parametrize("name", sorted(READS))
def test_the_neighbours_change_no_answer(name: str) -> None:
    skip_what_this_database_has_not(name)
    alone, beside = two_answers(READS[name])
    assert beside == alone
    assert CANARY not in beside
    assert not beside.startswith("refused")


@pytest.mark.parametrize("name", sorted(set(READS) - SAME_EITHER_WAY))
def test_without_the_guard_they_would(name: str) -> None:
    skip_what_this_database_has_not(name)
    with guard_switched_off_for_negative_control():
        alone, beside = two_answers(READS[name])
    assert beside != alone


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_closed_ways_are_closed(name: str) -> None:
    alone, beside = two_answers(REFUSED[name])
    assert alone.startswith("refused")
    assert beside == alone


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_without_the_guard_they_would_lead_out(name: str) -> None:
    with guard_switched_off_for_negative_control():
        alone, beside = two_answers(REFUSED[name])
    assert beside != alone


def test_the_places_above_are_named_and_nothing_else_of_theirs_is() -> None:
    """A grid worker reads the names above the grid, and counts nobody across them."""
    town = a_town()
    ours = a_community(town, OURS, "殷家", 3)
    a_community(town, THEIRS, CANARY, 5)
    with use_scope(scope_of(f"{OURS}001/")):
        names = list(Place.objects.filter(kind__in=["subdistrict", "community"]).values("name"))
        assert [n["name"] for n in names] == ["潘火街道", "殷家社区"]
        counted = Place.objects.filter(pk=town.pk).annotate(n=models.Count("posts"))
        assert counted.get().n == 0, "posts of the community lie above the grid's own range"
        assert ours.person.home.parent.parent.parent.name == "殷家社区"


def test_there_are_more_paths_than_promised() -> None:
    assert len(READS) + len(REFUSED) >= 24


@pytest.mark.parametrize("model", scoped_models(), ids=lambda model: model._meta.label)
def test_every_scoped_table_asks_for_its_range(model: type[models.Model]) -> None:
    """A new scoped table needs no line here: its plain list names our range, and no other."""
    with use_scope(scope_of(OURS)):
        _, asked = model._default_manager.all().query.sql_with_params()
        assert {OURS, f"{OURS[:-1]}0"} <= set(asked)
    with guard_switched_off_for_negative_control():
        _, asked = model._default_manager.all().query.sql_with_params()
        assert OURS not in asked
