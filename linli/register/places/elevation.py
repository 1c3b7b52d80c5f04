"""A building from the front: its doors on their floors, under their entrances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.interface.registry import Words
from linli.core.interface.view_models import DwellingTile, Floor
from linli.core.paths import ancestors
from linli.register.places.models import Dwelling, Place
from linli.register.places.queries import below
from linli.register.places.terms import PlaceKind

_DIGITS = re.compile(r"(\d+)")
_LANDING = re.compile(r"\d\d")
Column = tuple[str | int, ...]


@dataclass(frozen=True)
class Flat:
    """One door as it was read: where it stands and who is behind it."""

    pk: int
    entrance: str
    door: str
    floor: int | None
    usage: str
    residents: int


def flats_of(place: Place) -> list[Flat]:
    """Return the doors below a building, an entrance or some floors of it."""
    rows = Dwelling.objects.filter(below(place.path), place__ended_on__isnull=True)
    columns = ("place_id", "scope_path", "door", "floor", "usage", "resident_count")
    read = list(rows.values_list(*columns).order_by("scope_path"))
    # Asked once for all doors, not once for each.
    entrances = _entrances_above({row[1] for row in read})
    return [
        Flat(pk, next((entrances[a] for a in ancestors(path) if a in entrances), ""), *facts)
        for pk, path, *facts in read
    ]


def _entrances_above(paths: set[str]) -> dict[str, str]:
    above = {ancestor for path in paths for ancestor in ancestors(path)}
    rows = Place.objects.filter(kind=PlaceKind.ENTRANCE, path__in=above)
    return dict(rows.values_list("path", "name"))


def floors_of(flats: Sequence[Flat], door_of: Callable[[Flat], DwellingTile]) -> list[Floor]:
    """Lay doors out as they are seen from the front, the top floor first."""
    columns = _columns(flats)
    in_order = sorted(set(columns.values()))
    rows: dict[int | None, dict[Column, DwellingTile]] = {}
    for flat in flats:
        rows.setdefault(flat.floor, {})[columns[flat.pk]] = door_of(flat)
    top_first = sorted(rows, key=lambda floor: (floor is None, -(floor or 0)))
    return [
        Floor(
            _("%(n)s层") % {"n": floor} if floor is not None else _("未填层"),
            [rows[floor].get(column) for column in in_order],
        )
        for floor in top_first
    ]


def _columns(flats: Sequence[Flat]) -> dict[int, Column]:
    """Return for each door its entrance and its place on the landing.

    1802 on floor 18 is the second door; where doors are numbered otherwise they stand in order.
    """
    landings: dict[tuple[str, int | None], list[Flat]] = {}
    for flat in flats:
        landings.setdefault((flat.entrance, flat.floor), []).append(flat)
    by_floor = {flat.entrance for flat in flats} - {
        flat.entrance for flat in flats if not _LANDING.fullmatch(_on_landing(flat))
    }
    positions: dict[int, Column] = {}
    for (entrance, _floor), landing in landings.items():
        in_order = sorted(landing, key=lambda flat: natural_order(flat.door))
        for number, flat in enumerate(in_order, start=1):
            place = int(_on_landing(flat)) if entrance in by_floor else number
            positions[flat.pk] = (*natural_order(entrance), place)
    return positions


def _on_landing(flat: Flat) -> str:
    floor = str(flat.floor)
    return flat.door.removeprefix(floor) if flat.door.startswith(floor) else ""


def natural_order(text: str) -> tuple[str | int, ...]:
    """Sort 2 before 10: words and numbers take turns."""
    return tuple(int(part) if part.isdigit() else part for part in _DIGITS.split(text))


def entrances_of(flats: Sequence[Flat]) -> list[tuple[Words, int]]:
    """Return the entrances above the columns, with how many doors each has on a landing."""
    columns = _columns(flats)
    names = {columns[flat.pk]: flat.entrance for flat in flats}
    widths = Counter(names[column] for column in sorted(names))
    return [] if not any(widths) else list(widths.items())
