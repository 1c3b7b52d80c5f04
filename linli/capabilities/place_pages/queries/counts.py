"""Counts of a branch of the tree: one question each, however many places there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from linli.core.fields import Compare, Condition, Node, Not, Op, all_of
from linli.core.interface.registry import Words
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.care_kinds import VERY_OLD_FROM
from linli.register.places.models import Dwelling, Place
from linli.register.places.queries import below
from linli.register.places.terms import PlaceKind
from linli.register.posts.rules import sees_children
from linli.workbench.conditions import queries
from linli.workbench.conditions.care_groups import groups_of
from linli.workbench.conditions.compilers import orm_compiler
from linli.workbench.conditions.listing.small_cells import KEPT_BACK, declared_parts
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.queries import may_list

NOT_CONFIRMED_FOR_DAYS = 180
# What a sentence may name: other kinds have no name of their own ("1至9层微网格").
SPOKEN = (
    PlaceKind.SUBDISTRICT,
    PlaceKind.COMMUNITY,
    PlaceKind.ESTATE,
    PlaceKind.GRID,
    PlaceKind.BUILDING,
    PlaceKind.ENTRANCE,
)


@dataclass(frozen=True)
class PlaceCounts:
    """How many live below a place, and in how many households and dwellings."""

    people: int = 0
    households: int = 0
    dwellings: int = 0

    def __add__(self, more: PlaceCounts) -> PlaceCounts:
        """Return both together."""
        return PlaceCounts(
            self.people + more.people,
            self.households + more.households,
            self.dwellings + more.dwellings,
        )


@dataclass(frozen=True)
class CareCount:
    """How many people of a kind, and the sentence that lists them ("" when nothing would)."""

    label: Words
    count: int
    sentence: str
    tone: str = ""


# Dwellings know how many live in them (register/people/counts.py keeps that with every change):
# adding these up reads a third of the rows, and one table instead of three.
SUMS = {
    "people": Sum("resident_count", default=0),
    "households": Sum("household_count", default=0),
    "dwellings": Count("pk", filter=Q(place__ended_on__isnull=True)),
}


def counts_of(place: Place) -> PlaceCounts:
    """Count one branch."""
    return PlaceCounts(**Dwelling.objects.filter(below(place.path)).aggregate(**SUMS))


def counts_below(
    place: Place, children: Sequence[Place]
) -> tuple[PlaceCounts, dict[int, PlaceCounts]]:
    """Count a branch and every child's branch with one question."""
    paths = {child.path: child.pk for child in children}
    lengths = sorted({len(path) for path in paths}) or [len(place.path)]
    whole, each = PlaceCounts(), {child.pk: PlaceCounts() for child in children}
    for beginning, more in _numbers(place, lengths[-1]):
        whole += more
        child = next((paths[beginning[:n]] for n in lengths if beginning[:n] in paths), None)
        if child is not None:
            each[child] += more
    return whole, each


def _numbers(place: Place, length: int) -> Iterator[tuple[str, PlaceCounts]]:
    """Count below a place by the beginning of the path."""

    def cut(rows: QuerySet[Any]) -> Any:
        some = rows.filter(below(place.path)).annotate(beginning=Substr("scope_path", 1, length))
        return some.order_by().values_list("beginning")

    if sees_children(role=current_scope().role):
        for beginning, *numbers in cut(Dwelling.objects.all()).annotate(**SUMS):
            yield beginning, PlaceCounts(*numbers)
        return
    # The sums of dwellings hold everybody: what this post is told is counted person by person.
    dwellings = {"n": SUMS["dwellings"]}
    for beginning, n in cut(Dwelling.objects.all()).annotate(**dwellings):
        yield beginning, PlaceCounts(dwellings=n)
    for beginning, n in cut(queries.everybody("person")).annotate(n=Count("pk")):
        yield beginning, PlaceCounts(people=n)
    for beginning, n in cut(queries.everybody("household")).annotate(n=Count("pk")):
        yield beginning, PlaceCounts(households=n)


@dataclass(frozen=True)
class DeclaredCounts:
    """The counts of a place as the reader may be told them."""

    people: str
    households: str
    dwellings: str


def told_below(
    place: Place, children: Sequence[Place]
) -> tuple[DeclaredCounts, dict[int, DeclaredCounts]]:
    """Count a branch and its children as far as the reader may know.

    Who may not list the residents gets declared figures, and those of their own place alone:
    numbers of smaller and smaller places would add up to somebody.
    """
    whole, each = counts_below(place, children)
    if may_list("person"):
        return _plain(whole), {pk: _plain(one) for pk, one in each.items()}
    people = _declared(whole.people, each, lambda one: one.people, place)
    households = _declared(whole.households, each, lambda one: one.households, place)
    declared_counts = DeclaredCounts(
        people.pop(place.pk), households.pop(place.pk), f"{whole.dwellings:,}"
    )
    return declared_counts, {
        pk: DeclaredCounts(people[pk], households[pk], f"{one.dwellings:,}")
        for pk, one in each.items()
    }


def _plain(counts: PlaceCounts) -> DeclaredCounts:
    return DeclaredCounts(f"{counts.people:,}", f"{counts.households:,}", f"{counts.dwellings:,}")


def _declared(
    whole: int, each: Mapping[int, PlaceCounts], number: Callable[[PlaceCounts], int], place: Place
) -> dict[int, str]:
    """Return the whole and its parts in words by key.

    What lies below none of the parts is one more part. Where nobody can live nobody has to be
    hidden: that nothing is there everybody sees, so it hides no other number either.
    """
    if place.path not in current_scope().paths:
        return dict.fromkeys([place.pk, *each], KEPT_BACK)
    lived_in = [pk for pk, counts in each.items() if counts.dwellings or number(counts)]
    parts = [number(each[pk]) for pk in lived_in]
    rest = whole - sum(parts)
    shown = declared_parts([*parts, rest] if rest else parts)
    words_by_key = dict(zip(lived_in, shown.cells[0], strict=False)) if parts else {}
    return {place.pk: shown.whole, **{pk: words_by_key.get(pk, "0") for pk in each}}


def kinds_below(place: Place) -> dict[str, int]:
    """Count the places below by kind."""
    rows = Place.objects.filter(below(place.path), ended_on__isnull=True).exclude(pk=place.pk)
    return dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))


def _yes(*keys: str) -> Node:
    return all_of(*(Compare(key, Op.EQ, True) for key in keys))


# label, the words that ask for them, the facts they rest on, what must hold
CARE: tuple[tuple[Words, str, tuple[str, ...], Node], ...] = (
    (_("80岁以上"), "80岁以上", ("very_old",), Compare("age", Op.GE, VERY_OLD_FROM)),
    (_("独居老人"), "独居老人", ("older", "lives_alone"), _yes("older", "lives_alone")),
    (_("空巢老人"), "空巢老人", ("older", "empty_nest"), _yes("older", "empty_nest")),
    (_("失能"), "失能", ("frail",), _yes("frail")),
    (_("残疾人"), "残疾人", ("disabled",), _yes("disabled")),
    (_("慢性病"), "慢性病人", ("chronically_ill",), _yes("chronically_ill")),
    (_("孕妇"), "孕妇", ("pregnant",), _yes("pregnant")),
    (_("儿童"), "儿童", ("child",), _yes("child")),
)
STALE = Not(Compare("confirmed_on", Op.WITHIN, NOT_CONFIRMED_FOR_DAYS))


def care_counts(place: Place) -> list[CareCount]:
    """Count the people to look after and those not confirmed for long: one question in all.

    Kinds that rest on facts hidden from this post are not even named.
    """
    offered = {field_offered.key for field_offered in queries.fields_offered("person")}
    words, day = dictionary(), today()
    groups = [(kind.label, kind.label, (kind.key,), _yes(kind.key)) for kind in groups_of(words)]
    shown = [kind for kind in (*CARE, *groups) if offered.issuperset(kind[2])]

    def holds(node: Node) -> Q:
        return orm_compiler.to_q(node, "person", words, day)

    wanted = {f"care_{n}": Count("pk", filter=holds(kind[3])) for n, kind in enumerate(shown)}
    where = Compare(place.kind, Op.EQ, place.path)
    people = orm_compiler.queryset(Condition("person", where), words, day).order_by()
    if "confirmed_on" in offered:
        wanted["stale"] = Count("pk", filter=holds(STALE))
    counted = people.aggregate(**wanted) if wanted else {}
    named = place.name if place.kind in (PlaceKind.SUBDISTRICT, PlaceKind.ESTATE) else ""
    named = named or (str(place) if place.kind in SPOKEN else "")
    counts = [
        CareCount(label, counted[f"care_{n}"], f"{named}{words_for}" if named else "")
        for n, (label, words_for, _keys, _node) in enumerate(shown)
    ]
    if "stale" not in counted:
        return counts
    words_for = f"{named}{NOT_CONFIRMED_FOR_DAYS}天没有核实" if named else ""
    tone = "warn" if counted["stale"] else ""
    return [*counts, CareCount(_("半年没有核实"), counted["stale"], words_for, tone)]
