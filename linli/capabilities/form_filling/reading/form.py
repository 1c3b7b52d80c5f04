"""A form as understood: its headings, where they stand, and where values go.

Coordinates are those of ``blank_form.py``: rows and columns from 0; in a workbook, the sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LIST, CARD, MIXED, TALLY = "list", "card", "mixed", "tally"
COLUMN, CELL = "column", "cell"
PARAGRAPH = -1


@dataclass(frozen=True)
class Spot:
    """Where a heading stands."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class FieldMatch:
    """A heading's facts ("住址(电话)" has two), how sure, and the runner-up."""

    text: str
    fields: tuple[str, ...]
    confidence: float
    runner_up: str = ""
    at: Spot = Spot(0, 0, 0)
    kind: str = COLUMN
    above: tuple[str, ...] = ()
    hidden: bool = False  # it heads a hidden column, which is left to the pen unless confirmed
    block: str = ""  # the word that makes it somebody else's: 配偶, 监护人
    hint: str = ""  # what stands in its blank: （如：1940年1月）
    boxes: int = 0  # how many boxes for one digit each stand beside it


@dataclass(frozen=True)
class FillerLine:
    """A label that asks who fills the form, when and for what: 填报单位, 填报日期, 统计时间.

    ``what`` is unit, date, reporter, period or place; ``table`` -1 is a paragraph and ``row`` its
    number among those with words. One line of the file may hold several labels, each is a
    ``FillerLine``: ``text[start:end]`` is its own blank, after its colon and before the next
    label (both are -1 where the label has no blank of its own). ``value_column`` is the empty cell
    to the right of a label that stands alone in its cell, -1 where there is none.
    """

    what: str
    text: str
    table: int
    row: int
    column: int
    start: int = -1
    end: int = -1
    value_column: int = -1


@dataclass(frozen=True)
class TableLayout:
    """Where values go in one table.

    ``columns`` are (column, heading); ``cells`` (row, column of the value, heading). Rows
    ``first_row`` to ``last_row`` are blank and may grow. In a cross table they are printed
    beforehand and do not grow: ``row_conditions`` are (row, its words, the words over them, such
    as 年龄 beside 60岁以上); a cell counts those of whom its row and its column are both true.
    """

    table: int
    shape: str
    first_row: int = 0
    last_row: int = 0
    total_row: int | None = None
    serial_column: int | None = None
    columns: tuple[tuple[int, int], ...] = ()
    cells: tuple[tuple[int, int, int], ...] = ()
    row_conditions: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    sides: int = 1  # how many times the same headings stand side by side

    def side(self, number: int) -> tuple[tuple[int, int], ...]:
        """Return the columns of one side, the first is 0."""
        wide = len(self.columns) // self.sides
        return self.columns[number * wide : (number + 1) * wide]


@dataclass(frozen=True)
class Form:
    """A blank form as understood; ``shape`` is list, card, tally or mixed.

    ``fingerprint`` is the same for the same form whatever its title, period or blank rows.
    """

    title: str
    shape: str
    subject: str
    headings: tuple[FieldMatch, ...]
    tables: tuple[TableLayout, ...] = ()
    lines: tuple[FillerLine, ...] = ()
    condition: dict[str, Any] | None = None
    fingerprint: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headings with no fact of the register."""
        return tuple(heading.text for heading in self.headings if not heading.fields)
