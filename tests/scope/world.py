"""Two communities of one subdistrict: ours, and the neighbours' whose rows must never show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.core.actions import JournalDraft, writes_allowed
from linli.core.scope import Scope, system_scope
from linli.register.facilities.models import Facility
from linli.register.parties.models import Party
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.places.models import Building, Dwelling, Place
from linli.register.posts.models import Post, User
from linli.workbench.journal import hash_chain

TOWN = "330212007/"
OURS, THEIRS = f"{TOWN}330212007009/", f"{TOWN}330212007010/"
CANARY = "金丝雀"


@contextmanager
def by_the_system() -> Iterator[None]:
    """Set rows up, or look at all of them."""
    with system_scope("set up a test"), writes_allowed("set up a test"):
        yield


@dataclass
class Community:
    """The rows of one community, by what they are."""

    path: str
    word: str
    rows: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.rows[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


def a_place(kind: str, name: str, path: str, parent: Place | None, **facts: Any) -> Place:
    return Place.objects.create(
        kind=kind, name=name, path=path, scope_path=path, parent=parent, address=name, **facts
    )


def a_town() -> Place:
    """The subdistrict above both, whose name everybody may read."""
    with by_the_system():
        User.objects.create(username="both", name="两头跑")
        return a_place("subdistrict", "潘火街道", TOWN, None)


def a_community(town: Place, path: str, word: str, people: int) -> Community:
    """Build a community with a grid, a building, a dwelling and ``people`` people."""
    with by_the_system():
        place = a_place("community", f"{word}社区", path, town)
        grid = a_place("grid", f"{word}网格", f"{path}001/", place)
        return a_neighbourhood(place, grid, word, people)


def a_neighbourhood(
    place: Place, grid: Place, word: str, people: int, *, anchor: Place | None = None
) -> Community:
    """Fill a grid: a building, a dwelling, a household, and what hangs on them.

    Post and party stand at ``anchor``, which is the community unless said otherwise.
    """
    community = Community(place.path, word)
    building = a_place("building", f"{word}1幢", f"{grid.path}001/", grid)
    home = a_place("dwelling", f"{word}101室", f"{building.path}001/", building)
    below = {"scope_path": home.path}
    Building.objects.create(place=building, scope_path=building.path, floors=people)
    Dwelling.objects.create(place=home, building=building, door=f"{word}101", floor=people, **below)
    household = Household.objects.create(dwelling=home, number=word[:6], size=people, **below)
    persons = [
        Person.objects.create(
            name=f"{word}{n}",
            name_pinyin=word,
            birth_date=date(1930 + people, 1, n + 1),
            home=home,
            household=household,
            workplace=word,
            **below,
        )
        for n in range(people)
    ]
    first = grid.path == f"{place.path}001/"
    username = place.path.strip("/")[-3:] if first else grid.path[-8:-1].replace("/", "-")
    user = User.objects.create(username=username, name=f"用户{place.path[-4:-1]}")
    community.rows = {
        "place": place,
        "anchor": anchor or place,
        "grid": grid,
        "building": building,
        "home": home,
        "household": household,
        "persons": persons,
        "person": persons[0],
        "user": user,
    }
    _around(community, below)
    return community


def _around(made: Community, below: dict[str, str]) -> None:
    """Add what hangs on people and places: homes, stamps, posts, parties, lifts, journal."""
    word, home = made.word, made.home
    for person in made.persons:
        Residence.objects.create(person=person, dwelling=home, household=made.household, **below)
    made.rows["stamp"] = FactStamp.objects.create(
        person=made.person, field=word, confirmed_on=date(2026, 1, 1), **below
    )
    made.rows["party"] = Party.objects.create(
        name=f"{word}物业", place=made.anchor, scope_path=made.anchor.path
    )
    made.rows["lift"] = Facility.objects.create(
        kind="lift", name=f"{word}电梯", place=home, maintainer=made.party, **below
    )
    made.rows["post"] = Post.objects.create(
        user=made.user,
        role="secretary",
        place=made.anchor,
        title=f"{word}书记",
        from_date=date(2026, 1, 1),
        scope_path=made.anchor.path,
    )
    if made.path == THEIRS:
        both, _ = User.objects.get_or_create(username="both")
        Post.objects.create(
            user=both,
            role="auditor",
            place=made.place,
            from_date=date(2026, 1, 1),
            scope_path=made.path,
        )
    Household.objects.filter(pk=made.household.pk).update(head=made.person)
    hash_chain.keep(
        JournalDraft("test.happened", about=made.person, text=word, scope_path=home.path)
    )


def scope_of(community: Community | str) -> Scope:
    """A secretary's scope over one community."""
    path = community if isinstance(community, str) else community.path
    return Scope((path,), "secretary", "test", None)
