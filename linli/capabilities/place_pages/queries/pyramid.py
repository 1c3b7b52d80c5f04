"""Who lives at a place, by age and sex: one question, for posts that may ask and list it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import PERSON, Compare, Condition, Node, Not, Op, all_of, any_of
from linli.core.interface.picture_models import Amount, Pyramid, PyramidBand
from linli.core.interface.registry import ask_box
from linli.core.time import today
from linli.register.people.terms import Sex
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions import queries
from linli.workbench.conditions.compilers import orm_compiler
from linli.workbench.conditions.own_fields import dictionary

DRAWN_FOR = (PlaceKind.COMMUNITY, PlaceKind.ESTATE, PlaceKind.GRID)
BAND, OLDEST = 10, 90
UNKNOWN: Node = any_of(*(Not(Compare(key, Op.KNOWN)) for key in ("age", "sex")))


def pyramid_of(place: Place) -> Pyramid | None:
    """Return the ages at a place; None where they may not be asked or nobody lives there.

    Who may not list the residents is shown nothing: declared, a pyramid of a community is holes.
    """
    if place.kind not in DRAWN_FOR or not queries.may_list(PERSON):
        return None
    here = Compare(place.kind, Op.EQ, place.path)
    wanted: dict[str, Node] = {"unknown": UNKNOWN}
    for label, ages in _bands():
        for sex in Sex:
            wanted[f"{label} {sex.value}"] = all_of(ages, Compare("sex", Op.EQ, sex.value))
    try:
        asked = {
            key: queries.check(Condition(PERSON, all_of(here, node)))
            for key, node in wanted.items()
        }
    except Refused:
        return None
    amounts = _counted(here, wanted, asked)
    if not any(amount.value for amount in amounts.values()):
        return None
    bands = [
        PyramidBand(label, *(amounts[f"{label} {sex.value}"] for sex in (Sex.MALE, Sex.FEMALE)))
        for label, _ages in _bands()
    ]
    unknown = amounts["unknown"]
    beside = [(_("年龄或性别没填"), unknown)] if unknown.value else []
    men, women = (str(sex.label) for sex in (Sex.MALE, Sex.FEMALE))
    return Pyramid(_("居民的年龄"), _("人"), men, women, bands, beside)


def _bands() -> list[tuple[str, Node]]:
    younger = [
        (f"{first}–{first + BAND - 1}", Compare("age", Op.BETWEEN, (first, first + BAND - 1)))
        for first in range(OLDEST - BAND, -1, -BAND)
    ]
    return [(f"{OLDEST}+", Compare("age", Op.GE, OLDEST)), *younger]


def _counted(here: Node, wanted: dict[str, Node], asked: dict[str, Condition]) -> dict[str, Amount]:
    words, day = dictionary(), today()
    people = orm_compiler.queryset(Condition(PERSON, here), words, day).order_by()
    filters: dict[str, Any] = {
        f"n{n}": Count("pk", filter=orm_compiler.to_q(node, PERSON, words, day))
        for n, node in enumerate(wanted.values())
    }
    counted = people.aggregate(**filters)
    return {
        key: Amount(counted[f"n{n}"], _list_of(asked[key]) if counted[f"n{n}"] else "")
        for n, key in enumerate(wanted)
    }


def _list_of(condition: Condition) -> str:
    ask = ask_box()
    if ask is None:
        return ""
    query = {"s": PERSON, "c": queries.condition_text(condition)}
    return f"{reverse(ask.url_name)}?{urlencode(query)}"
