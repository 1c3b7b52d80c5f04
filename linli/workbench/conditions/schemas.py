"""Questions and answers as data, for the API and the command line: made from what pages show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Schema

from linli.core.fields import Condition
from linli.workbench.conditions.queries import beside, condition_json, condition_text
from linli.workbench.conditions.results import ColumnOf, CrossTab, Question, ResultLine, Rows, Typed

Plain = int | float | bool | str | None


class ChipOut(Schema):
    """One understood part of a sentence."""

    words: str
    text: str
    note: str


class QuestionOut(Schema):
    """A question as it was understood; words that were not are in ``unknown``."""

    condition: dict[str, Any]
    text: str
    unknown: list[str]
    chips: list[ChipOut]
    asks: str
    spread_by: str

    @classmethod
    def of(cls, asked: Question) -> QuestionOut:
        """Return an understood sentence as data."""
        return cls(
            condition=condition_json(asked.condition),
            text=asked.text,
            unknown=list(asked.unknown),
            asks=asked.asks,
            spread_by=asked.spread_by,
            chips=[ChipOut(words=c.words, text=c.text, note=c.note) for c in asked.chips],
        )

    @classmethod
    def of_condition(cls, condition: Condition) -> QuestionOut:
        """Return a condition that nobody had to understand as data."""
        text = condition_text(condition)
        return cls.of(Question("", condition, text, unknown=condition.unread))


class NotRecordedOut(Schema):
    """Beside an answer to "no": how many are recorded so, and of how many nothing is recorded."""

    recorded: int
    not_recorded: int
    facts: list[str]
    text: str
    condition: dict[str, Any]

    @classmethod
    def of(cls, condition: Condition, found: int) -> NotRecordedOut | None:
        """Return what is to be told beside the answer of a condition."""
        left = beside(condition, found)
        if left is None:
            return None
        return cls(
            recorded=left.found,
            not_recorded=left.number,
            facts=list(left.facts),
            text=left.text,
            condition=condition_json(left.condition),
        )


class ColumnOut(Schema):
    """One column of a list."""

    key: str
    label: str
    kind: str
    masked: bool
    sortable: bool

    @classmethod
    def of(cls, one: ColumnOf) -> ColumnOut:
        """Return a column as data."""
        return cls(
            key=one.key, label=one.label, kind=one.kind, masked=one.masked, sortable=one.sortable
        )


class CellOut(Schema):
    """One value: as it is shown, and typed; covered in both when it is masked."""

    text: str
    value: Plain
    masked: bool


class LineOut(Schema):
    """One row of a list."""

    id: int
    cells: list[CellOut]
    confirmed_on: date | None

    @classmethod
    def of(cls, line: ResultLine) -> LineOut:
        """Return a row as data."""
        cells = [
            CellOut(text=c.text, value=json_value(c.value), masked=c.masked) for c in line.cells
        ]
        return cls(id=line.id, cells=cells, confirmed_on=line.confirmed_on)


class RowsOut(Schema):
    """One page of a list, and how many there are in all."""

    subject: str
    columns: list[ColumnOut]
    rows: list[LineOut]
    total: int
    offset: int

    @classmethod
    def of(cls, rows: Rows) -> RowsOut:
        """Return a page of a list as data."""
        return cls(
            subject=rows.subject,
            columns=[ColumnOut.of(column) for column in rows.columns],
            rows=[LineOut.of(line) for line in rows.lines],
            total=rows.total,
            offset=rows.offset,
        )


class CrossTabOut(Schema):
    """Two facts against each other: ``counts[row][column]``."""

    row_label: str
    column_label: str
    rows: list[str]
    columns: list[str]
    counts: list[list[int]]
    total: int
    as_of: str

    @classmethod
    def of(cls, table: CrossTab) -> CrossTabOut:
        """Return a cross-tab as data."""
        return cls(
            row_label=table.row_label,
            column_label=table.column_label,
            rows=list(table.rows),
            columns=list(table.columns),
            counts=[list(row) for row in table.counts],
            total=table.total,
            as_of=table.as_of,
        )


def json_value(value: Typed) -> Plain:
    """Return a value as JSON knows it."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
