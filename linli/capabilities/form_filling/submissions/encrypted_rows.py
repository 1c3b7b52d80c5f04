"""What a form return said, row by row, kept encrypted for comparing next time."""

from __future__ import annotations

import json
from collections.abc import Sequence

from linli.capabilities.form_filling.answers.cells import AUTO, RowKnown
from linli.capabilities.form_filling.models import FormReturn
from linli.core.personal_data.crypto import open_json
from linli.core.personal_data.unreadable import is_unreadable

EMPTY = "empty"


def rows_to_keep(rows: Sequence[RowKnown]) -> str:
    """Return the rows as text; the column seals it."""
    texts = {row.id: [cell.text for cell in row.cells] for row in rows}
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def rows_of_return(form_return: FormReturn) -> dict[int, list[str]]:
    """Return what each row said when the form was handed in."""
    texts: dict[str, list[str]] = open_json(form_return.rows or "{}")
    return {int(each): cells for each, cells in texts.items()}


def empty_cells(rows: Sequence[RowKnown]) -> list[int | None]:
    """Count the empty cells of every heading; None for what numbers and dates itself."""
    columns = zip(*(row.cells for row in rows), strict=True)
    return [
        None if all(cell.state == AUTO for cell in cells) else sum(not cell.text for cell in cells)
        for cells in columns
    ]


def emptied(form_return: FormReturn) -> list[int | None]:
    """Count the empty cells of every heading of a form return that did not count them itself.

    What cannot be opened counts as nothing known.
    """
    if is_unreadable(form_return.rows):
        return []
    columns = zip(*rows_of_return(form_return).values(), strict=True)
    return [sum(not text for text in cells) for cells in columns]
