"""A building from the front: floors of doors, coloured by who lives there or by any condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.core.fields import Compare, Condition, Op
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import DwellingTile, Elevation, Floor, Legend
from linli.core.scope import current_scope
from linli.register.places.elevation import Flat, entrances_of, flats_of, floors_of
from linli.register.places.models import Place
from linli.register.places.queries import below
from linli.register.places.terms import DwellingUsage
from linli.register.posts.rules import sees_children
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.subjects import model_of

UNTOLD = -1


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
    keys = queries.ids(within(condition, place))
    rows = model_of(subject).objects.filter(pk__in=keys)
    return Counter(rows.order_by().values_list(subject.home, flat=True))


def said_beside(condition: Condition, place: Place) -> str:
    """Say of how many of a branch nothing is recorded, where the question asks "no"."""
    if not queries.may_list(condition.subject):
        return ""
    return queries.said_beside(within(condition, place))


def within(condition: Condition, place: Place) -> Condition:
    """Return a condition narrowed to a branch."""
    return queries.narrowed(condition, Compare(place.kind, Op.EQ, place.path))


def front_of(place: Place, condition: Condition | None = None) -> Front:
    """Return the doors below a building, an entrance or some floors of it."""
    flats = flats_of(place)
    if not queries.may_list("person"):  # a door's number would be of those behind it
        flats = [replace(flat, residents=UNTOLD) for flat in flats]
    elif not sees_children(role=current_scope().role):
        shown_behind = _told_at(place)
        flats = [replace(flat, residents=shown_behind[flat.pk]) for flat in flats]
    matching = matches(condition, place) if condition is not None else None
    if condition is not None and condition.subject == "building" and matching:
        matching = Counter({flat.pk: 1 for flat in flats})  # the whole house, then
    tones = {flat.pk: _tone(flat, matching) for flat in flats}
    counter = dictionary().subject(condition.subject).counter if condition else ""
    view = Elevation(
        caption=_("%(place)s立面") % {"place": place},
        floors=_floors(flats, tones, matching, counter),
        legend=_legend(tones.values(), asked=matching is not None),
        entrances=entrances_of(flats),
        opens_beside=True,
    )
    if not matching:
        return Front(view, len(flats), counter=counter)
    doors = sum(1 for flat in flats if matching[flat.pk])
    return Front(view, len(flats), doors, matching.total(), counter)


def _told_at(place: Place) -> Counter[int]:
    """Return how many this post is shown behind each door."""
    rows = queries.everybody("person").filter(below(place.path))
    return Counter(rows.values_list("home_id", flat=True))


def _tone(flat: Flat, matching: Counter[int] | None) -> str:
    if matching is not None and matching[flat.pk]:
        return "on"
    if flat.residents in (UNTOLD, 0):
        return "vacant" if flat.residents == 0 else "unknown"
    if matching is None and flat.usage == DwellingUsage.RENTED:
        return "part"
    return "off"


def words_of_tones(*, asked: bool) -> dict[str, str]:
    """Return what each colour means, in the order of the legend."""
    if asked:
        tones = {"on": _("符合"), "off": _("不符合"), "vacant": _("没有人住")}
    else:
        tones = {"off": _("有人住"), "part": _("出租"), "vacant": _("没有人住")}
    return tones | {"unknown": _("不显示")}


def _legend(tones: Iterable[str], *, asked: bool) -> list[Legend]:
    counted = Counter(tones)
    says = words_of_tones(asked=asked)
    return [Legend(tone, meaning, counted[tone]) for tone, meaning in says.items() if counted[tone]]


def _on_tile(number: int, counter: str) -> str:
    """Say how many on a tile that is as wide as a finger: only Chinese has room for the unit."""
    return f"{number}{_(counter)}" if str(get_language()).startswith("zh") else str(number)


def _floors(
    flats: Sequence[Flat], tones: dict[int, str], matching: Counter[int] | None, counter: str
) -> list[Floor]:
    says = words_of_tones(asked=matching is not None)

    def door_of(flat: Flat) -> DwellingTile:
        number = matching[flat.pk] if matching is not None else flat.residents
        unit = counter if matching is not None else "人"
        text = _on_tile(number, unit) if number > 0 else ""
        tone = tones[flat.pk]
        return DwellingTile(
            flat.door, tone, says[tone], text, record_address("places.place", flat.pk)
        )

    return floors_of(flats, door_of)
