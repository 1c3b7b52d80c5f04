"""Where the table begins in a sheet: titles above, headings of one to three rows, the body."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linli.workbench.imports.reading import SheetAsRead, SheetRow
from linli.workbench.imports.reading.parsed_file import Box, CellValue, letters

ROWS_TO_JUDGE = 30
MOST_HEADER_ROWS = 3
LONGEST_HEADING = 40
# What stands below or between the rows of people: sums, signatures, notes, an example.
_ENDING = re.compile(
    r"(?:本页|本组|本户|全部|以上)?(?:合计|总计|小计|共计|总数)(?:[:：\d人户名].*)?$"
    r"|共\d+(?:人|户|名|条|行)|以下空白|以下无正文|(?:填表|制表|填报|审核|审批|负责|经办|经手|复核|报送|登记)"
    r"(?:人|单位|日期|时间|部门)?(?:签字|签名|签章|盖章)?(?:[（(].*[)）])?[:：]"
    r"|(?:填表人|制表人|填报人|审核人)|(?:单位)?负责人(?:签字)?[:：]|(?:单位|社区)?(?:（?盖章）?)[:：]?$"
    r"|(?:备注|说明|注|填表说明|填写说明)[:：]|注\d*[.、：:]|(?:例|示例|样例|例如|举例)(?:[:：]|$)"
)


@dataclass(frozen=True)
class ColumnHeading:
    """One column of the table: its place, and its words from the top row to the lowest."""

    column: int
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole heading in one line."""
        return " ".join(self.parts)

    @property
    def letters(self) -> str:
        """What the spreadsheet calls the column."""
        return letters(self.column)


@dataclass(frozen=True)
class SheetTable:
    """A sheet understood: headings, rows below them, and what was left out or may surprise.

    ``footers`` are rows that speak of nobody: sums, signatures, repeated headings, group titles.
    """

    header_rows: tuple[int, ...]
    headings: tuple[ColumnHeading, ...]
    rows: tuple[SheetRow, ...]
    above: tuple[str, ...] = ()
    merged_below: int = 0
    footers: tuple[int, ...] = ()


Known = Callable[[str], bool]


def table_of(sheet: SheetAsRead, known: Known, *, fill_down: bool = False) -> SheetTable | None:
    """Find the table of a sheet; None when nothing looks like a row of headings.

    Merged cells of the body hold their value once, as the file says it; ``fill_down`` repeats it
    in the rows below, never in the columns beside.
    """
    rows = {row.number: row for row in sheet.rows}
    best = _best(sheet.rows[:ROWS_TO_JUDGE], known)
    if best is None:
        return None
    top, bottom = _extent(best, rows, sheet, known)
    header = tuple(n for n in range(top, bottom + 1))
    body = [row for row in sheet.rows if row.number > bottom]
    merged = [box for box in sheet.merges if box[0] > bottom and box[2] > box[0]]
    above = [set(_texts(rows[n])) for n in header if n in rows]
    titles = {box[0] for box in sheet.merges if box[3] - box[1] >= max(2, sheet.width // 2)}
    footers = tuple(
        row.number
        for row in body
        if _is_footer(row)
        or any(_repeats(row, texts) for texts in above)
        or (row.number in titles and sum(cell is not None for cell in row.cells) == 1)
    )
    if fill_down:
        left_out = set(footers)
        body = _filled([row for row in body if row.number not in left_out], merged)
    return SheetTable(
        header,
        _headings(header, rows, sheet),
        tuple(row for row in body if row.number not in set(footers)),
        tuple(_joined(row) for row in sheet.rows if row.number < top),
        len(merged),
        footers,
    )


def _texts(row: SheetRow) -> list[str]:
    return [cell for cell in row.cells if isinstance(cell, str)]


def _joined(row: SheetRow) -> str:
    return " ".join(_texts(row))[:200]


def _best(rows: Sequence[SheetRow], known: Known) -> SheetRow | None:
    """Return the row with the most known words; else the first that is all short texts."""
    counted = [(sum(known(text) for text in _texts(row)), row) for row in rows]
    most = max((count for count, _row in counted), default=0)
    if most:
        # A note such as "姓名必填" is one known word in one cell; headings are many.
        return next(row for count, row in counted if count == most)
    return next(
        (
            row
            for row in rows
            if len(_texts(row)) > 1
            and len(_texts(row)) == sum(cell is not None for cell in row.cells)
            and all(len(text) <= LONGEST_HEADING for text in _texts(row))
        ),
        None,
    )


def _extent(
    best: SheetRow, rows: dict[int, SheetRow], sheet: SheetAsRead, known: Known
) -> tuple[int, int]:
    """Return first and last header row: merged cells tie rows together."""
    top = bottom = best.number
    for first, _left, last, _right in sheet.merges:
        if first <= best.number <= last and last - first < MOST_HEADER_ROWS:
            top, bottom = min(top, first), max(bottom, last)
    while top - 1 in rows and bottom - top + 1 < MOST_HEADER_ROWS:
        if not _groups(rows[top - 1], sheet):
            break
        top -= 1
    while bottom + 1 in rows and bottom - top + 1 < MOST_HEADER_ROWS:
        below = rows[bottom + 1]
        words_only = len(_texts(below)) == sum(cell is not None for cell in below.cells)
        hits = sum(known(text) for text in _texts(below))
        if not (words_only and hits and (_groups(rows[bottom], sheet) or hits > 1)):
            break
        bottom += 1
    return top, bottom


def _groups(row: SheetRow, sheet: SheetAsRead) -> bool:
    """Does this row name groups of columns (and is no title over the whole width)?"""
    wide = [b for b in sheet.merges if b[0] == row.number and b[1] < b[3]]
    return bool(wide) and len(_texts(row)) > 1


def _headings(
    header: Sequence[int], rows: dict[int, SheetRow], sheet: SheetAsRead
) -> tuple[ColumnHeading, ...]:
    headings = []
    for column in range(sheet.width):
        parts: list[str] = []
        for number in header:
            text = _heading_cell(number, column, rows, sheet.merges)
            # A merged heading stands in every row that it covers.
            if text and text not in parts:
                parts.append(text)
        # Without a heading a column may still be known by its values.
        if parts or _has_values(column, header[-1], sheet):
            headings.append(ColumnHeading(column, tuple(parts)))
    return tuple(headings)


def _heading_cell(
    number: int, column: int, rows: dict[int, SheetRow], merges: Sequence[Box]
) -> str:
    value: CellValue = rows[number].cell(column) if number in rows else None
    if value is None:
        for first, left, last, right in merges:
            if first <= number <= last and left <= column <= right and first in rows:
                value = rows[first].cell(left)
    return " ".join(str(value).split())[:LONGEST_HEADING] if value is not None else ""


def _has_values(column: int, below: int, sheet: SheetAsRead) -> bool:
    return any(row.number > below and row.cell(column) is not None for row in sheet.rows[:200])


def _is_footer(row: SheetRow) -> bool:
    texts = _texts(row)
    # Such words are often set wide, with spaces inside.
    return bool(texts) and bool(_ENDING.match("".join(texts[0].split())))


def _repeats(row: SheetRow, heading: set[str]) -> bool:
    """Is this row the headings once more, as at the top of every printed page?"""
    texts = _texts(row)
    is_all_text = len(texts) == sum(cell is not None for cell in row.cells)
    return len(texts) > 1 and is_all_text and set(texts) <= heading


def _filled(body: list[SheetRow], merged: Sequence[Box]) -> list[SheetRow]:
    rows = {row.number: list(row.cells) for row in body}
    for first, left, last, _right in merged:
        origin = rows.get(first)
        if origin is None or left >= len(origin):
            continue
        for number in range(first, last + 1):
            # A row that says nothing else is none, however far down a cell was merged.
            cells = rows.get(number)
            if cells is None:
                continue
            cells += [None] * (left + 1 - len(cells))
            if cells[left] is None:
                cells[left] = origin[left]
    return [SheetRow(number, tuple(rows[number])) for number in sorted(rows)]
