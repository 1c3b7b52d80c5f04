"""Where values go: the blank rows of a list, the cell beside a label, the lines around."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from linli.capabilities.forms.reading.form import (
    CARD,
    LIST,
    PARAGRAPH,
    Line,
    Match,
    TableLayout,
)
from linli.capabilities.forms.reading.grids import Grid, Paper
from linli.capabilities.forms.reading.shape import Heading

NARROWEST = 2
SERIAL = re.compile(r"^(序号|编号|序|No\.?|序\s*号)$")
TOTAL = re.compile(r"^(合计|总计|小计|共计)")
NOTE = re.compile(r"^(备注|注|说明|填表说明|填报说明|填表人|填报人|负责人|审核|联系人)\s*[：:]")
LINES = {
    "unit": re.compile(r"(填报单位|填表单位|单位|社区|居委会|村居)(（盖章）|\(盖章\)|名称)?[：:]"),
    "date": re.compile(r"(填报日期|填表日期|填报时间|填表时间|日期|时间)[：:]"),
    "reporter": re.compile(r"(填报人|填表人|经办人|制表人|制表)[：:]"),
}


def layouts_of(grid: Grid, number: int, mine: Sequence[tuple[int, Heading]]) -> list[TableLayout]:
    """Lay one table out: its labels with their cells, then each list; ``mine`` are its headings."""
    made = []
    cells = tuple(_value_cells(grid, mine))
    if cells:
        made.append(TableLayout(number, CARD, cells=cells))
    bottoms = sorted({one.bottom for _n, one in mine if one.bottom})
    tops = {bottom: min(one.row for _n, one in mine if one.bottom == bottom) for bottom in bottoms}
    for place, bottom in enumerate(bottoms):
        until = tops[bottoms[place + 1]] if place + 1 < len(bottoms) else grid.height
        group = [(n, one) for n, one in mine if one.bottom == bottom]
        made.append(_list_layout(grid, number, group, until))
    return made


def _list_layout(
    grid: Grid, number: int, mine: Sequence[tuple[int, Heading]], until: int
) -> TableLayout:
    first = mine[0][1].bottom
    last, total = _end(grid, first, until)
    serial = next(
        (one.column for _n, one in mine if SERIAL.match(re.sub(r"\s", "", one.text))), None
    )
    columns = tuple((one.column, n) for n, one in mine)
    sides = _sides([re.sub(r"\s", "", one.text) for _n, one in mine])
    return TableLayout(number, LIST, first, last, total, serial, columns, sides=sides)


def _sides(texts: list[str]) -> int:
    """Return how many times the same headings stand side by side: two narrow lists on a page."""
    for times in (3, 2):
        wide, rest = divmod(len(texts), times)
        if not rest and wide >= NARROWEST and texts == texts[:wide] * times:
            return times
    return 1


def _value_cells(grid: Grid, mine: Sequence[tuple[int, Heading]]) -> list[tuple[int, int, int]]:
    made = []
    for number, one in mine:
        if one.bottom:
            continue
        row = grid.row(one.row)
        after = next((cell for cell in row if cell.column > one.column), None)
        if after is not None and not after.text:
            made.append((one.row, after.column, number))
    return made


def _end(grid: Grid, first: int, until: int) -> tuple[int, int | None]:
    """Return the last blank row before ``until`` and the row of totals."""
    last = first
    for number in range(first, until):
        row = grid.row(number)
        text = next((one.text for one in row if one.text), "").replace(" ", "")
        if TOTAL.match(text):
            return max(first, number - 1), number
        if NOTE.match(text) or (len(row) == 1 and text):
            break
        last = number
    return last, None


def ends_of(tables: Sequence[TableLayout]) -> dict[int, int]:
    """Return the last blank row of each table."""
    made: dict[int, int] = {}
    for one in tables:
        made[one.table] = max(made.get(one.table, -1), one.last_row if one.columns else -1)
    return made


def lines_of(paper: Paper, last_of: dict[int, int]) -> tuple[Line, ...]:
    """Find the lines that ask who fills the form, in paragraphs and around the tables."""
    found = []
    for number, words in enumerate(paper.words):
        found += [Line(what, words, PARAGRAPH, number, 0)
                  for what, pattern in LINES.items() if pattern.search(words)]  # fmt: skip
    for number, grid in enumerate(paper.tables):
        for one in grid.cells:
            if one.row <= last_of.get(number, -1) and not one.text.endswith(("：", ":")):
                continue
            found += [Line(what, one.text, number, one.row, one.column)
                      for what, pattern in LINES.items() if pattern.match(one.text)]  # fmt: skip
    return tuple(found)


def fingerprint_of(headings: Sequence[Match], tables: Sequence[TableLayout]) -> str:
    """Return a name of the form's shape: its headings and where they stand, no title, no rows."""
    texts = [re.sub(r"\s", "", one.text) for one in headings]
    said = [
        f"{one.at.table}|{one.at.column}|{text}" for one, text in zip(headings, texts, strict=True)
    ]
    shapes = [f"{one.table}:{one.shape}" for one in tables]
    return hashlib.sha256("\n".join([*shapes, *said]).encode()).hexdigest()
