"""What goes into a form: rows of lists, single cells, lines, and what changed since last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, TypeAlias

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
    """One cell's value; ``heading`` is the label beside it, ``boxes`` how many empty ones follow.

    A number of as many digits is written one digit in each.
    """

    table: int
    row: int
    column: int
    value: Value
    heading: str = ""
    boxes: int = 0


@dataclass(frozen=True)
class LineContent:
    """A line such as 填报单位：; ``table`` -1 is a paragraph and ``row`` its number.

    ``said`` is what to write for each kind of label (``lines.KINDS``), since one line may ask
    several things. ``blanks`` are (number of the blank in the line, text).
    """

    table: int
    row: int
    column: int
    said: Mapping[str, str]
    blanks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class CellChange:
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
    changes: tuple[CellChange, ...] = ()


# What a filled file has to be told of; ``fill_in_child.py`` says it in words.
UNOFFERED, SHAPES_LOST, WIDTHS_LOST = "unoffered:", "shapes_lost", "widths_lost"


@dataclass(frozen=True)
class FillResult:
    """What was filled; ``warnings`` are for whoever takes the file."""

    rows: int
    cells: int
    left_blank: int
    warnings: tuple[str, ...] = ()
    # What stands in the file as it will be kept: the words and [row, column, text] by table.
    texts: Mapping[str, Any] = field(default_factory=dict)


def to_order(content: Content) -> dict[str, Any]:
    """Return a content as the child can be told it."""
    order = asdict(content)
    for list_content, part in zip(content.lists, order["lists"], strict=True):
        # Pairs and no object: the keys are numbers, and JSON would make text of them.
        part["rows"] = [
            [[key, _plain(value)] for key, value in row.items()] for row in list_content.rows
        ]
        part["headings"] = [[key, str(text)] for key, text in list_content.headings.items()]
    for part in order["cells"]:
        part["value"] = _plain(part["value"])
    for part in order["lines"]:
        part["said"] = {key: str(text) for key, text in part["said"].items()}
    return order


def content_of(told: Mapping[str, Any]) -> Content:
    """Return the content that was told."""
    lists = (
        ListContent(
            **{
                **part,
                "rows": tuple({key: _value(value) for key, value in row} for row in part["rows"]),
                "headings": dict(part["headings"]),
                "at": tuple(part["at"]),
            }
        )
        for part in told["lists"]
    )
    cells = (CellContent(**{**part, "value": _value(part["value"])}) for part in told["cells"])
    lines = (LineContent(**part) for part in told["lines"])
    changes = (CellChange(**part) for part in told["changes"])
    return Content(tuple(lists), tuple(cells), tuple(lines), tuple(changes))


def _plain(value: Value) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()[:10]}
    return value if value is None or isinstance(value, int | float) else str(value)


def _value(told: Any) -> Value:
    return date.fromisoformat(told["date"]) if isinstance(told, dict) else told
