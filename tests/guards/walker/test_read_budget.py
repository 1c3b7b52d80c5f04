"""Whoever stands in an answer stands on the account of who read it, at every address.

Each person of the walk has a name of their own. Every address is opened by every role; the names
that stand in the body, the headers or the file of an answer must be in the table of the reader.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

from linli.core.personal_data import loaded_people
from linli.faces.web import read_guard
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.read_budget import actions
from linli.workbench.read_budget.models import ReadPerson
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.test_questions import a_token
from tests.guards.walker.town import POSTS, Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, everything_said, is_walked, is_whole
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db]

BY_DAY = ("secretary", "grid_worker")
ROLES = [
    post if post in BY_DAY else pytest.param(post, marks=pytest.mark.nightly)
    for post in POSTS
    if post not in ("leaver", "nobody")
]
# What a page of a person shows, asked with words in the address: the walk itself asks none.
ASKED = (
    "/people/?q=青鸾",
    "/ask/?q=60岁以上的居民",
    "/ask/?s=household",
    "/places/?q=青鸾",
    "/api/v1/people?search=青鸾",
    "/notices/write/?q=60岁以上的居民",
)
# A route → why a name in its answer is on nobody's account.
NOT_READ: dict[str, str] = {}


@pytest.fixture
def walk() -> Walk:
    """The town, each of whose people has a name that stands nowhere else."""
    made = a_walk()
    with by_the_system():
        for area, letter in zip(made.areas.values(), "甲乙丙丁", strict=True):
            for number, person in enumerate(area.persons):
                person.name = f"呼延{letter}{'天地人'[number]}"
                Person.objects.filter(pk=person.pk).update(
                    name=person.name, name_pinyin="huyan", name_initials="hy"
                )
    for address in addresses():
        plan(address, made)
    return made


def names(walk: Walk) -> dict[int, str]:
    return {person.pk: person.name for area in walk.areas.values() for person in area.persons}


def unnoted(walk: Walk, user: User, said: str) -> list[str]:
    """Return who stands in an answer and on no account of this user."""
    noted = set(ReadPerson.objects.filter(user=user).values_list("person", flat=True))
    return [name for pk, name in names(walk).items() if name in said and pk not in noted]


def walked(walk: Walk, role: str, *, stop_at_first: bool = False) -> tuple[list[str], int]:
    """Open every address; return whose names are on no account, and how many answers had names."""
    user, walker = walk.users[role], Walker(walk.users[role])
    wrong, seen = [], 0
    # By day each of two walks a half.
    share = BY_DAY.index(role) if role in BY_DAY else 0
    asked = [
        (address.route, path)
        for address in addresses()
        if stop_at_first or role not in BY_DAY or is_walked(address.route, share)
        for area, path, _methods in plan(address, walk)
        if area in ("", "ours")
    ]
    asked += [(path, quote(path, safe="/?=&")) for path in ASKED]
    for route, path in asked:
        ways = ("GET", "POST") if route.startswith("forms/") else ("GET",)
        for method in ways:
            with transaction.atomic():  # every address begins with an empty account
                ReadPerson.objects.filter(user=user).delete()
            said = everything_said(walker.ask(method, path))
            seen += any(name in said for name in names(walk).values())
            found = unnoted(walk, user, said) if route not in NOT_READ else []
            wrong += [f"{role} {method} {path}: {found}"] if found else []
            if wrong and stop_at_first:
                return wrong, seen
    return wrong, seen


@pytest.mark.parametrize("role", ROLES)
def test_whoever_stands_in_an_answer_is_on_the_readers_account(walk: Walk, role: str) -> None:
    wrong, seen = walked(walk, role)
    assert not wrong, "\n".join(wrong)
    least = 20 if is_whole() else 10
    assert seen > least or role not in BY_DAY  # a walk past closed doors would prove nothing


@pytest.mark.parametrize("role", BY_DAY)
def test_whoever_stands_on_a_list_for_programs_is_on_the_account(walk: Walk, role: str) -> None:
    said = Client().post(
        "/api/v1/conditions/list",
        json.dumps({"sentence": "60岁以上的居民", "limit": 100}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {a_token(walk, role)}"},
    )
    text = everything_said(said)  # type: ignore[arg-type]
    assert any(name in text for name in names(walk).values())
    assert not unnoted(walk, walk.users[role], text)


def test_negative_control_without_noting_names_are_on_no_account(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "bounded", lambda scope: None)
    wrong, _seen = walked(walk, "secretary", stop_at_first=True)
    assert wrong


def test_a_page_that_forgets_its_people_is_caught_by_the_last_look(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard and its own negative control, at a page that notes nobody itself."""
    from linli.capabilities.residents.pages import household

    monkeypatch.setattr(household, "note_read", lambda *_given, **_more: None)
    user, ours = walk.users["secretary"], walk.areas["ours"]
    path = f"/households/{ours.household.pk}/"
    said = everything_said(Walker(user).ask("GET", path))
    assert "呼延甲天" in said
    assert not unnoted(walk, user, said)
    ReadPerson.objects.all().delete()
    monkeypatch.setattr(read_guard, "_note_the_rest", lambda *_given: None)
    assert unnoted(walk, user, everything_said(Walker(user).ask("GET", path)))
    assert loaded_people.watched() is None
