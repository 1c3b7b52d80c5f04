"""A tally (统计表): headings that are conditions, rows that are places, cells that are counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.reading.form import FieldMatch, Form
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.errors import Refused
from linli.core.fields import EVERYONE, PERSON, Condition, Node, all_of
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary

FEWEST = 2
EVERYBODY = {
    "总人数",
    "人数",
    "总人口",
    "人口总数",
    "人口数",
    "居民数",
    "合计",
    "总数",
    "常住人口",
    "小计",
}
AROUND = re.compile(r"其中|人数|人口数|[（(]人[）)]|[：:、\s]|数$")
PLACES = (
    (
        PlaceKind.COMMUNITY,
        re.compile(r"^(社区|村居|村[(（]居[)）]|居委会?|居民区|村委会?|(填报)?单位)(名称)?$"),
    ),
    (PlaceKind.ESTATE, re.compile(r"^(小区|住宅小区)(名称)?$")),
    (PlaceKind.GRID, re.compile(r"^网格(名称)?$")),
    (PlaceKind.BUILDING, re.compile(r"^(楼栋|楼号|幢|幢号)$")),
)


def tally_of(form: Form) -> list[dict[str, Any]] | None:
    """Return what each heading of a tally stands for, None when the form is none."""
    # A list of people has headings such as 党员 too; there they are asked of each.
    if form.subject:
        return None
    read = [_heading(heading) for heading in form.headings]
    counting = [one for one in read if one["use"] == ColumnUse.COUNT]
    others = [one for one in read if one["use"] == ColumnUse.LEFT]
    is_one = len(counting) >= FEWEST and len(counting) >= len(others)
    return read if is_one else None


def _heading(one: FieldMatch) -> dict[str, Any]:
    text = re.sub(r"\s", "", one.text)
    for level, words in PLACES:
        if words.match(text):
            return {"text": one.text, "use": ColumnUse.PLACE.value, "fields": [], "level": level}
    where = where_of(one.text, one.above)
    if where is None:
        return {"text": one.text, "use": ColumnUse.LEFT.value, "fields": []}
    counted = queries.condition_json(Condition(PERSON, where))
    return {"text": one.text, "use": ColumnUse.COUNT.value, "fields": [], "where": counted}


def where_of(text: str, above: tuple[str, ...]) -> Node | None:
    """Read a heading and those above it as one condition; None when a word means none."""
    parts: list[Node] = []
    for words in (*above, text):
        plain = AROUND.sub("", words)
        if not plain or re.sub(r"\s", "", words) in EVERYBODY or plain in EVERYBODY:
            continue
        if words is not text and dictionary().by_word(PERSON, plain) is not None:
            continue  # 性别 over 男 and 女 only says what the two are
        question = queries.ask(plain)
        if question.unknown or not question.chips or question.condition.subject != PERSON:
            return None
        if any(chip.note for chip in question.chips):
            return None
        parts.append(question.condition.where)
    return all_of(*parts) if parts else EVERYONE if _asks_all(text) else None


def _asks_all(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    return plain in EVERYBODY or AROUND.sub("", plain) in EVERYBODY


def rows_of(headings: list[dict[str, Any]], place: Place) -> list[Place]:
    """Return the places that are the rows of a tally, the place itself when it names none."""
    level = next(
        (heading.get("level") for heading in headings if heading["use"] == ColumnUse.PLACE), None
    )
    if level is None or level == place.kind:
        return [place]
    places = Place.objects.filter(
        kind=level, path__startswith=place.path, ended_on__isnull=True
    ).order_by("path")
    return list(places) or [place]


def counted(
    headings: list[dict[str, Any]], asked: Condition, place: Place, here: Any
) -> Iterator[Any]:
    """Yield, heading by heading, the count at a place, its name, or None for what is left."""
    for heading in headings:
        if heading["use"] == ColumnUse.PLACE:
            yield place.name
        elif heading["use"] == ColumnUse.COUNT:
            yield _count(heading["where"], asked, here)
        else:
            yield None


def _count(where: dict[str, Any], asked: Condition, here: Node) -> int | str | None:
    try:
        counted_where = queries.read_json(where)
        condition = Condition(PERSON, all_of(asked.where, here, counted_where.where))
        number = queries.count(condition)
        left = queries.beside(condition, number)
    except Refused:
        return None  # a condition this post may not ask leaves its cell empty
    if left is None or not left.number:
        return number
    # A bare number would read as "all the others have it".
    return _("%(n)d（另有%(blank)d没有记录）") % {"n": number, "blank": left.number}
