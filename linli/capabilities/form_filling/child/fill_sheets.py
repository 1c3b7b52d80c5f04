"""Excel: rows added with the form's own styles, choices in its own words, formulas kept right."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from linli.capabilities.form_filling.child.choices import choices_of, spelt
from linli.capabilities.form_filling.child.excel_extensions import carry_over
from linli.capabilities.form_filling.child.read_back import texts_of_workbook
from linli.capabilities.form_filling.child.row_insertion import reach_further
from linli.capabilities.form_filling.filling.blanks import (
    PLACEHOLDER,
    has_boxes,
    is_blank,
    options_of,
    ticked,
)
from linli.capabilities.form_filling.filling.content import (
    SHAPES_LOST,
    UNOFFERED,
    CellContent,
    Content,
    FillResult,
    LineContent,
    ListContent,
)
from linli.capabilities.form_filling.filling.lines import edited, edits_of
from linli.capabilities.form_filling.filling.values import in_boxes, styled

CHANGES = "变动"
Words = Mapping[str, Any]  # "since" and the four "columns" of what changed
LONG_NUMBER = 11  # digits; Excel would show a longer number as 3.3E+17


def fill_workbook(data: bytes, content: Content, words: Words) -> tuple[bytes, FillResult]:
    """Fill a .xlsx."""
    # With rich text: a line of several looks would else lose all but one.
    book, out = load_workbook(io.BytesIO(data), rich_text=True), io.BytesIO()
    is_whole = carry_over(data, book)
    sheets = [
        worksheet
        for worksheet in book.worksheets
        # The same sheets as the reader saw: contents name them by number.
        if worksheet.sheet_state == "visible" and worksheet.max_row * worksheet.max_column > 1
    ]
    rows, cells, doubts = 0, 0, dict[str, None]()
    numbers = {one.table for one in content.cells} | {one.table for one in content.lists}
    filling = {number: _Sheet(sheets[number], doubts) for number in numbers}
    # Read before anything is written: later the rows above hold values too.
    heads = [filling[one.table].heads(one) for one in content.lists]
    for line in content.lines:
        if line.table >= 0:
            _line(sheets[line.table].cell(line.row + 1, line.column + 1), line)
    for cell in content.cells:
        cells += filling[cell.table].fill_cell(cell)
    # From the bottom up, so that rows added to one list move none that is still to be filled.
    for one, texts in sorted(
        zip(content.lists, heads, strict=True), key=lambda each: -each[0].first_row
    ):
        rows += len(one.rows)
        cells += filling[one.table].fill(one, texts)
    if content.changes:
        _add_changes(book, content, words)
    book.save(out)
    standing = texts_of_workbook(out.getvalue(), [sheet.title for sheet in sheets])
    warnings = [f"{UNOFFERED}{doubt}" for doubt in doubts]
    if not is_whole:
        warnings.append(SHAPES_LOST)
    return out.getvalue(), FillResult(rows, cells, 0, tuple(warnings), standing)


def _line(cell: Any, line: LineContent) -> None:
    """Write after the colons of a line, each text with the look of its own blank."""
    if isinstance(cell.value, CellRichText):
        pieces = [one.text if isinstance(one, TextBlock) else one for one in cell.value]
        now = edited(pieces, edits_of("".join(pieces), line.said))
        for number, text in enumerate(now):
            if isinstance(cell.value[number], TextBlock):
                cell.value[number].text = text
            else:
                cell.value[number] = text
    elif isinstance(cell.value, str):
        cell.value = edited([cell.value], edits_of(cell.value, line.said))[0]


def _add_changes(book: Any, content: Content, words: Words) -> None:
    extra = book.create_sheet(CHANGES)
    extra.append(list(words["columns"]))
    for number, change in enumerate(content.changes, 2):
        for column, text in enumerate((change.row, change.heading, change.before, change.after), 1):
            extra.cell(number, column, text).data_type = "s"  # never a formula


class _Sheet:
    """One worksheet being filled; rows and columns count from 1, as its cells do."""

    def __init__(self, sheet: Any, doubts: dict[str, None]) -> None:
        self.sheet, self.doubts = sheet, doubts
        self.choices = choices_of(sheet)

    def heads(self, one: ListContent) -> Mapping[int, str]:
        """Return the words over each column, as the blank form has them."""
        return one.headings or {
            column: "".join(
                str(self.sheet.cell(row, column + 1).value or "")
                for row in range(1, one.first_row + 1)
            )
            for column in {each for row in one.rows for each in row}
        }

    def fill_cell(self, one: CellContent) -> int:
        """Write beside a label: a number digit by digit where it has a box for each."""
        whole = one.value if not isinstance(one.value, str) else in_boxes(one.value, one.boxes)
        values = whole if isinstance(whole, list) and len(whole) > 1 else [one.value]
        return min(
            1,
            sum(
                self.put(one.row + 1, one.column + 1 + number, value, one.heading)
                for number, value in enumerate(values)
            ),
        )

    def _tick(self, cell: Any, value: Any) -> int:
        """Tick the box whose word says what is known; what no word says is a doubt."""
        options = options_of(cell.value)
        word = spelt(str(value), tuple(word for _start, _end, word in options))
        chosen = next((each for each in options if each[2] == word), None)
        if chosen is None:
            self.doubts.setdefault(str(value))
            return 0
        start, end, _word = chosen
        cell.value = cell.value[:start] + ticked(cell.value, start, end) + cell.value[end:]
        return 1

    def put(self, row: int, column: int, value: Any, heading: str, *, over: bool = False) -> int:
        """Write a value, unless words, a formula or a merged neighbour own the cell."""
        cell = self.sheet.cell(row, column)
        if isinstance(cell.value, str) and has_boxes(cell.value):
            return 0 if value is None else self._tick(cell, styled(value, heading))
        if value is None or isinstance(cell, MergedCell) or not _is_free(cell.value, over=over):
            return 0
        styled_value = styled(value, heading)
        styled_value = self._spelt(styled_value, row, column)
        if styled_value == "":
            return 0
        cell.value = styled_value
        if isinstance(styled_value, str):
            cell.data_type = "s"  # a name that begins with "=" is a name
            if styled_value.isdigit() and len(styled_value) >= LONG_NUMBER:
                cell.number_format = "@"
        return 1

    def _spelt(self, value: Any, row: int, column: int) -> Any:
        offer = next((one for one in self.choices.get(column, ()) if one.is_for(row, column)), None)
        if offer is None or value == "":
            return value
        fits = spelt(str(value), offer.words)
        if fits is None:
            self.doubts[str(value)] = None
        return value if fits is None else fits

    def fill(self, one: ListContent, heads: Mapping[int, str]) -> int:
        """Fill a list, with rows like its last blank one added where they are too few."""
        last = one.last_row + 1
        extra = 0 if one.at else len(one.rows) - (one.last_row - one.first_row + 1)
        if extra > 0:
            self._make_room(last, extra)
            self._copy_row(last, extra)
        cells = 0
        for number, values in enumerate(one.rows):
            row = (one.at[number] if one.at else one.first_row + number) + 1
            if one.serial_column is not None:
                self.put(row, one.serial_column + 1, number + 1, "", over=True)
            for column, value in values.items():
                if column != one.serial_column:
                    # A number printed beforehand is the form's own count of its rows.
                    over, head = isinstance(value, int), heads.get(column, "")
                    cells += self.put(row, column + 1, value, head, over=over)
        return cells

    def _make_room(self, last: int, extra: int) -> None:
        """Move what stands under the blank rows down, with merges, heights and references."""
        sheet = self.sheet
        bottom, width = sheet.max_row, sheet.max_column
        below = [one for one in sheet.merged_cells.ranges if one.min_row > last]
        for one in below:
            sheet.unmerge_cells(str(one))
        if bottom > last:
            heights = {row: sheet.row_dimensions[row].height for row in range(last + 1, bottom + 1)}
            sheet.move_range(f"A{last + 1}:{get_column_letter(width)}{bottom}", rows=extra)
            # All are emptied before any is set: the old and the new rows may overlap.
            for row in heights:
                sheet.row_dimensions[row].height = None
            for row, height in heights.items():
                sheet.row_dimensions[row + extra].height = height
        for one in below:
            one.shift(0, extra)
            sheet.merge_cells(str(one))
        reach_further(sheet, last, extra)

    def _copy_row(self, last: int, extra: int) -> None:
        """Make the added rows like the last blank one: styles, height, merges, formulas."""
        sheet = self.sheet
        height = sheet.row_dimensions[last].height
        merges = [one for one in sheet.merged_cells.ranges if one.min_row == one.max_row == last]
        pattern = [(cell.column, copy.copy(cell._style), cell.value) for cell in sheet[last]]
        for row in range(last + 1, last + extra + 1):
            for column, style, value in pattern:
                target = sheet.cell(row, column)
                target._style = copy.copy(style)
                if isinstance(value, str) and value.startswith("="):
                    letter = get_column_letter(column)
                    formula = Translator(value, f"{letter}{last}")
                    target.value = formula.translate_formula(f"{letter}{row}")
            for merge in merges:
                sheet.merge_cells(
                    start_row=row, end_row=row, start_column=merge.min_col, end_column=merge.max_col
                )
            if height:
                sheet.row_dimensions[row].height = height


def _is_free(value: Any, *, over: bool) -> bool:
    """May a value be written where this stands? Only over blanks; a count also over a number."""
    if value is None:
        return True
    if isinstance(value, str) and not value.startswith("="):
        return is_blank(value) or (over and value.strip(PLACEHOLDER).isdigit())
    return over and isinstance(value, int | float)
