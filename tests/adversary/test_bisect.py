"""A masked value cannot be asked out: two worlds that differ in it answer alike at every door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adversary import doors
from tests.adversary.worlds import ROLES, Try, a_town, an_attacker, what_differs

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

BY_DAY = ("property_manager", "grid_worker")
SOME = [one if one in BY_DAY else pytest.param(one, marks=pytest.mark.nightly) for one in ROLES]


def oracles(role: str, tries: Iterator[Try]) -> list[str]:
    return what_differs(an_attacker(TOWN[0], role), list(tries))


TOWN = []


@pytest.fixture(autouse=True)
def town(db: None):
    TOWN[:] = [a_town()]
    return TOWN[0]


@pytest.mark.parametrize("role", ROLES)
def test_conditions(role, town):
    found = oracles(role, doors.programs(town, role))
    assert not found, f"{len(found)}\n" + "\n".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_pages(role, town):
    found = oracles(role, doors.pages(town, role))
    assert not found, f"{len(found)}\n" + "\n".join(found)


@pytest.mark.nightly
@pytest.mark.parametrize("role", ROLES)
def test_addresses(role, town):
    from tests.adversary import spraying
    found = oracles(role, spraying.in_addresses(spraying.open_paths(town), role))
    assert not found, f"{len(found)}\n" + "\n".join(found)


@pytest.mark.nightly
@pytest.mark.parametrize("role", ROLES)
def test_forms(role, town):
    from tests.adversary import spraying
    who = an_attacker(town, role)
    said = [*spraying.SEARCHED[:1], spraying.SEARCHED[4], "1941-02-07", *spraying.SENTENCES[:5:2], *[text for s, text, t in spraying.texts(role) if s == "person"][:12:3]]
    from tests.adversary.worlds import what_differs
    found = what_differs(who, list(spraying.in_forms(who, spraying.open_paths(town), said)))
    assert not found, f"{len(found)}\n" + "\n".join(found)
