"""One community with a building of dwellings, and the scopes of those who work there."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from linli.core.actions import writes_allowed
from linli.core.chinese.search import index_text
from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number
from linli.core.scope import Scope, system_scope, use_scope
from linli.register.people.actions import register_person
from linli.register.people.models import Person
from linli.register.places.models import Dwelling, Place
from linli.register.posts.models import Post, User
from linli.register.posts.seat_changes import seats_changed

TOWN = "330212007/"
YINJIA, OTHER = f"{TOWN}330212007009/", f"{TOWN}330212007010/"
TODAY = date(2026, 11, 23)


@contextmanager
def by_the_system() -> Iterator[None]:
    """Set rows up, or look at all of them."""
    with system_scope("set up a test"), writes_allowed("set up a test"):
        yield


def a_place(kind: str, name: str, path: str, parent: Place | None) -> Place:
    above = parent.address if parent and parent.kind not in ("subdistrict", "community") else ""
    address = name if kind in ("subdistrict", "community") else above + name
    return Place.objects.create(
        kind=kind,
        name=name,
        path=path,
        scope_path=path,
        parent=parent,
        address=address,
        search_text=index_text(address),
    )


@dataclass
class Neighbourhood:
    """殷家社区 with 东方丽都3幢 and, next door, 潘火社区 with one dwelling."""

    town: Place
    community: Place
    other: Place
    homes: list[Place] = field(default_factory=list)
    elsewhere: Place | None = None


def a_neighbourhood(doors: int = 6) -> Neighbourhood:
    with by_the_system():
        town = a_place("subdistrict", "潘火街道", TOWN, None)
        ours = a_place("community", "殷家社区", YINJIA, town)
        theirs = a_place("community", "潘火社区", OTHER, town)
        estate = a_place("estate", "东方丽都", f"{YINJIA}001/", ours)
        neighbourhood = Neighbourhood(town, ours, theirs)
        building = a_place("building", "3幢", f"{estate.path}001/", estate)
        neighbourhood.homes = [_home(building, f"{n}01", n) for n in range(1, doors + 1)]
        away = a_place("building", "9幢", f"{OTHER}001/", theirs)
        neighbourhood.elsewhere = _home(away, "101", 1)
    return neighbourhood


def _home(building: Place, door: str, floor: int) -> Place:
    path = f"{building.path}{floor:03d}/"
    home = a_place("dwelling", f"{door}室", path, building)
    Dwelling.objects.create(place=home, building=building, door=door, floor=floor, scope_path=path)
    return home


@functools.cache
def _hash() -> str:
    """A password hash is slow to make, as it should be; one for all tests is enough."""
    return make_password("shi-jian-2026")


def a_user(username: str, role: str, place: Place, **post: Any) -> User:
    """Somebody with a post."""
    with by_the_system():
        user = User.objects.create(username=username, password=_hash(), name=f"用户{username}")
        Post.objects.create(
            user=user,
            role=role,
            place=place,
            scope_path=place.path,
            **{"from_date": date(2026, 1, 1), **post},
        )
        seats_changed(place.path, by=None)  # as an appointment does
    return user


@contextmanager
def working_as(role: str, path: str = YINJIA, user: User | None = None) -> Iterator[Scope]:
    """Be in a post of this role at this place."""
    scope = Scope((path,), role, "", user.pk if user else None)
    with use_scope(scope):
        yield scope


def an_identity_number(birth: date, sequence: int = 12) -> str:
    return make_identity_number(DEMONSTRATION_DIVISION, birth, sequence)


def someone(home: Place, name: str = "虞阿香", **facts: Any) -> Person:
    """Register somebody as a community worker would."""
    given = {"household": None, "source": "visit", "confirmed_on": date(2026, 10, 1), "by": None}
    given |= {key: facts.pop(key) for key in list(facts) if key in given}
    return register_person(dwelling=home, facts={"name": name, **facts}, **given)
