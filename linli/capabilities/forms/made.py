"""The filled file: the department's own, with what is known in it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.forms import rules
from linli.capabilities.forms.filling import (
    CellContent,
    Change,
    Content,
    LineContent,
    ListContent,
    fill_form,
)
from linli.capabilities.forms.knowing import COVERED, Knowledge, RowKnown, known
from linli.capabilities.forms.models import HandIn, Sheet
from linli.capabilities.forms.reading.understand import Form, TableLayout
from linli.capabilities.forms.sealed import rows_of_hand_in
from linli.core.crypto import box
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.posts.models import User

LIST = "list"
MOST_CHANGES = 2000


@dataclass(frozen=True)
class Made:
    """A filled file with its name, what it holds, and what its reader should know."""

    data: bytes
    name: str
    knowledge: Knowledge
    counts: dict[str, int]
    warnings: tuple[str, ...]


def filled(sheet: Sheet, *, by: User | None) -> Made:
    """Fill a copy of the form with what is known in the scope of whoever asks.

    A card is one person's: for several people there are several, in one archive.
    """
    knowledge = known(sheet)
    warnings: list[str] = []
    name = f"{sheet.title}-{sheet.place.name}"
    if is_card(knowledge) and len(knowledge.rows) > 1:
        data, suffix = _cards(sheet, knowledge, by), ".zip"
    else:
        data, suffix, warnings = _one_file(sheet, knowledge, by)
    if knowledge.covered:
        told = {"fields": "、".join(knowledge.covered)}
        warnings.append(_("没有填：%(fields)s（您的岗位不能看，或没有写要表单位和依据）") % told)
    return Made(data, f"{name}{suffix}", knowledge, knowledge.counts, tuple(warnings))


def is_card(knowledge: Knowledge) -> bool:
    """Does the form hold one person and no list?"""
    tables = knowledge.form.tables
    return any(one.cells for one in tables) and not any(one.columns for one in tables)


def _cards(sheet: Sheet, knowledge: Knowledge, by: User | None) -> bytes:
    if len(knowledge.rows) > rules.MOST_CARDS:
        told = {"rows": len(knowledge.rows), "most": rules.MOST_CARDS}
        raise Refused(
            "forms.many_cards", _("这是一人一张的表，会有%(rows)d张，一次最多%(most)d张") % told,
            "condition", _("请加条件，或从居民的页面填一张"),
        )  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, row in enumerate(knowledge.rows, 1):
            one = replace(knowledge, rows=[row])
            data, suffix, _warnings = _one_file(sheet, one, by)
            bundle.writestr(f"{number:03d}-{_named([c.text for c in row.cells])}{suffix}", data)
    return packed.getvalue()


def _one_file(sheet: Sheet, knowledge: Knowledge, by: User | None) -> tuple[bytes, str, list[str]]:
    suffix = Path(sheet.file_name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / f"blank{suffix}", Path(folder) / f"filled{suffix}"
        source.write_bytes(box().decrypt(bytes(sheet.file)))
        done = fill_form(source, out, content_of(sheet, knowledge, by))
        return out.read_bytes(), suffix, list(done.warnings)


def content_of(sheet: Sheet, knowledge: Knowledge, by: User | None) -> Content:
    """Lay the known cells out on the tables of the form."""
    form = knowledge.form
    lists, cells = [], []
    for table in form.tables:
        if table.columns:
            lists.append(_list(table, knowledge))
        if table.cells and knowledge.rows:
            first = knowledge.rows[0]
            cells += [
                CellContent(table.table, row, column, _value(first, heading))
                for row, column, heading in table.cells
                if _value(first, heading) is not None
            ]
    lines = tuple(_lines(form, sheet, knowledge, by))
    return Content(tuple(lists), tuple(cells), lines, _changes(sheet, knowledge))


def _list(table: TableLayout, knowledge: Knowledge) -> ListContent:
    lines = -(-len(knowledge.rows) // table.sides)
    rows: list[dict[int, Any]] = [{} for _line in range(lines)]
    serials = [
        place for place, (column, _heading) in enumerate(table.side(0))
        if column == table.serial_column
    ]  # fmt: skip
    for number, row in enumerate(knowledge.rows):
        # Down one side first, then down the next, as people read such a page.
        side, line = divmod(number, lines)
        for place, (column, _heading) in enumerate(table.side(side)):
            heading = table.side(0)[place][1]
            value = number + 1 if place in serials else _value(row, heading)
            if value is not None:
                rows[line][column] = value
    return ListContent(
        table.table, table.first_row, table.last_row, tuple(rows), total_row=table.total_row
    )


def _value(row: RowKnown, heading: int) -> Any:
    cell = row.cells[heading]
    return None if cell.state == COVERED else cell.value


def _lines(form: Form, sheet: Sheet, knowledge: Knowledge, by: User | None) -> list[LineContent]:
    day = today()
    said = {
        "unit": sheet.place.name,
        "place": sheet.place.name,
        "date": f"{day.year}年{day.month}月{day.day}日",
        "period": f"{day.year}年{day.month}月",
        "reporter": by.name if by else "",
        "count": str(len(knowledge.rows)),
    }
    return [
        LineContent(one.table, one.row, one.column, said[one.what])
        for one in form.lines
        if said.get(one.what)
    ]


def _changes(sheet: Sheet, knowledge: Knowledge) -> tuple[Change, ...]:
    """Say what is different from what was handed in last for the same form and place."""
    before = last_hand_in(sheet)
    if before is None:
        return ()
    then = rows_of_hand_in(before)
    now = {row.id: [cell.text for cell in row.cells] for row in knowledge.rows}
    texts = [one["text"] for one in sheet.headings]
    made = []
    for each, cells in now.items():
        old = then.get(each)
        if old is None:
            made.append(Change(_named(cells), _("整行"), "", _("新增")))
        elif len(old) == len(cells):
            made += [
                Change(_named(cells), text, was, is_now)
                for text, was, is_now in zip(texts, old, cells, strict=True)
                if was != is_now
            ]
    made += [
        Change(_named(cells), _("整行"), "", _("不再列入"))
        for each, cells in then.items() if each not in now
    ]  # fmt: skip
    return tuple(made[:MOST_CHANGES])


def _named(cells: list[str]) -> str:
    return next((one for one in cells if one and not one.isdigit()), "")


def last_hand_in(sheet: Sheet) -> HandIn | None:
    """Return what was handed in before for the same form and place."""
    if sheet.pattern_id is None:
        return None
    found: HandIn | None = (
        HandIn.objects.filter(sheet__pattern=sheet.pattern_id, sheet__place=sheet.place_id)
        .exclude(sheet=sheet.pk or 0)
        .order_by("-at")
        .first()
    )
    return found
