"""The words and tables of a .docx; runs in the child."""

from __future__ import annotations

import io
from typing import Any

from linli.capabilities.form_filling.child.bounds import PARAGRAPHS, TABLES, Bounds
from linli.capabilities.form_filling.reading.blocks import TABLE, W, blocks, words_of
from linli.core.documents.stop_reading import StopReading

INDENT, CHARACTER = f"{W}ind", 200  # a character is some 200 twentieths of a point
PICTURES = ("}blip", "}imagedata")
WHERE = "Word"
NEAR = 3  # so many paragraphs before a table may say whose it is


def word(data: bytes) -> dict[str, Any]:
    """Return paragraphs, tables and how many pictures."""
    from docx import Document

    body = Document(io.BytesIO(data)).element.body
    words: list[str] = []
    tables: list[dict[str, Any]] = []
    bounds, said = Bounds(), 0
    for block in blocks(body):
        if block.tag == TABLE:
            before, said = words[max(said, len(words) - NEAR) :], len(words)
            tables.append({"name": "", "cells": _cells(block, bounds), "before": before})
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
                cell = [number, column, bounds.text(text.strip()), 1, wide, _indent(one, text)]
                cells.append(cell)
                above[column] = cell
            column += wide
    return cells


def _indent(cell: Any, text: str) -> int:
    """Return how many characters the words of a cell stand in."""
    marks = next(cell.iter(INDENT), None)
    left = str(marks.get(f"{W}left") or marks.get(f"{W}start") or "") if marks is not None else ""
    twips = int(left) if left.isdigit() else 0
    return len(text) - len(text.lstrip()) + twips // CHARACTER


def _is_text(part: Any) -> bool:
    return isinstance(part.tag, str) and part.tag.endswith("}t")
