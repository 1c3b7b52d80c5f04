"""What stands in a file once it is filled, read from the very bytes that will be kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document

from linli.capabilities.form_filling.child.read_sheets import said_in
from linli.capabilities.form_filling.reading.blocks import TABLE, W, blocks, words_of

Texts = list[list[Any]]  # [row, column, text] of each cell with words


def texts_of_document(data: bytes) -> dict[str, Any]:
    """Return the paragraphs of a .docx, and the cells of each table."""
    parts = list(blocks(Document(io.BytesIO(data)).element.body))
    tables = [list(_cells(one)) for one in parts if one.tag == TABLE]
    return {
        "words": [words for one in parts if one.tag != TABLE and (words := words_of(one))],
        "tables": tables,
    }


def _cells(table: Any) -> Texts:
    cells = []
    for number, row in enumerate(table.tr_lst):
        column = row.grid_before
        for cell in row.tc_lst:
            if text := "".join(one.text or "" for one in cell.iter(f"{W}t")):
                cells.append([number, column, text])
            column += cell.grid_span
    return cells


def texts_of_workbook(data: bytes, titles: Sequence[str]) -> dict[str, Any]:
    """Return the cells of the named sheets of a .xlsx."""
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    tables = [
        [
            [row, column, text]
            for row, values in enumerate(
                book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            )
            for column, value in enumerate(values)
            if (text := said_in(value))
        ]
        for title in titles
    ]
    return {"words": [], "tables": tables}
