"""What goes into a form: rows of lists, single cells, lines, and what changed since last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "str | int | float | date | None"


@dataclass(frozen=True)
class ListContent:
    """The rows of one list; keys are grid columns, rows ``first_row`` to ``last_row`` are blank."""

    table: int
    first_row: int
    last_row: int
    rows: tuple[Mapping[int, Value], ...]
    serial_column: int | None = None
    total_row: int | None = None


@dataclass(frozen=True)
class CellContent:
    """One cell's value."""

    table: int
    row: int
    column: int
    value: Value


@dataclass(frozen=True)
class LineContent:
    """What stands after 填报单位：; ``table`` -1 is a paragraph and ``row`` its number."""

    table: int
    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Change:
    """One difference from what was handed in last."""

    row: str
    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Content:
    """Everything that goes into one form."""

    lists: tuple[ListContent, ...] = ()
    cells: tuple[CellContent, ...] = ()
    lines: tuple[LineContent, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Filled:
    """What was filled; ``warnings`` are sentences for whoever takes the file."""

    rows: int
    cells: int
    left_blank: int
    warnings: tuple[str, ...] = ()
