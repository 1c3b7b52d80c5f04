"""The visible sheets of a workbook, new or old; runs in the child."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from linli.capabilities.form_filling.child import sheet_parts
from linli.capabilities.form_filling.child.bounds import COLUMNS, ROWS, TABLES, Bounds
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading


def sheets(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return the tables of an .xlsx and how many pictures."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as box:
        sheet_parts.measure(box, limits)
    tables: list[dict[str, Any]] = []
    pictures, bounds = 0, Bounds()
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        pictures += len(sheet._images)
        # Hidden sheets hold the words of drop-downs, and are no form.
        if sheet.sheet_state != "visible" or sheet.max_row * sheet.max_column == 1:
            continue
        if sheet.max_column > COLUMNS or sheet.max_row > ROWS:
            # A form cut short without a word would be handed in half filled.
            raise StopReading("too_large", sheet=sheet.title)
        hidden = {
            column - 1
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden
            for column in range(dimension.min, min(dimension.max, COLUMNS) + 1)
        }
        cells = _cells(sheet, bounds)
        tables.append({"name": sheet.title, "cells": cells, "hidden": sorted(hidden)})
        _check_tables(tables)
    return {"words": [], "tables": tables, "pictures": pictures}


def _check_tables(tables: list[dict[str, Any]]) -> None:
    if len(tables) > TABLES:
        raise StopReading("too_many_tables", tables=TABLES, words=0)


def _cells(sheet: Any, bounds: Bounds) -> list[list[Any]]:
    merged = {(cell.min_row, cell.min_col): cell for cell in sheet.merged_cells.ranges}
    inside = {place for cell in merged.values() for place in cell.cells} - set(merged)
    cells = []
    for row in sheet.iter_rows():
        for cell in row:
            at = (cell.row, cell.column)
            if at in inside:
                continue
            span = merged.get(at)
            high = span.max_row - span.min_row + 1 if span else 1
            wide = span.max_col - span.min_col + 1 if span else 1
            bounds.cell(cell.row - 1, cell.column - 1, high, wide, sheet.title)
            said = str(cell.value or "")
            text = bounds.text(said.strip())
            indent = len(said) - len(said.lstrip()) + int(cell.alignment.indent or 0) if text else 0
            cells.append([cell.row - 1, cell.column - 1, text, high, wide, indent])
    return cells


def old_sheets(data: bytes) -> dict[str, Any]:
    """Read a workbook of old Excel; its look is not told, only what stands where."""
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    tables: list[dict[str, Any]] = []
    bounds = Bounds()
    for number, metadata in enumerate(book.sheets_metadata):
        if metadata.visible != calamine.SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(number)
        if sheet.start is None:
            continue
        rows, columns = sheet.end or (0, 0)
        if columns >= COLUMNS or rows >= ROWS:
            raise StopReading("too_large", sheet=metadata.name)
        merges = [[a, b, c - a + 1, d - b + 1] for (a, b), (c, d) in sheet.merged_cell_ranges or []]
        for row, column, high, wide in merges:
            # Before the places are laid out: a merge over the whole sheet would fill the memory.
            bounds.cell(row, column, high, wide, metadata.name)
        spans = {(row, column): (high, wide) for row, column, high, wide in merges}
        inside = {
            (row + down, column + right)
            for row, column, high, wide in merges
            for down in range(high)
            for right in range(wide)
        } - set(spans)
        cells = []
        for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
            for column, value in enumerate(values):
                if (row, column) not in inside:
                    bounds.cell(row, column, 1, 1, metadata.name)
                    text = bounds.text(said_in(value))
                    cells.append([row, column, text, *spans.get((row, column), (1, 1))])
        tables.append({"name": metadata.name, "cells": cells})
        _check_tables(tables)
    return {"words": [], "tables": tables}


def said_in(value: Any) -> str:
    """Return what a cell of an old workbook says."""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()


def written_anew(data: bytes) -> bytes:
    """Return an old workbook as .xlsx: every word and merged cell, without fonts and widths."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for table in old_sheets(data)["tables"]:
        sheet: Any = book.create_sheet(table["name"])
        for row, column, text, high, wide in table["cells"]:
            # Text and never a formula, whatever it begins with.
            sheet.cell(row + 1, column + 1, text or None).data_type = "s" if text else "n"
            if high * wide > 1:
                sheet.merge_cells(
                    start_row=row + 1,
                    end_row=row + high,
                    start_column=column + 1,
                    end_column=column + wide,
                )
    if not book.worksheets:
        book.create_sheet()
    book.save(out)
    return out.getvalue()
