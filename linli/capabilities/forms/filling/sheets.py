"""Excel: rows inserted with the form's own styles, formulas left alone."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell

from linli.capabilities.forms.filling.content import Content, Filled, ListContent
from linli.capabilities.forms.filling.values import styled

CHANGES = "变动"


def fill_workbook(path: Path, out: Path, content: Content) -> Filled:
    """Fill a .xlsx."""
    book = load_workbook(path)
    sheets = [
        one for one in book.worksheets
        if one.sheet_state == "visible" and one.max_row * one.max_column > 1
    ]  # fmt: skip
    rows = cells = 0
    for cell in content.cells:
        cells += _put(sheets[cell.table].cell(cell.row + 1, cell.column + 1), cell.value, "")
    for line in content.lines:
        if line.table >= 0:
            target = sheets[line.table].cell(line.row + 1, line.column + 1)
            if isinstance(target.value, str):
                target.value = target.value.rstrip("_ ") + line.text
    for one in content.lists:
        rows += len(one.rows)
        cells += _fill_list(sheets[one.table], one)
    if content.changes:
        extra = book.create_sheet(CHANGES)
        extra.append([_("谁"), _("栏目"), _("上次"), _("这次")])
        for change in content.changes:
            extra.append([change.row, change.heading, change.before, change.after])
    book.save(out)
    return Filled(rows, cells, 0)


def _put(cell: Any, value: Any, heading: str) -> int:
    if value is None or isinstance(cell, MergedCell):
        return 0
    if isinstance(cell.value, str) and cell.value.startswith("="):
        return 0
    made = styled(value, heading)
    cell.value = made
    if isinstance(made, str) and made.isdigit() and len(made) > 10:
        cell.number_format = "@"
        cell.data_type = "s"
    return 1


def _fill_list(sheet: Any, one: ListContent) -> int:
    blanks = one.last_row - one.first_row + 1
    extra = len(one.rows) - blanks
    if extra > 0 and one.last_row + 1 < sheet.max_row:
        _make_room(sheet, one.last_row + 1, extra)
    styles = {
        column: copy.copy(sheet.cell(one.last_row + 1, column)._style)
        for column in range(1, sheet.max_column + 1)
    }
    height = sheet.row_dimensions[one.last_row + 1].height
    heads = {
        column: "".join(str(sheet.cell(row, column + 1).value or "")
                        for row in range(1, one.first_row + 1))
        for column in {each for row in one.rows for each in row}
    }  # fmt: skip
    cells = 0
    for number, values in enumerate(one.rows):
        row = one.first_row + number + 1
        if row > one.last_row + 1:
            for column, style in styles.items():
                target = sheet.cell(row, column)
                if not isinstance(target, MergedCell):
                    target._style = copy.copy(style)
            if height:
                sheet.row_dimensions[row].height = height
        if one.serial_column is not None:
            _put(sheet.cell(row, one.serial_column + 1), number + 1, "")
        for column, value in values.items():
            if column != one.serial_column:
                cells += _put(sheet.cell(row, column + 1), value, heads[column])
    return cells


def _make_room(sheet: Any, after: int, extra: int) -> None:
    """Move what stands under the blank rows down, with its merges and heights."""
    below = [one for one in sheet.merged_cells.ranges if one.min_row > after]
    for one in below:
        sheet.unmerge_cells(str(one))
    last, width = sheet.max_row, sheet.max_column
    heights = {row: sheet.row_dimensions[row].height for row in range(after + 1, last + 1)}
    sheet.move_range(f"A{after + 1}:{sheet.cell(last, width).coordinate}", rows=extra,
                     translate=True)  # fmt: skip
    for row, height in heights.items():
        sheet.row_dimensions[row + extra].height = height
    for one in below:
        one.shift(0, extra)
        sheet.merge_cells(str(one))
