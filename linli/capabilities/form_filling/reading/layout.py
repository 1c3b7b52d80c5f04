"""Where values go: the blank rows of a list, the cell beside a label."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from linli.capabilities.form_filling.filling.blanks import is_blank
from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable
from linli.capabilities.form_filling.reading.form import CARD, LIST, FieldMatch, TableLayout
from linli.capabilities.form_filling.reading.shape import (
    HeadingPath,
    is_data,
    is_sample,
    row_labels,
)
from linli.capabilities.form_filling.reading.words import SERIAL, asks_name, is_word

NARROWEST = 2
TOTAL = re.compile(r"^(合计|总计|小计|共计)")
NOTE = re.compile(r"^(备注|注|说明|填表说明|填报说明|填表人|填报人|负责人|审核|联系人)\s*[：:]")


def layouts_of(
    grid: FormTable, number: int, mine: Sequence[tuple[int, HeadingPath]]
) -> list[TableLayout]:
    """Lay one table out: its labels with their cells, then each list; ``mine`` are its headings."""
    layouts = []
    cells = tuple(_value_cells(grid, mine))
    if cells:
        layouts.append(TableLayout(number, CARD, cells=cells))
    bottoms = sorted({path.bottom for _n, path in mine if path.bottom})
    tops = {
        bottom: min(path.row for _n, path in mine if path.bottom == bottom) for bottom in bottoms
    }
    for place, bottom in enumerate(bottoms):
        until = tops[bottoms[place + 1]] if place + 1 < len(bottoms) else grid.height
        group = [(n, path) for n, path in mine if path.bottom == bottom]
        layouts.append(_list_layout(grid, number, group, until))
    return layouts


def _list_layout(
    grid: FormTable, number: int, mine: Sequence[tuple[int, HeadingPath]], until: int
) -> TableLayout:
    first = mine[0][1].bottom
    last, total = _end(grid, first, until)
    rows = _row_conditions(grid, min(path.row for _n, path in mine), first, until)
    if rows:
        last, total = rows[-1][0], None
    else:
        first, last = _after_those_named(grid, mine, first, last)
    serial = next(
        (path.column for _n, path in mine if SERIAL.match(re.sub(r"\s", "", path.text))), None
    )
    columns = tuple((path.column, n) for n, path in mine)
    sides = _sides([re.sub(r"\s", "", path.text) for _n, path in mine])
    return TableLayout(
        number, LIST, first, last, total, serial, columns, row_conditions=rows, sides=sides
    )


def _after_those_named(
    grid: FormTable, mine: Sequence[tuple[int, HeadingPath]], first: int, last: int
) -> tuple[int, int]:
    """Return the rows below those in which somebody is printed, whose rows they stay."""
    named = {path.column for _n, path in mine if asks_name(path.text)}
    taken = [
        number
        for number in range(first, last + 1)
        for row in (grid.row(number),)
        if not is_sample(row)
        and (is_data(row) or any(one.column in named and is_word(one.text) for one in row))
    ]
    if not named or not taken:
        return first, last
    return taken[-1] + 1, max(last, taken[-1])


def _row_conditions(
    grid: FormTable, top: int, first: int, until: int
) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """Return the words of each row of a cross table, and those beside them that reach further."""
    conditions = []
    for form_cell in row_labels(grid, top, first, until):
        beside = [up.text for up in grid.reaching(form_cell.row) if up.column < form_cell.column]
        conditions.append((form_cell.row, form_cell.text, tuple(beside)))
    return tuple(conditions)


def _sides(texts: list[str]) -> int:
    """Return how many times the same headings stand side by side: two narrow lists on a page."""
    for times in (3, 2):
        wide, rest = divmod(len(texts), times)
        if not rest and wide >= NARROWEST and texts == texts[:wide] * times:
            return times
    return 1


def _value_cells(
    grid: FormTable, mine: Sequence[tuple[int, HeadingPath]]
) -> list[tuple[int, int, int]]:
    cells = []
    for number, path in mine:
        if path.bottom:
            continue
        after = grid.after(FormCell(path.row, path.column, path.text))
        if after is not None and is_blank(after.text):
            cells.append((path.row, after.column, number))
    return cells


def _end(grid: FormTable, first: int, until: int) -> tuple[int, int | None]:
    """Return the last blank row before ``until`` and the row of totals."""
    last = first
    for number in range(first, until):
        row = grid.row(number)
        text = next((one.text for one in row if one.text), "").replace(" ", "")
        if TOTAL.match(text):
            return max(first, number - 1), number
        # A single text over the whole width ends a list: it is a note or the next list's title.
        if NOTE.match(text) or (len(row) == 1 and text):
            break
        last = number
    return last, None


def fingerprint_of(headings: Sequence[FieldMatch], tables: Sequence[TableLayout]) -> str:
    """Return a name of the form's shape: its headings and where they stand, no title, no rows."""
    texts = [re.sub(r"\s", "", f"{one.text}{one.block and '|'}{one.block}") for one in headings]
    places = [
        f"{one.at.table}|{one.at.column}|{text}" for one, text in zip(headings, texts, strict=True)
    ]
    shapes = [f"{table_layout.table}:{table_layout.shape}" for table_layout in tables]
    return hashlib.sha256("\n".join([*shapes, *places]).encode()).hexdigest()
