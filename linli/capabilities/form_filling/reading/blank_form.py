"""What a blank form is once read: tables of cells, and the words around them.

Everything here and in its neighbours walks a table a bounded number of times, however it is made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

REMARK = re.compile(r"^(备?注|说明|填表说明|填报说明)\s*[：:]")
LONGEST_HEADING = 30


def is_remark(text: str) -> bool:
    """Does this only explain the form?"""
    return bool(REMARK.match(text)) or len(text) > LONGEST_HEADING


@dataclass(frozen=True)
class FormCell:
    """One cell with its place and how far it reaches."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    indent: int = 0  # how far its words stand in


@dataclass(frozen=True)
class FormTable:
    """One table; cells stand in reading order, a merged cell once."""

    cells: tuple[FormCell, ...]
    name: str = ""
    hidden: frozenset[int] = frozenset()  # columns that are not seen
    before: tuple[str, ...] = ()  # the paragraphs right before it

    def row(self, number: int) -> list[FormCell]:
        """Return the cells that begin in a row."""
        return self._rows.get(number, [])

    def band(self, top: int, bottom: int) -> list[FormCell]:
        """Return the cells that begin in the rows from ``top`` to before ``bottom``."""
        return [form_cell for number in range(top, bottom) for form_cell in self.row(number)]

    def reaching(self, number: int) -> list[FormCell]:
        """Return the cells with words that begin in a row or reach down into it."""
        return self._reaching.get(number, [])

    def after(self, cell: FormCell) -> FormCell | None:
        """Return the cell that begins next in the same row."""
        row = self.row(cell.row)
        place = bisect_right(row, cell.column, key=lambda one: one.column)
        return row[place] if place < len(row) else None

    @cached_property
    def height(self) -> int:
        """How many rows there are."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @cached_property
    def words_in(self) -> Counter[int]:
        """How many cells of each column say more than a remark."""
        return Counter(cell.column for cell in self.cells if cell.text and not is_remark(cell.text))

    @cached_property
    def _rows(self) -> dict[int, list[FormCell]]:
        rows: dict[int, list[FormCell]] = defaultdict(list)
        for cell in self.cells:
            rows[cell.row].append(cell)
        return dict(rows)

    @cached_property
    def _reaching(self) -> dict[int, list[FormCell]]:
        rows: dict[int, list[FormCell]] = defaultdict(list)
        for cell in self.cells:
            if cell.text:
                for number in range(cell.row, cell.row + cell.rows):
                    rows[number].append(cell)
        return dict(rows)


@dataclass(frozen=True)
class Paper:
    """A file as read: the words around the tables, and the tables."""

    words: tuple[str, ...]
    tables: tuple[FormTable, ...]
