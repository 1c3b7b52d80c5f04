"""A masked value cannot be asked out: two worlds that differ in it answer alike at every door.

Whatever tells the two worlds apart is an oracle: with it a birth date falls in 17 questions.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.adversary import doors, spraying, trying
from tests.adversary.worlds import ROLES, Town, Try, a_town, an_attacker, what_differs

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True)]

# By day every thirty-second try of two roles; by night all of all roles.
BY_DAY = ("property_manager", "grid_worker")
SOME = [
    *((one, 32) for one in BY_DAY),
    *(
        pytest.param(role, 1, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)])
        for role in ROLES
    ),
]
MAY_SEND = ("grid_worker", "community_worker", "secretary", "subdistrict_officer")
MAY_IMPORT = ("community_worker", "secretary", "subdistrict_officer")


@pytest.fixture
def town(db: None) -> Town:
    return a_town()


def oracles(town: Town, role: str, *tries: Iterator[Try]) -> str:
    """Return what tells the two worlds apart, as lines."""
    every = [one for some in tries for one in some]
    assert every
    found = what_differs(an_attacker(town, role), every)
    return "\n".join([f"{len(found)} of {len(every)}", *found]) if found else ""


def some_of(tries: Iterator[Try], step: int) -> Iterator[Try]:
    """Return every so manieth try."""
    return itertools.islice(tries, 0, None, step)


@pytest.mark.parametrize(("role", "step"), SOME)
def test_programs_learn_nothing_masked(town: Town, role: str, step: int) -> None:
    found = oracles(town, role, some_of(doors.programs(town, role), step))
    assert not found, found


@pytest.mark.parametrize(
    ("role", "step"),
    [("property_manager", 8), *(pytest.param(one, 1, marks=pytest.mark.nightly) for one in ROLES)],
)
def test_no_page_looks_different(town: Town, role: str, step: int) -> None:
    found = oracles(town, role, some_of(doors.pages(town, role), step))
    assert not found, found


@pytest.mark.parametrize(("role", "step"), SOME)
def test_questions_and_searches_learn_nothing_masked(town: Town, role: str, step: int) -> None:
    paths = ["/ask/", "/people/", "/api/v1/people"]
    found = oracles(town, role, some_of(spraying.in_addresses(paths, role, every=False), step))
    assert not found, found


@pytest.mark.parametrize(
    ("role", "step"),
    [("secretary", 32), *(pytest.param(one, 1, marks=pytest.mark.nightly) for one in MAY_SEND)],
)
def test_what_is_kept_and_run_later_learns_nothing_masked(town: Town, role: str, step: int) -> None:
    tries = itertools.chain(trying.rules_tried(role), trying.conditions_kept(role))
    found = oracles(town, role, some_of(tries, step))
    assert not found, found


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(one, marks=pytest.mark.nightly) if one != "community_worker" else one
        for one in MAY_IMPORT
    ],
)
def test_a_list_of_guesses_is_told_nothing(town: Town, role: str) -> None:
    found = oracles(town, role, trying.lists_of_guesses(role), trying.people_added(role))
    assert not found, found


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
def test_no_address_listens_to_a_guess(town: Town, role: str) -> None:
    found = oracles(town, role, spraying.in_addresses(spraying.open_paths(town), role))
    assert not found, found


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
def test_no_box_of_any_form_listens_to_a_guess(town: Town, role: str) -> None:
    told = [text for subject, text, _ in spraying.texts(role) if subject == "person"]
    said = [*spraying.SEARCHED[:5:4], "1941-02-07", *spraying.SENTENCES[:6:2], *told[:12:3]]
    who = an_attacker(town, role)
    tries = list(spraying.in_forms(who, spraying.open_paths(town), said))
    found = what_differs(who, tries)
    assert not found, "\n".join(found)


# ── the negative control ──


def test_with_covered_values_answered_the_worlds_are_told_apart(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.workbench.conditions import access

    monkeypatch.setattr(access, "may_be_asked", lambda **_: True)
    some = itertools.islice(doors.programs(town, "grid_worker"), 12)
    assert "birth_date" in oracles(town, "grid_worker", some)
