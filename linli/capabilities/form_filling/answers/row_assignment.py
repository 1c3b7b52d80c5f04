"""Which list, card or line of a form gets which of the known rows; what gets none is said."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.cells import COVERED, Knowledge, RowKnown
from linli.capabilities.form_filling.answers.cross_table import crossed
from linli.capabilities.form_filling.answers.list_subsets import own_rows
from linli.capabilities.form_filling.filling import (
    CellContent,
    Content,
    LineContent,
    ListContent,
    kind_of,
)
from linli.capabilities.form_filling.filling.values import in_text
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.blank_form import FormTable, Paper
from linli.capabilities.form_filling.reading.form import (
    PARAGRAPH,
    FieldMatch,
    FillerLine,
    Form,
    Spot,
    TableLayout,
)
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User

USED = {one.value for one in (ColumnUse.FIELD, ColumnUse.ONE_OFF, ColumnUse.COUNT, ColumnUse.PLACE)}
NAME = "name"
# What reading calls one thing, where filling tells two apart.
ALSO = {"unit": ("unit", "community"), "place": ("street",)}


@dataclass(frozen=True)
class RowAssignment:
    """What goes into the file, what is known of it, and what its reader should be told."""

    content: Content
    knowledge: Knowledge
    warnings: tuple[str, ...] = ()


def used_lists(form_instance: FormInstance, form: Form) -> list[TableLayout]:
    """Return the lists of which at least one heading was matched; the others stay as they are."""
    return [
        table
        for table in form.tables
        if any(_use(form_instance, heading) in USED for _column, heading in table.columns)
    ]


def cards_a_file(form_instance: FormInstance, form: Form) -> int:
    """Return how many people the cards of one file take, 0 when the form is no card."""
    cells = [heading for table in form.tables for _r, _c, heading in table.cells]
    if used_lists(form_instance, form) or not any(
        _use(form_instance, cell) in USED for cell in cells
    ):
        return 0
    names = [
        cell
        for cell in cells
        if form_instance.headings[cell]["fields"] == [NAME] and not form.headings[cell].block
    ]
    return max(1, len(names))


def laid_out(
    form_instance: FormInstance, knowledge: Knowledge, by: User | None, paper: Paper | None
) -> RowAssignment:
    """Lay the known cells out on the tables of the form."""
    form, warnings = knowledge.form, list[str]()
    lists, known = _lists(form_instance, knowledge, paper, warnings)
    cells, lines = _lines(form_instance, form, by)
    of_cards = _cards(form_instance, knowledge, warnings)
    cells += [cell for cell in of_cards if cell.table != PARAGRAPH]
    lines = _with_blanks(lines, [cell for cell in of_cards if cell.table == PARAGRAPH])
    covered = dict.fromkeys(
        heading["text"]
        for row in known.rows
        for heading, cell in zip(form_instance.headings, row.cells, strict=True)
        if heading["use"] == ColumnUse.COUNT and cell.state == COVERED
    )
    if covered:
        told = {"headings": "、".join(covered)}
        warnings.append(_("没有统计：%(headings)s（您的岗位不能看）") % told)
    return RowAssignment(Content(tuple(lists), tuple(cells), tuple(lines)), known, tuple(warnings))


def _use(form_instance: FormInstance, heading: int) -> str:
    return str(form_instance.headings[heading]["use"])


def _lists(
    form_instance: FormInstance, knowledge: Knowledge, paper: Paper | None, warnings: list[str]
) -> tuple[list[ListContent], Knowledge]:
    """Return the lists with their rows, and what is known when the form's own rows are counted."""
    lists, counted, before = [], list[RowKnown](), list[tuple[TableLayout, FormTable | None]]()
    for table in used_lists(form_instance, knowledge.form):
        # What was understood once may stand in no table of this reading: the last look decides.
        grid = next(iter(paper.tables[table.table :]), None) if paper else None
        cross = crossed(form_instance, knowledge.form, table, grid) if grid else None
        if cross is not None:
            counted += cross.known
            warnings += cross.warnings
            rows = [_values(table.side(0), row) for row in cross.known]
            lists.append(replace(_shell(table, knowledge.form), rows=tuple(rows), at=cross.at))
            continue
        rows_here, messages = own_rows(form_instance, knowledge, table, grid, before)
        warnings += messages
        before.append((table, grid))
        lists.append(_list(table, knowledge.form, rows_here))
    return lists, replace(knowledge, rows=counted) if counted else knowledge


def _shell(table: TableLayout, form: Form) -> ListContent:
    heads = {
        column: "".join((*form.headings[heading].above, form.headings[heading].text))
        for column, heading in table.columns
    }
    return ListContent(
        table.table, table.first_row, table.last_row, (), total_row=table.total_row, headings=heads
    )


def _list(table: TableLayout, form: Form, people: Sequence[RowKnown]) -> ListContent:
    lines = -(-len(people) // table.sides)
    rows: list[dict[int, Any]] = [{} for _line in range(lines)]
    for number, row in enumerate(people):
        # Down one side first, then down the next, as people read such a page.
        side, line = divmod(number, lines)
        serial = table.serial_column
        columns = [
            (column, heading)
            for (column, _own), (_first, heading) in zip(
                table.side(side), table.side(0), strict=True
            )
        ]
        rows[line] |= _values(columns, row)
        for (column, _own), (first, _heading) in zip(table.side(side), table.side(0), strict=True):
            if first == serial:
                rows[line][column] = number + 1
    return replace(_shell(table, form), rows=tuple(rows))


def _values(columns: Sequence[tuple[int, int]], row: RowKnown) -> dict[int, Any]:
    values = {column: _value(row, heading) for column, heading in columns}
    return {column: value for column, value in values.items() if value is not None}


def _value(row: RowKnown, heading: int) -> Any:
    cell = row.cells[heading]
    return None if cell.state == COVERED else cell.value


def _cards(
    form_instance: FormInstance, knowledge: Knowledge, warnings: list[str]
) -> list[CellContent]:
    """Return the cells beside labels; of cards that repeat, each is the next person's."""
    form, rows = knowledge.form, knowledge.rows
    cells = sorted(
        (table.table, row, column, heading)
        for table in form.tables
        for row, column, heading in table.cells
        if _use(form_instance, heading) in USED
    )
    if not cells or not rows:
        return []
    # A label above a list of many would get the first one's value.
    if used_lists(form_instance, form) and len(rows) > 1:
        warnings.append(_("表上只填一个人的栏目没有填：这张表有%(n)d个人") % {"n": len(rows)})
        return []
    times = max(1, cards_a_file(form_instance, form))
    texts = [re.sub(r"\s", "", form.headings[cell[3]].text) for cell in cells]
    often, seen, cells_to_fill = Counter(texts), Counter[str](), []
    for (table, row, column, heading), text in zip(cells, texts, strict=True):
        person = seen[text] if times > 1 else 0
        seen[text] += 1
        # A label that stands less often than there are cards belongs to none of them.
        if person >= len(rows) or (times > 1 and often[text] != times):
            continue
        value = _value(rows[person], heading)
        if value is not None:
            cells_to_fill.append(_cell_content(table, row, column, value, form.headings[heading]))
    return cells_to_fill


def _cell_content(
    table: int, row: int, column: int, value: Any, heading: FieldMatch
) -> CellContent:
    """Return a value for the cell beside a label; its hint may say how a day is written."""
    boxes = heading.boxes if set(heading.fields) & rules.IN_BOXES else 0
    return CellContent(table, row, column, value, heading.text + heading.hint, boxes)


def _lines(
    form_instance: FormInstance, form: Form, by: User | None
) -> tuple[list[CellContent], list[LineContent]]:
    """Return what is said of who fills the form: beside its label, or in the line itself."""
    filler = _said(form_instance, by)
    with_lists = {table.table for table in form.tables if table.columns}
    # On a card the cell beside is for the value; above a list there is only the line itself.
    beside = {
        form.headings[heading].at: (row, column)
        for table in form.tables
        for row, column, heading in table.cells
        if table.table not in with_lists
    }
    cells, lines = [], []
    spots = {Spot(line.table, line.row, line.column): line.text for line in form.lines}
    for spot, text in spots.items():
        labels = [line for line in form.lines if Spot(line.table, line.row, line.column) == spot]
        label = text.rstrip("：: ")
        if spot in beside:
            cells.append(CellContent(spot.table, *beside[spot], filler.get(kind_of(label))))
        elif labels[0].value_column >= 0 and text.rstrip() == label:
            # With a colon it goes on in its own cell, which runs over into the empty ones beside.
            value = filler.get(kind_of(label)) or _of(labels, filler).get(labels[0].what)
            cells.append(CellContent(spot.table, spot.row, labels[0].value_column, value))
        else:
            lines.append(LineContent(spot.table, spot.row, spot.column, _of(labels, filler)))
    return cells, lines


def _with_blanks(lines: list[LineContent], blanks: Sequence[CellContent]) -> list[LineContent]:
    """Return the lines with what goes into the blanks of running text; a paragraph is one line."""
    of_row: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for blank in blanks:
        of_row[blank.row].append((blank.column, in_text(blank.value, blank.heading)))
    said = {line.row: line.said for line in lines if line.table == PARAGRAPH}
    return [
        *(line for line in lines if line.table != PARAGRAPH or line.row not in of_row),
        *(
            LineContent(PARAGRAPH, row, 0, said.get(row, {}), tuple(texts))
            for row, texts in of_row.items()
        ),
    ]


def _of(asked: Sequence[FillerLine], said: dict[str, str]) -> dict[str, str]:
    """Keep to what a line was read to ask, where that was said label by label.

    The day beside somebody's signature, for one, is not the day the form is filled.
    """
    if all(filler_line.start < 0 for filler_line in asked):
        return said
    kinds = {
        kind for filler_line in asked for kind in ALSO.get(filler_line.what, (filler_line.what,))
    }
    return {kind: text for kind, text in said.items() if kind in kinds}


def _said(form_instance: FormInstance, by: User | None) -> dict[str, str]:
    day, place = today(), form_instance.place
    around = Place.objects.filter(path__in=[*place.above, place.path])
    names = dict(around.values_list("kind", "name"))
    filler = {
        "unit": place.name,
        "community": names.get(PlaceKind.COMMUNITY, ""),
        "street": names.get(PlaceKind.SUBDISTRICT, ""),
        "date": f"{day.year}年{day.month}月{day.day}日",
        "period": f"{day.year}年{day.month}月",
        "reporter": by.name if by else "",
    }
    return {kind: text for kind, text in filler.items() if text}
