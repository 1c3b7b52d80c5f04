"""Where values go: the blank rows of a list, the cell beside a label, the lines around."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from linli.capabilities.forms.reading.form import (
    PARAGRAPH,
    Line,
    Match,
    TableLayout,
)
from linli.capabilities.forms.reading.grids import Grid, Paper
from linli.capabilities.forms.reading.shape import Heading

SERIAL = re.compile(r"^(序号|编号|序|No\.?|序\s*号)$")
TOTAL = re.compile(r"^(合计|总计|小计|共计)")
NOTE = re.compile(r"^(备注|注|说明|填表说明|填报说明|填表人|填报人|负责人|审核|联系人)\s*[：:]")
LINES = {
    "unit": re.compile(r"(填报单位|填表单位|单位|社区|居委会|村居)(（盖章）|\(盖章\)|名称)?[：:]"),
    "date": re.compile(r"(填报日期|填表日期|填报时间|填表时间|日期|时间)[：:]"),
    "reporter": re.compile(r"(填报人|填表人|经办人|制表人|制表)[：:]"),
}


def layout_of(
    grid: Grid, number: int, shape: str, mine: Sequence[tuple[int, Heading]]
) -> TableLayout:
    """Lay one table out; ``mine`` are its headings with their numbers in the form."""
    bottom = max((one.bottom for _n, one in mine if one.bottom), default=0)
    columns = tuple((one.column, n) for n, one in mine if one.bottom)
    cells = tuple(_value_cells(grid, mine))
    if not columns:
        return TableLayout(number, shape, cells=cells)
    last, total = _end(grid, bottom)
    serial = next((one.column for _n, one in mine
                   if one.bottom and SERIAL.match(re.sub(r"\s", "", one.text))), None)  # fmt: skip
    return TableLayout(number, shape, bottom, last, total, serial, columns, cells)


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


def _end(grid: Grid, first: int) -> tuple[int, int | None]:
    """Return the last blank row and the row of totals."""
    last = max(first, grid.height - 1)
    for number in range(first, grid.height):
        text = next((one.text for one in grid.row(number) if one.text), "").replace(" ", "")
        if TOTAL.match(text):
            return max(first, number - 1), number
        if NOTE.match(text):
            return max(first, number - 1), None
    return last, None


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
