"""Whoever takes people out in slices, each below its limit, ends at the budget of their role."""

from __future__ import annotations

import pytest

from tests.adversary.harvest import (
    DOORS,
    Door,
    a_crowd,
    a_thief,
    take_all,
    whistle_trials,
    whistles_heard,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True)]

# What a role may read of distinct people in a day.
BUDGET = {
    "property_manager": 100,
    "grid_worker": 300,
    "community_worker": 600,
    "secretary": 1200,
    "subdistrict_officer": 2000,
}
BY_DAY = "property_manager"


@pytest.mark.parametrize(
    "role",
    [one if one == BY_DAY else pytest.param(one, marks=pytest.mark.nightly) for one in BUDGET],
)
def test_slices_through_every_door_end_at_the_budget(role: str) -> None:
    town = a_crowd(696 if BUDGET[role] < 600 else 2400)
    thief = a_thief(town, role)
    gave = take_all(thief)
    assert len(thief.seen) <= BUDGET[role], gave
    assert thief.seen, "somebody who works is shown somebody"


@pytest.mark.nightly
@pytest.mark.parametrize("door", DOORS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("role", ["property_manager", "grid_worker"])
def test_each_door_alone_ends_at_the_budget(role: str, door) -> None:
    town = a_crowd(480)
    thief = a_thief(town, role)
    gave = take_all(thief, [door])
    assert len(thief.seen) <= BUDGET[role], gave


@pytest.mark.parametrize("door", [whistle_trials, whistles_heard], ids=lambda one: one.__name__)
def test_what_rules_would_tell_counts_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a small limit: a rule's trial names twenty people, for as many rules as one writes."""
    from linli.workbench.read_budget import rules

    monkeypatch.setitem(rules.MOST_PEOPLE, "secretary", 20)
    thief = a_thief(a_crowd(96), "secretary")
    gave = take_all(thief, [door])
    assert len(thief.seen) <= 20, gave
