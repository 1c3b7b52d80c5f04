"""The child process: parses one file from its standard input under limits, answers JSON."""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from typing import Any

from linli.capabilities.forms.reading.blocks import TABLE, blocks, words_of

MEMORY, SECONDS, UNPACKED, COLUMNS, ROWS = 1 << 30, 30, 200 << 20, 400, 5000


def main() -> None:
    """Set the limits, then read; whatever goes wrong is only an exit code to the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)
    data = sys.stdin.buffer.read()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(one.file_size for one in packed.infolist()) > UNPACKED:
            raise MemoryError
    answer = _word(data) if sys.argv[1] == "docx" else _sheets(data)
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
    return {"words": words, "tables": tables}


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

    tables = []
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        if sheet.sheet_state != "visible" or sheet.max_row * sheet.max_column == 1:
            continue
        if sheet.max_column > COLUMNS or sheet.max_row > ROWS:
            # A form cut short without a word would be handed in half filled.
            return {"too_large": sheet.title}
        tables.append({"name": sheet.title, "cells": _sheet_cells(sheet)})
    return {"words": [], "tables": tables}


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


if __name__ == "__main__":
    main()
