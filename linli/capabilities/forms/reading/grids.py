"""What a blank form is once read: tables of cells, and the words around them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell with its place and how far it reaches."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """One table; cells stand in reading order, a merged cell once."""

    cells: tuple[Cell, ...]
    name: str = ""
    hidden: frozenset[int] = frozenset()  # columns that are not seen

    def row(self, number: int) -> list[Cell]:
        """Return the cells that begin in a row."""
        return [one for one in self.cells if one.row == number]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return max((one.row + one.rows for one in self.cells), default=0)


@dataclass(frozen=True)
class Paper:
    """A file as read: the words around the tables, and the tables."""

    words: tuple[str, ...]
    tables: tuple[Grid, ...]
