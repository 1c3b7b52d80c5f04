"""Where the demonstration's cases happen and who is there: the cast, the places, residents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Reporter
from linli.capabilities.cases.models import Case, Category
from linli.core.scope import Scope, system_scope, use_scope
from linli.demo.invented_cases import Matter
from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.register.posts.terms import Role

Desk = tuple[User, str, str]  # who, in which role, where


@dataclass
class World:
    """Who works where, where things happen, and what has been taken."""

    town: Place
    posts: dict[tuple[str, str], User]
    places: dict[str, list[Place]]
    categories: dict[str, Category]
    parties: dict[str, Party]
    random: Random
    taken: dict[str, Case] = field(default_factory=dict)

    def user(self, role: str, path: str) -> User:
        """Return who holds a post, or the officer of the subdistrict."""
        return self.posts.get((role, path)) or self.posts[Role.SUBDISTRICT_OFFICER, self.town.path]


@contextmanager
def acting(user: User, role: str, path: str) -> Iterator[None]:
    """Do what follows as somebody of the cast, at their post."""
    with use_scope(Scope((path,), role, "", user.pk)):
        yield


def desk_of(matter: Matter, world: World) -> Desk:
    """Return who dispatches there: the secretary of the community, else the subdistrict."""
    community = {"far": "", "town": "", "lifts": LIFT_ESTATE}.get(matter.where, YINJIA)
    path = f"{world.town.path}{community}/" if community else world.town.path
    role = Role.SECRETARY if community else Role.SUBDISTRICT_OFFICER
    return world.posts[role, path], role, path


def set_up(town: Place, random: Random) -> World:
    """Look up who works where, and load the taxonomy."""
    with system_scope("the demonstration's cases: who works where"):
        officer = Post.objects.get(role=Role.SUBDISTRICT_OFFICER).user
        actions.load_taxonomy(place=town, by=officer)
        posts = {
            (post.role, post.scope_path): post.user
            for post in Post.objects.select_related("user")
            if post.user
        }
        return World(
            town,
            posts,
            _places(town),
            {category.code: category for category in Category.objects.all()},
            {party.name: party for party in Party.objects.all()},
            random,
        )


def _places(town: Place) -> dict[str, list[Place]]:
    communities = Place.objects.filter(kind="community", path__startswith=town.path)
    ours, lifts = communities.get(code=YINJIA), communities.get(code=LIFT_ESTATE)
    far = [place for place in communities.order_by("path") if place not in (ours, lifts)]
    grid = Place.objects.filter(kind="grid", path__startswith=ours.path).order_by("path")[0]
    estate = Place.objects.filter(kind="estate", path__startswith=ours.path).order_by("path")[0]
    return {
        "grid": _buildings(grid),
        "estate": _buildings(estate),
        "ours": [ours],
        "lifts": _buildings(lifts),
        "far": far,
        "town": [town],
    }


def _buildings(place: Place) -> list[Place]:
    rows = Place.objects.filter(kind="building", path__startswith=place.path).order_by("path")
    return list(rows[:12]) or [place]


def reporter_of(matter: Matter, place: Place, random: Random) -> Reporter:
    """Return a resident of the building, or somebody who left no name."""
    # Who reports in confidence leaves no name.
    if place.kind != "building" or matter.course == "confidential":
        return Reporter(wants_answer="none" if matter.channel == "phone" else "page")
    people = Person.objects.filter(scope_path__startswith=place.path, status="current")
    chosen = random.choice(list(people.exclude(phone_index="").order_by("pk")[:20]) or [None])
    if chosen is None:
        return Reporter()
    wants = "page" if matter.channel == "page" else "phone"
    person = chosen if matter.channel in ("door", "phone") else None
    return Reporter(name=chosen.name, phone=chosen.phone, wants_answer=wants, person=person)
