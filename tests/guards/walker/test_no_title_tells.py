"""No name, number or task of a condition reaches who may not ask it: role × every address.

What an alert, a saved list, a plan, a canvass, a form, a notice, an own field or a journal entry is
called says as much as its answer. Each carries a word; the word is looked for in every body,
header, feed and file that a post can reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from linli.capabilities.alerts.queries import record_of, rules_here
from linli.core.actions import writes_allowed
from linli.core.interface import registry
from linli.core.scope import system_scope
from linli.register.posts.models import Post
from tests.guards.walker.canary_conditions import (
    CARE_WORD,
    HAS_PHONE,
    LAST_SEEN,
    MASKED_WORD,
    NEEDS_CARE,
    keep_conditions,
)
from tests.guards.walker.fills import filled
from tests.guards.walker.town import Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, everything_said
from tests.residents.world import working_as

# A walk is some hundred pages: on a machine that does much else it takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True), pytest.mark.timeout(900)]

SEES_NO_CARE = ("property_manager", "micro_grid_lead", "auditor", "leaver", "nobody")
GIVES_CARE = ("grid_worker", "community_worker", "secretary", "subdistrict_officer")
# About the product itself, the same for everybody; and what residents reach without an account.
OPEN_TO_ALL = ("account/", "sign-in/", "patterns/", "static/", "healthz/", "open311/", "felt/")
TYPED = f"{CARE_WORD}随访"
BY_DAY = ("property_manager", "grid_worker")


def by_night(roles: tuple[str, ...]) -> list[Any]:
    return [r if r in BY_DAY else pytest.param(r, marks=pytest.mark.nightly) for r in roles]


@pytest.fixture
def walk() -> Walk:
    return a_walk()


def ways(walk: Walk) -> Iterator[str]:
    """Every address as it leads to the canaries, and every record by its journal."""
    for address in addresses():
        if address.route.startswith(OPEN_TO_ALL):
            continue
        arguments = dict(address.arguments)
        for values in filled(address.route, arguments, walk, "ours")[:2]:
            yield address.path(values)
    for label in registry._records:
        model = apps.get_model(label)
        with system_scope("test: what there is"):
            keys = list(model.objects.order_by("-pk").values_list("pk", flat=True)[:3])
        for pk in keys:
            yield f"/journal/about/{label}/{pk}/"
    yield from (
        "/whistles/?over=1",
        "/calendar/?month=2026-12",
        "/calendar/?whose=mine&month=2026-12",
        "/ask/more/?s=person",
        "/ask/columns/?s=person",
        f"/ask/?q={TYPED}",
        "/api/v1/fields?subject=person",
        "/api/v1/reports?limit=50",
        "/places/?q=青鸾",
        "/people/?q=青鸾",
    )


def feed_of(walk: Walk, role: str) -> list[str]:
    """The addresses of two feeds of this role's own post."""
    from linli.capabilities.calendar.models import Feed
    from linli.capabilities.calendar.queries import index_of

    found = []
    with system_scope("test"), writes_allowed("test"):
        post = Post.objects.filter(user=walk.users[role]).first()
        for covers in ("post", "place") if post is not None else ():
            facts = {"post": post, "covers": covers, "name": "手机"}
            Feed.objects.get_or_create(
                token_index=index_of(covers + role),
                defaults={**facts, "scope_path": post.scope_path},
            )
            found.append(f"/cal/{covers}{role}.ics")
    return found


def told(walk: Walk, role: str, words: list[str], *, only: tuple[str, ...] = ("/",)) -> list[str]:
    """Read what a role can reach, all or what begins so; return where one of the words stands."""
    walker, found = Walker(walk.users.get(role)), []
    for path in [*dict.fromkeys(ways(walk)), *feed_of(walk, role)]:
        if not path.startswith(only):
            continue
        said = everything_said(walker.ask("GET", path)).replace("\r\n ", "")
        # What was typed into an address comes back in its page.
        said = said.replace(TYPED, "") if TYPED in path else said
        found += [f"{role} {path}: {word}" for word in words if word in said]
    assert not walker.crashes, walker.crashes
    return found


@pytest.mark.parametrize("role", by_night(SEES_NO_CARE))
def test_who_sees_no_care_meets_no_word_of_it(walk: Walk, role: str) -> None:
    keep_conditions(walk, CARE_WORD, NEEDS_CARE)
    assert told(walk, role, [CARE_WORD, LAST_SEEN.isoformat()]) == []


@pytest.mark.parametrize("role", by_night(GIVES_CARE))
def test_nobody_meets_the_name_of_a_condition_on_what_is_covered(walk: Walk, role: str) -> None:
    keep_conditions(walk, MASKED_WORD, HAS_PHONE)
    assert told(walk, role, [MASKED_WORD]) == []


def test_who_gives_care_finds_them(walk: Walk) -> None:
    """The walk gets somewhere: the same addresses say it all to a grid worker."""
    keep_conditions(walk, CARE_WORD, NEEDS_CARE)
    starts = (
        "/whistles/",
        "/ask/saved/",
        "/canvasses/",
        "/visits/plans/",
        "/tasks/",
        "/own-fields/",
        "/calendar/",
        "/forms/",
        "/journal/about/",
        "/api/v1/reports",
        "/api/v1/fields",
    )
    found = told(walk, "grid_worker", [CARE_WORD], only=starts)
    silent = [start for start in starts if not any(f" {start}" in one for one in found)]
    assert not silent


@pytest.mark.parametrize(
    ("door", "broken", "only"),
    [
        ("linli.workbench.conditions.disclosure.may_ask", lambda *_a: True, "/whistles/"),
        ("linli.workbench.conditions.disclosure.may_know", lambda *_a, **_k: True, "/ask/saved/"),
        ("linli.workbench.conditions.pages.is_known", lambda *_a: True, "/own-fields/"),
        ("linli.core.interface.registry._record_may", {}, "/journal/about/"),
        ("linli.workbench.tasks.kinds._withheld", {}, "/tasks/"),
        ("linli.workbench.journal.queries.gives_care", lambda: True, "/journal/about/"),
    ],
)
def test_each_guard_taken_away_lets_the_word_through(
    walk: Walk, door: str, broken: Any, only: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative controls: without one of the guards the manager meets the word."""
    keep_conditions(walk, CARE_WORD, NEEDS_CARE)
    assert not told(walk, "property_manager", [CARE_WORD], only=(only,))
    monkeypatch.setattr(door, broken)
    if door.endswith("may_know"):
        monkeypatch.setattr("linli.capabilities.reports.queries.may_know", broken)
    assert told(walk, "property_manager", [CARE_WORD], only=(only,))


def test_the_command_line_lists_no_rule_that_tells(walk: Walk) -> None:
    """What ``linli alerts list`` reads, with its counts."""
    keep_conditions(walk, CARE_WORD, NEEDS_CARE)
    path = walk.areas["ours"].grid.path
    for role, names in (("property_manager", []), ("grid_worker", [f"{CARE_WORD}grid_worker"])):
        with working_as(role, path, walk.users[role]):
            found = list(rules_here())
            assert [one.name for one in found if one.name.endswith("grid_worker")] == names
            assert bool(record_of(found)) == bool(names)
