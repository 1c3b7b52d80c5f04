"""Excel: rows added with the form's own styles, choices in its own words, formulas kept right."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from linli.capabilities.forms.filling.choices import choices_of, spelt
from linli.capabilities.forms.filling.content import Content, Filled, ListContent
from linli.capabilities.forms.filling.values import styled

CHANGES = "变动"
LONG_NUMBER = 11  # digits; Excel would show a longer number as 3.3E+17
REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?(?![\d(A-Za-z])")


def fill_workbook(path: Path, out: Path, content: Content) -> Filled:
    """Fill a .xlsx."""
    book = load_workbook(path)
    sheets = [
        one for one in book.worksheets
        if one.sheet_state == "visible" and one.max_row * one.max_column > 1
    ]  # fmt: skip
    rows, cells, doubts = 0, 0, set[str]()
    for cell in content.cells:
        filling = _Sheet(sheets[cell.table], doubts)
        cells += filling.put(cell.row + 1, cell.column + 1, cell.value, "")
    for line in content.lines:
        if line.table >= 0:
            target = sheets[line.table].cell(line.row + 1, line.column + 1)
            if isinstance(target.value, str):
                target.value = target.value.rstrip("_ ") + line.text
    # From the bottom up, so that rows added to one list move none that is still to be filled.
    for one in sorted(content.lists, key=lambda each: -each.first_row):
        rows += len(one.rows)
        cells += _Sheet(sheets[one.table], doubts).fill(one)
    if content.changes:
        _add_changes(book, content)
    book.save(out)
    words = _("“%(what)s”不在表的下拉选项里，请看一眼")
    return Filled(rows, cells, 0, tuple(words % {"what": one} for one in sorted(doubts)))


def _add_changes(book: Any, content: Content) -> None:
    extra = book.create_sheet(CHANGES)
    extra.append([_("谁"), _("栏目"), _("上次"), _("这次")])
    for change in content.changes:
        extra.append([change.row, change.heading, change.before, change.after])


class _Sheet:
    """One worksheet being filled; rows and columns count from 1, as its cells do."""

    def __init__(self, sheet: Any, doubts: set[str]) -> None:
        self.sheet, self.doubts = sheet, doubts
        self.choices = choices_of(sheet)

    def put(self, row: int, column: int, value: Any, heading: str) -> int:
        """Write a value, unless a formula or a merged neighbour owns the cell; return how many."""
        cell = self.sheet.cell(row, column)
        if value is None or isinstance(cell, MergedCell):
            return 0
        if isinstance(cell.value, str) and cell.value.startswith("="):
            return 0
        made = styled(value, heading)
        offered = self.choices.get(column)
        if offered:
            fits = spelt(str(made), offered)
            if fits is None:
                self.doubts.add(str(made))
            made = made if fits is None else fits
        if made == "":
            return 0
        cell.value = made
        if isinstance(made, str) and made.isdigit() and len(made) >= LONG_NUMBER:
            cell.number_format, cell.data_type = "@", "s"
        return 1

    def fill(self, one: ListContent) -> int:
        """Fill a list, with rows like its last blank one added where they are too few."""
        last = one.last_row + 1
        extra = len(one.rows) - (one.last_row - one.first_row + 1)
        if extra > 0:
            self._make_room(last, extra)
            self._copy_row(last, extra)
        heads = {
            column: "".join(
                str(self.sheet.cell(row, column + 1).value or "")
                for row in range(1, one.first_row + 1)
            )
            for column in {each for row in one.rows for each in row}
        }
        cells = 0
        for number, values in enumerate(one.rows):
            row = one.first_row + number + 1
            if one.serial_column is not None:
                self.put(row, one.serial_column + 1, number + 1, "")
            for column, value in values.items():
                if column != one.serial_column:
                    cells += self.put(row, column + 1, value, heads[column])
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
            for row, height in heights.items():
                sheet.row_dimensions[row].height = None
                sheet.row_dimensions[row + extra].height = height
        for one in below:
            one.shift(0, extra)
            sheet.merge_cells(str(one))
        self._reach_further(last, extra)

    def _reach_further(self, last: int, extra: int) -> None:
        sheet = self.sheet
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = moved(cell.value, last, extra)
        for rule in sheet.data_validations.dataValidation:
            rule.sqref = type(rule.sqref)(moved(str(rule.sqref), last, extra))
        if sheet.auto_filter.ref:
            sheet.auto_filter.ref = moved(sheet.auto_filter.ref, last, extra)

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
            for one in merges:
                sheet.merge_cells(
                    start_row=row, end_row=row, start_column=one.min_col, end_column=one.max_col
                )
            if height:
                sheet.row_dimensions[row].height = height


def moved(text: str, last: int, extra: int) -> str:
    """Return a formula or range after rows were added: one that ended at ``last`` ends later."""

    def one(found: re.Match[str]) -> str:
        first, row, second, until = found[1], int(found[2]), found[3], found[4]
        row = row + extra if row > last else row
        if until is None:
            return f"{first}{row}"
        end = int(until)
        return f"{first}{row}:{second}{end + extra if end >= last else end}"

    return REFERENCE.sub(one, text)
