"""What goes into a form: rows of lists, single cells, lines, and what changed since last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "str | int | float | date | None"


@dataclass(frozen=True)
class ListContent:
    """The rows of one list; keys are grid columns, rows ``first_row`` to ``last_row`` are blank.

    ``headings`` are the words over a column, which say how a day is to be written. ``at`` are the
    grid rows to write into, one for each of ``rows``, where the form has printed them beforehand;
    such a list never grows.
    """

    table: int
    first_row: int
    last_row: int
    rows: tuple[Mapping[int, Value], ...]
    serial_column: int | None = None
    total_row: int | None = None
    headings: Mapping[int, str] = field(default_factory=dict)
    at: tuple[int, ...] = ()


@dataclass(frozen=True)
class CellContent:
    """One cell's value; ``heading`` is the label beside it."""

    table: int
    row: int
    column: int
    value: Value
    heading: str = ""


@dataclass(frozen=True)
class LineContent:
    """A line such as 填报单位：; ``table`` -1 is a paragraph and ``row`` its number.

    ``said`` is what to write for each kind of label (``lines.KINDS``), since one line may ask
    several things.
    """

    table: int
    row: int
    column: int
    said: Mapping[str, str]


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
