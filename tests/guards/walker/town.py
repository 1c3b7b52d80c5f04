"""A town for the walker: people of every role, and four neighbourhoods with words of their own.

A word of a neighbourhood that lies outside somebody's scope must never reach them, and a number
that is sealed must reach nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.core import fields
from linli.core.personal_data.crypto import blind_index
from linli.register.people.models import Person
from linli.register.posts.models import Post, User
from tests.scope.world import Community, a_neighbourhood, a_place, by_the_system

TOWN, ELSEWHERE = "330212007/", "330212005/"
OUR_COMMUNITY = f"{TOWN}330212007009/"
# name → (community, grid, the word that only its rows carry)
AREAS = {
    "ours": (OUR_COMMUNITY, f"{OUR_COMMUNITY}001/", "青鸾"),
    "next grid": (OUR_COMMUNITY, f"{OUR_COMMUNITY}002/", "白鹭"),
    "next community": (f"{TOWN}330212007010/", f"{TOWN}330212007010/001/", "朱鹮"),
    "next town": (f"{ELSEWHERE}330212005001/", f"{ELSEWHERE}330212005001/001/", "玄鸟"),
}
# role → where the post is held; None: signed in without a post
POSTS: dict[str, tuple[str, str] | None] = {
    "subdistrict_officer": ("subdistrict_officer", TOWN),
    "secretary": ("secretary", OUR_COMMUNITY),
    "community_worker": ("community_worker", OUR_COMMUNITY),
    "grid_worker": ("grid_worker", f"{OUR_COMMUNITY}001/"),
    "micro_grid_lead": ("micro_grid_lead", f"{OUR_COMMUNITY}001/001/"),
    "property_manager": ("property_manager", f"{OUR_COMMUNITY}001/"),
    "auditor": ("auditor", TOWN),
    "leaver": ("secretary", OUR_COMMUNITY),
    "nobody": None,
}
READS_NOTHING = {"auditor", "leaver", "nobody", "anonymous"}


@dataclass
class Walk:
    """The town as the walker needs it."""

    areas: dict[str, Community] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def forbidden(self, role: str) -> list[str]:
        """The words that must not reach this role, and the sealed numbers that reach nobody."""
        mine = POSTS.get(role)
        sees = "" if role in READS_NOTHING or mine is None else mine[1]
        words = [word for _, grid, word in AREAS.values() if not sees or not grid.startswith(sees)]
        if role == "micro_grid_lead":
            words.remove(AREAS["ours"][2])  # it is the building of that grid
        return [*words, *(n for name in AREAS for n in numbers_of(name).values())]

    def sees(self, role: str, area: str) -> bool:
        """Does this role's scope hold the neighbourhood?"""
        return AREAS[area][2] not in self.forbidden(role)

    def object(self, area: str, label: str, make: Callable[[Community], Any]) -> Any:
        """Return the canary object of a model in a neighbourhood, made once."""
        key = (area, label)
        if key not in self.made:
            with by_the_system():
                self.made[key] = make(self.areas[area])
        return self.made[key]


def numbers_of(area: str) -> dict[str, str]:
    """The sealed numbers of the first person of a neighbourhood."""
    n = list(AREAS).index(area)
    return {"phone": f"1395{n}77{n}86{n}", "identity_number": f"33021219350101{n}{n}1X"}


def a_walk() -> Walk:
    """Build the town and its people."""
    walk = Walk()
    with by_the_system():
        towns = {
            path: a_place("subdistrict", name, path, None)
            for path, name in ((TOWN, "潘火街道"), (ELSEWHERE, "福明街道"))
        }
        communities: dict[str, Any] = {}
        for name, (path, grid_path, word) in AREAS.items():
            if path not in communities:
                town = towns[path[: len(TOWN)]]
                communities[path] = a_place("community", f"社区{path[-4:-1]}", path, town)
            community = communities[path]
            grid = a_place("grid", f"{word}网格", grid_path, community)
            walk.areas[name] = a_neighbourhood(community, grid, word, 3, anchor=grid)
            _seal(walk.areas[name].person, name)
        walk.users = {role: _user(role) for role in POSTS}
    return walk


def _seal(person: Person, area: str) -> None:
    numbers = numbers_of(area)
    Person.objects.filter(pk=person.pk).update(
        **numbers,
        phone_index=blind_index(numbers["phone"], "phone"),
        identity_index=blind_index(numbers["identity_number"], "identity"),
    )
    assert fields


def _user(role: str) -> User:
    from linli.register.places.models import Place

    user = User.objects.create(username=f"walker-{role}", name="走查员")
    held = POSTS[role]
    if held is not None:
        Post.objects.create(
            user=user,
            role=held[0],
            place=Place.objects.get(path=held[1]),
            scope_path=held[1],
            from_date=date(2026, 1, 1),
            to_date=date(2026, 1, 2) if role == "leaver" else None,
        )
    return user
