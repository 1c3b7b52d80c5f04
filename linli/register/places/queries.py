"""Reading the tree: what stands below and above a place, and finding one by what people write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Q, QuerySet, Value, When

from linli.core.chinese.normalise import for_matching, without_spaces
from linli.core.errors import NotFound
from linli.core.paths import path_after
from linli.core.scope import current_scope, one_or_not_found, path_q
from linli.register.places.models import Place, PlaceHistory
from linli.register.places.rules import HOUSES, MAY_HOLD, OUT_OF_DOORS
from linli.register.places.signs import address_key
from linli.register.places.terms import PlaceKind

MOST_FOUND = 40
MOST_WORDS = 6
# After the number of the house whatever is on the door: 1802, 2a, 商铺3.
_KEY = re.compile(r"(?P<area>.*?)(?P<numbers>(?:[a-z]?\d+[a-z]?|(?<![a-z])[a-z])(?:-[^-]+)*)")
LARGE_FIRST = {kind.value: rank for rank, kind in enumerate(PlaceKind)}


def places_in_scope() -> QuerySet[Place]:
    """Return the places of the active scope that still stand, without those above it."""
    return Place.objects.filter(path_q(current_scope()), ended_on__isnull=True)


def my_place() -> Place:
    """Return the place of the post that is worked in, the first of several."""
    place: Place | None = places_in_scope().filter(path__in=current_scope().paths).first()
    if place is None:
        raise NotFound()
    return place


def place_or_not_found(pk: int) -> Place:
    """Return one place of the scope; a place above it may be named, not opened."""
    rows = Place.objects.filter(path_q(current_scope()))
    place: Place = one_or_not_found(rows, pk=pk)
    return place


def below(path: str) -> Q:
    """Return the condition for a place and everything in it."""
    return Q(scope_path__gte=path, scope_path__lt=path_after(path))


def roots() -> list[Place]:
    """Return the places this post stands at, from which it looks down."""
    scope = current_scope()
    if scope.everything:
        return list(Place.objects.filter(parent__isnull=True, ended_on__isnull=True))
    return list(Place.objects.filter(path__in=scope.paths).order_by("path"))


def line_above(place: Place) -> list[Place]:
    """Return the places above one that this post may name, the outermost first."""
    return list(Place.objects.filter(path__in=place.above).order_by("path"))


def children(place: Place) -> list[Place]:
    """Return what stands directly below a place, in the order in which it was added."""
    rows = Place.objects.filter(parent=place, ended_on__isnull=True)
    return sorted(rows, key=lambda child: (LARGE_FIRST[child.kind], child.ordinal, child.path))


def history_of(place: Place) -> list[PlaceHistory]:
    """Return what happened to a place, the latest first."""
    return list(PlaceHistory.objects.filter(place=place).select_related("by"))


def holders(place: Place) -> QuerySet[Place]:
    """Return where a place could be moved to: kinds that may hold it, in the scope."""
    kinds = [kind for kind, held in MAY_HOLD.items() if place.kind in held]
    rows = places_in_scope().filter(kind__in=kinds)
    if place.parent_id is not None:
        rows = rows.exclude(pk=place.parent_id)
    rows = rows.exclude(below(place.path))
    return _same_house(rows, place).order_by("path")


def alike_nearby(place: Place) -> QuerySet[Place]:
    """Return the places of the same kind in the same community: what one can be merged with."""
    rows = places_in_scope().filter(below(community_path(place.path)), kind=place.kind)
    rows = _same_house(rows.exclude(pk=place.pk), place)
    if place.parent is not None and place.parent.kind in HOUSES:
        rows = rows.filter(parent=place.parent)  # else the doors would change their entrance
    return rows.order_by("path")


def _same_house(rows: QuerySet[Place], place: Place) -> QuerySet[Place]:
    """Keep floors in their building, and grids and buildings out of others."""
    house = Place.objects.filter(path__in=place.above, kind=PlaceKind.BUILDING).first()
    if house is not None and place.kind == PlaceKind.MICRO_GRID:
        return rows.filter(below(house.path))
    if place.kind in OUT_OF_DOORS or place.kind == PlaceKind.MICRO_GRID:
        return rows.exclude(kind__in=HOUSES).exclude(parent__kind__in=HOUSES)
    return rows


def community_path(path: str) -> str:
    """Return the path of the community a place lies in: two divisions deep."""
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if len(parts) > 2 else path


@dataclass(frozen=True)
class FoundPlaces:
    """The places that words may mean, and how many more there are than are told."""

    places: list[Place] = field(default_factory=list)
    more: int = 0


def places_found(asked: str, rows: QuerySet[Place] | None = None) -> FoundPlaces:
    """Return places by name, address, or pinyin; what the address means first, then larger ones."""
    words = without_spaces(for_matching(asked)) and for_matching(asked).split()[:MOST_WORDS]
    if not words:
        return FoundPlaces()
    rows = places_in_scope() if rows is None else rows
    named = {place.pk for place in find_place(asked)}
    meant = list(rows.filter(pk__in=named).order_by("path"))
    matching = rows.exclude(pk__in=named)
    for word in words:
        matching = matching.filter(search_text__finds=word)
    rank = Case(*(When(kind=kind, then=Value(n)) for kind, n in LARGE_FIRST.items()))
    room = max(MOST_FOUND - len(meant), 0)
    others = list(matching.annotate(rank=rank).order_by("rank", "path")[: room + 1])
    more = len(others) > room and matching.count() - room
    return FoundPlaces([*meant, *others[:room]], int(more))


def search_places(asked: str) -> list[Place]:
    """Return the first places of a search, for who reads one place out of words."""
    return places_found(asked).places


def find_place(text: str, within: Place | None = None) -> list[Place]:
    """Return the buildings and dwellings an address means: none, the one, or all it may be.

    "3-1-1802", "东方丽都3号楼1802" and "3幢1单元1802室" are understood; a left-out entrance or
    estate leaves several.
    """
    key = address_key(text)
    parts = _KEY.fullmatch(key)
    if parts is None:
        return []
    rows = places_in_scope().filter(kind__in=(PlaceKind.BUILDING, *_DOORS))
    if within is not None:
        rows = rows.filter(below(within.path))
    exact = list(rows.filter(address_key=key).order_by("path")[:MOST_FOUND])
    return exact or _fitting(rows, parts["area"], parts["numbers"].split("-"))


_DOORS = (PlaceKind.ENTRANCE, PlaceKind.DWELLING)


def _fitting(rows: QuerySet[Place], area: str, numbers: Sequence[str]) -> list[Place]:
    """Compare number by number: the words before may be left out, so may the entrance."""
    named = rows.filter(address_key__startswith=area) if area else rows
    ending = f"-{numbers[-1]}" if len(numbers) > 1 else numbers[0]
    near = named.filter(address_key__endswith=ending).order_by("path")
    fitting = []
    for place in near[:2000]:
        own = _KEY.fullmatch(place.address_key)
        if own is None or not own["area"].startswith(area):
            continue
        theirs = own["numbers"].split("-")
        left_out = [theirs[0], *theirs[2:]] if len(theirs) == 3 else theirs
        if list(numbers) in (theirs, left_out):
            fitting.append(place)
    return fitting[:MOST_FOUND]
