"""A building from the front: floors of doors, coloured by who lives there or by any condition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.fields import Compare, Condition, Op
from linli.core.paths import ancestors
from linli.core.registry import Words, record_address
from linli.core.shapes import Door, Elevation, Floor, Legend
from linli.register.places.models import Dwelling, Place
from linli.register.places.queries import below
from linli.register.places.terms import DwellingUsage, PlaceKind
from linli.workbench.conditions import orm, queries
from linli.workbench.conditions.own_fields import dictionary

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


@dataclass(frozen=True)
class Front:
    """The view with what it found: how many doors and how many people, households or flats."""

    view: Elevation
    doors: int
    matching_doors: int = 0
    matching: int = 0
    counter: str = ""


def matches(condition: Condition, place: Place) -> Counter[int]:
    """Return how many rows of the answer belong to each dwelling of a branch."""
    words = dictionary()
    subject = words.subject(condition.subject)
    narrowed = queries.narrowed(condition, Compare(place.kind, Op.EQ, place.path))
    keys = queries.ids(narrowed)
    rows = orm.model_of(subject).objects.filter(pk__in=keys)
    return Counter(rows.order_by().values_list(subject.home, flat=True))


def front_of(place: Place, condition: Condition | None = None) -> Front:
    """Return the doors below a building, an entrance or some floors of it."""
    flats = _flats(place)
    found = matches(condition, place) if condition is not None else None
    if condition is not None and condition.subject == "building" and found:
        found = Counter({flat.pk: 1 for flat in flats})  # the whole house, then
    tones = {flat.pk: _tone(flat, found) for flat in flats}
    counter = dictionary().subject(condition.subject).counter if condition else ""
    view = Elevation(
        caption=_("%(place)s立面") % {"place": place},
        floors=_floors(flats, tones, found, counter),
        legend=_legend(tones.values(), asked=found is not None),
        entrances=_entrances(flats),
    )
    if not found:
        return Front(view, len(flats), counter=counter)
    doors = sum(1 for flat in flats if found[flat.pk])
    return Front(view, len(flats), doors, found.total(), counter)


def _flats(place: Place) -> list[Flat]:
    rows = Dwelling.objects.filter(below(place.path), place__ended_on__isnull=True)
    columns = ("place_id", "scope_path", "door", "floor", "usage", "resident_count")
    read = list(rows.values_list(*columns).order_by("scope_path"))
    entrances = _entrances_above({row[1] for row in read})
    return [
        Flat(pk, next((entrances[a] for a in ancestors(path) if a in entrances), ""), *facts)
        for pk, path, *facts in read
    ]


def _entrances_above(paths: set[str]) -> dict[str, str]:
    above = {one for path in paths for one in ancestors(path)}
    rows = Place.objects.filter(kind=PlaceKind.ENTRANCE, path__in=above)
    return dict(rows.values_list("path", "name"))


def _tone(flat: Flat, found: Counter[int] | None) -> str:
    if found is not None and found[flat.pk]:
        return "on"
    if flat.residents == 0:
        return "vacant"
    if found is None and flat.usage == DwellingUsage.RENTED:
        return "part"
    return "off"


def words_of_tones(*, asked: bool) -> dict[str, str]:
    """Return what each colour means, in the order of the legend."""
    if asked:
        return {"on": _("符合"), "off": _("不符合"), "vacant": _("没有人住")}
    return {"off": _("有人住"), "part": _("出租"), "vacant": _("没有人住")}


def _legend(tones: Iterable[str], *, asked: bool) -> list[Legend]:
    counted = Counter(tones)
    says = words_of_tones(asked=asked)
    return [Legend(tone, said, counted[tone]) for tone, said in says.items() if counted[tone]]


def _floors(
    flats: Sequence[Flat], tones: dict[int, str], found: Counter[int] | None, counter: str
) -> list[Floor]:
    columns = _columns(flats)
    in_order = sorted(set(columns.values()))
    says = words_of_tones(asked=found is not None)
    rows: dict[int | None, dict[Column, Door]] = {}
    for flat in flats:
        number = found[flat.pk] if found is not None else flat.residents
        unit = counter if found is not None else _("人")
        text = f"{number}{unit}" if number else ""
        door = Door(
            flat.door, tones[flat.pk], says[tones[flat.pk]], text,
            record_address("places.place", flat.pk),
        )  # fmt: skip
        rows.setdefault(flat.floor, {})[columns[flat.pk]] = door
    top_first = sorted(rows, key=lambda floor: (floor is None, -(floor or 0)))
    return [
        Floor(_("%(n)s层") % {"n": floor} if floor is not None else _("未填层"),
              [rows[floor].get(column) for column in in_order])
        for floor in top_first
    ]  # fmt: skip


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
    made: dict[int, Column] = {}
    for (entrance, _floor), landing in landings.items():
        in_order = sorted(landing, key=lambda flat: _natural(flat.door))
        for number, flat in enumerate(in_order, start=1):
            place = int(_on_landing(flat)) if entrance in by_floor else number
            made[flat.pk] = (*_natural(entrance), place)
    return made


def _on_landing(flat: Flat) -> str:
    floor = str(flat.floor)
    return flat.door.removeprefix(floor) if flat.door.startswith(floor) else ""


def _natural(text: str) -> tuple[str | int, ...]:
    """Sort 2 before 10: words and numbers take turns."""
    return tuple(int(part) if part.isdigit() else part for part in _DIGITS.split(text))


def _entrances(flats: Sequence[Flat]) -> list[tuple[Words, int]]:
    """Return the entrances above the columns, with how many doors each has on a landing."""
    columns = _columns(flats)
    names = {columns[flat.pk]: flat.entrance for flat in flats}
    widths = Counter(names[column] for column in sorted(names))
    return [] if not any(widths) else list(widths.items())
