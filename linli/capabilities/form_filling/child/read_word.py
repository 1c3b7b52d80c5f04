"""The words and tables of a .docx; runs in the child."""

from __future__ import annotations

import io
from typing import Any

from linli.capabilities.form_filling.child.bounds import PARAGRAPHS, TABLES, Bounds
from linli.capabilities.form_filling.reading.blocks import TABLE, blocks, words_of
from linli.core.documents.stop_reading import StopReading

PICTURES = ("}blip", "}imagedata")
WHERE = "Word"


def word(data: bytes) -> dict[str, Any]:
    """Return paragraphs, tables and how many pictures."""
    from docx import Document

    body = Document(io.BytesIO(data)).element.body
    words: list[str] = []
    tables: list[dict[str, Any]] = []
    bounds = Bounds()
    for block in blocks(body):
        if block.tag == TABLE:
            tables.append({"name": "", "cells": _cells(block, bounds)})
        elif text := words_of(block):
            words.append(bounds.text(text))
        if len(tables) > TABLES or len(words) > PARAGRAPHS:
            raise StopReading("too_many_tables", tables=TABLES, words=PARAGRAPHS)
    pictures = sum(1 for one in body.iter() if str(one.tag).endswith(PICTURES))
    return {"words": words, "tables": tables, "pictures": pictures}


def _cells(table: Any, bounds: Bounds) -> list[list[Any]]:
    """Return [row, column, text, rows, columns]; a cell that goes on from above reaches down."""
    cells: list[list[Any]] = []
    above: dict[int, list[Any]] = {}
    for number, row in enumerate(table.tr_lst):
        column = row.grid_before
        for one in row.tc_lst:
            wide = one.grid_span
            bounds.cell(number, column, 1, wide, WHERE)
            if one.vMerge == "continue" and column in above:
                above[column][3] += 1
            else:
                text = "".join(part.text or "" for part in one.iter() if _is_text(part))
                cell = [number, column, bounds.text(text.strip()), 1, wide]
                cells.append(cell)
                above[column] = cell
            column += wide
    return cells


def _is_text(part: Any) -> bool:
    return isinstance(part.tag, str) and part.tag.endswith("}t")
