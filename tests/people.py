"""The cast and the builders that every story shares: a subdistrict, its people, its posts.

``a_subdistrict()`` is built through the product's own actions; ``a_person(home, aged=92)`` moves
somebody in; ``a_user("secretary", place)`` holds a post; ``working_as(role, path)`` is a scope.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.places.actions import building_spec
from linli.register.places.bulk import Spec, create_tree
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from tests.residents.world import a_user, by_the_system, someone, working_as

__all__ = ["Subdistrict", "a_person", "a_subdistrict", "a_user", "by_the_system", "working_as"]


@dataclass
class Subdistrict:
    """潘火街道: 殷家社区 with 东方丽都 (two grids, 1幢 and 2幢 in the first), 潘火社区 with 9幢."""

    town: Place
    community: Place
    next_community: Place
    estate: Place
    grids: list[Place] = field(default_factory=list)
    buildings: dict[str, Place] = field(default_factory=dict)

    def building(self, number: str) -> Place:
        """Return a building by its number."""
        return self.buildings[number]

    def home(self, building: str, door: str) -> Place:
        """Return a dwelling: home("1", "101")."""
        with system_scope("test"):
            place: Place = Place.objects.get(
                kind="dwelling",
                dwelling_facts__building=self.buildings[building],
                dwelling_facts__door=door,
            )
            return place


def a_subdistrict(*, floors: int = 3, doors: int = 2) -> Subdistrict:
    """Build the subdistrict of every story."""
    with system_scope("set up a test"):
        with by_the_system():
            path = "330212007/"
            town = Place.objects.create(
                kind="subdistrict",
                name="潘火街道",
                code="330212007",
                path=path,
                scope_path=path,
                address="潘火街道",
            )

        def building(number: str) -> Spec:
            return building_spec(f"{number}幢", floors, doors, 1, {})

        grids = (
            Spec(PlaceKind.GRID, "第1网格", [building("1"), building("2")]),
            Spec(PlaceKind.GRID, "第2网格"),
        )
        estate = Spec(PlaceKind.ESTATE, "东方丽都", grids)
        tree = create_tree(
            parent=town,
            by=None,
            specs=[
                Spec(PlaceKind.COMMUNITY, "殷家社区", [estate], code="330212007009"),
                Spec(PlaceKind.COMMUNITY, "潘火社区", [building("9")], code="330212007010"),
            ],
        )
        made = {
            place.name: place for _spec, place in tree.places if place.kind != PlaceKind.DWELLING
        }
    return Subdistrict(
        town,
        made["殷家社区"],
        made["潘火社区"],
        made["东方丽都"],
        [made["第1网格"], made["第2网格"]],
        {number: made[f"{number}幢"] for number in ("1", "2", "9")},
    )


def a_person(home: Place, name: str = "虞阿香", *, aged: int | None = None, **facts: Any) -> Person:
    """Register somebody at a dwelling, so many years old today."""
    if aged is not None:
        day = today()
        facts.setdefault("birth_date", date(day.year - aged, 1, 1))
    with system_scope("set up a test"):
        fresh = Place.objects.get(pk=home.pk)
        return someone(fresh, name, **facts)
