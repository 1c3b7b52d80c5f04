"""What a hand-in said, row by row, kept sealed for comparing next time."""

from __future__ import annotations

import json

from linli.capabilities.forms.knowing import RowKnown
from linli.capabilities.forms.models import HandIn


def rows_to_keep(rows: list[RowKnown]) -> str:
    """Return the rows as text; the column seals it."""
    said = {row.id: [cell.text for cell in row.cells] for row in rows}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def rows_of_hand_in(hand_in: HandIn) -> dict[int, list[str]]:
    """Return what each row said when the form was handed in."""
    said: dict[str, list[str]] = json.loads(hand_in.rows or "{}")
    return {int(each): cells for each, cells in said.items()}
