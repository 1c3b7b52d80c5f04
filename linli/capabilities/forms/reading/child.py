"""The child process: parses one file from its standard input under limits, answers JSON."""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from typing import Any

from linli.capabilities.forms.reading.blocks import TABLE, blocks, words_of

PICTURES = ("}blip", "}imagedata")
MEMORY, SECONDS, UNPACKED, COLUMNS, ROWS = 1 << 30, 30, 200 << 20, 400, 5000


def main() -> None:
    """Set the limits, then read; whatever goes wrong is only an exit code to the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)
    data = sys.stdin.buffer.read()
    kind = sys.argv[1]
    if kind != "xls":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise MemoryError
    answer = {"docx": _word, "xlsx": _sheets, "xls": _old_sheets}[kind](data)
    sys.stdout.write(json.dumps(answer))


def _refuse(event: str, _details: Any) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.system")):
        raise PermissionError(event)


def _word(data: bytes) -> dict[str, Any]:
    from docx import Document

    document = Document(io.BytesIO(data))
    words, tables = [], []
    for block in blocks(document.element.body):
        if block.tag == TABLE:
            tables.append({"name": "", "cells": _word_cells(block)})
        elif text := words_of(block):
            words.append(text)
    pictures = sum(1 for one in document.element.body.iter() if one.tag.endswith(PICTURES))
    return {"words": words, "tables": tables, "pictures": pictures}


def _word_cells(table: Any) -> list[list[Any]]:
    """Return [row, column, text, rows, columns]; a cell that goes on from above reaches down."""
    cells: list[list[Any]] = []
    above: dict[int, list[Any]] = {}
    for number, row in enumerate(table.tr_lst):
        column = row.grid_before
        for one in row.tc_lst:
            if one.vMerge == "continue" and column in above:
                above[column][3] += 1
            else:
                text = "".join(part.text or "" for part in one.iter() if part.tag.endswith("}t"))
                cell = [number, column, text.strip(), 1, one.grid_span]
                cells.append(cell)
                above[column] = cell
            column += one.grid_span
    return cells


def _sheets(data: bytes) -> dict[str, Any]:
    from openpyxl import load_workbook

    tables, pictures = [], 0
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        pictures += len(sheet._images)
        if sheet.sheet_state != "visible" or sheet.max_row * sheet.max_column == 1:
            continue
        if sheet.max_column > COLUMNS or sheet.max_row > ROWS:
            # A form cut short without a word would be handed in half filled.
            return {"too_large": sheet.title}
        hidden = [
            column - 1 for one in sheet.column_dimensions.values() if one.hidden
            for column in range(one.min, min(one.max, COLUMNS) + 1)
        ]  # fmt: skip
        tables.append({"name": sheet.title, "cells": _sheet_cells(sheet), "hidden": hidden})
    return {"words": [], "tables": tables, "pictures": pictures}


def _sheet_cells(sheet: Any) -> list[list[Any]]:
    merged = {(one.min_row, one.min_col): one for one in sheet.merged_cells.ranges}
    inside = {place for one in merged.values() for place in one.cells} - set(merged)
    cells = []
    for row in sheet.iter_rows():
        for one in row:
            at = (one.row, one.column)
            if at in inside:
                continue
            span = merged.get(at)
            high = span.max_row - span.min_row + 1 if span else 1
            wide = span.max_col - span.min_col + 1 if span else 1
            text = str(one.value or "").strip()
            cells.append([one.row - 1, one.column - 1, text, high, wide])
    return cells


def _old_sheets(data: bytes) -> dict[str, Any]:
    """Read a workbook of old Excel; its look is not told, only what stands where."""
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    tables = []
    for number, told in enumerate(book.sheets_metadata):
        sheet = book.get_sheet_by_index(number)
        if told.visible != calamine.SheetVisibleEnum.Visible or sheet.start is None:
            continue
        rows, columns = sheet.end or (0, 0)
        if columns >= COLUMNS or rows >= ROWS:
            return {"too_large": told.name}
        merges = [[a, b, c - a + 1, d - b + 1] for (a, b), (c, d) in sheet.merged_cell_ranges or []]
        spans = {(row, column): (high, wide) for row, column, high, wide in merges}
        inside = {(row + down, column + right) for row, column, high, wide in merges
                  for down in range(high) for right in range(wide)} - set(spans)  # fmt: skip
        cells = [
            [row, column, _said(value), *spans.get((row, column), (1, 1))]
            for row, values in enumerate(sheet.to_python(skip_empty_area=False))
            for column, value in enumerate(values) if (row, column) not in inside
        ]  # fmt: skip
        tables.append({"name": told.name, "cells": cells})
    return {"words": [], "tables": tables}


def _said(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()


if __name__ == "__main__":
    main()
