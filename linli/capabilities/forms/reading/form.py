"""A form as understood: its headings, where they stand, and where values go.

Coordinates are those of ``grids.py``: rows and columns from 0; in a workbook they are the sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LIST, CARD, MIXED = "list", "card", "mixed"
COLUMN, CELL = "column", "cell"
PARAGRAPH = -1


@dataclass(frozen=True)
class Spot:
    """Where a heading stands."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Match:
    """A heading's facts ("住址(电话)" has two), how sure, and the runner-up."""

    text: str
    fields: tuple[str, ...]
    confidence: float
    runner_up: str = ""
    at: Spot = Spot(0, 0, 0)
    kind: str = COLUMN
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line that asks who fills the form: 填报单位, 填报日期; ``table`` -1 is a paragraph."""

    what: str
    text: str
    table: int
    row: int
    column: int


@dataclass(frozen=True)
class TableLayout:
    """Where values go in one table.

    ``columns`` are (column, heading); ``cells`` (row, column of the value, heading). Rows
    ``first_row`` to ``last_row`` are blank and may grow.
    """

    table: int
    shape: str
    first_row: int = 0
    last_row: int = 0
    total_row: int | None = None
    serial_column: int | None = None
    columns: tuple[tuple[int, int], ...] = ()
    cells: tuple[tuple[int, int, int], ...] = ()
    sides: int = 1  # how many times the same headings stand side by side

    def side(self, number: int) -> tuple[tuple[int, int], ...]:
        """Return the columns of one side, the first is 0."""
        wide = len(self.columns) // self.sides
        return self.columns[number * wide : (number + 1) * wide]


@dataclass(frozen=True)
class Form:
    """A blank form as understood; ``shape`` is list, card or mixed.

    ``fingerprint`` is the same for the same form whatever its title, period or blank rows.
    """

    title: str
    shape: str
    subject: str
    headings: tuple[Match, ...]
    tables: tuple[TableLayout, ...] = ()
    lines: tuple[Line, ...] = ()
    condition: dict[str, Any] | None = None
    fingerprint: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headings with no fact of the register."""
        return tuple(one.text for one in self.headings if not one.fields)
