"""A cross table: its rows are printed with conditions or places of their own, to be counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.answers.cells import (
    AUTO,
    BY_HAND,
    COVERED,
    KNOWN,
    KnownCell,
    RowKnown,
    at_place_level,
)
from linli.capabilities.form_filling.answers.statistics_table import counted, where_of
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable
from linli.capabilities.form_filling.reading.form import Form, TableLayout
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.fields import EVERYONE, PERSON, Condition, Node, all_of
from linli.register.places.models import Place
from linli.workbench.conditions import queries

TABLE_APART = 100_000  # so that rows of two tables never share a number


@dataclass(frozen=True)
class CrossTable:
    """The rows of a cross table; ``at`` is where each stands in the grid."""

    known: list[RowKnown]
    at: tuple[int, ...]
    warnings: list[str]


def crossed(
    form_instance: FormInstance, form: Form, table: TableLayout, grid: FormTable
) -> CrossTable | None:
    """Count every heading for every printed row; None when nothing is printed in the rows."""
    counting = [
        c
        for c, heading in table.columns
        if form_instance.headings[heading]["use"] == ColumnUse.COUNT
    ]
    if not counting or table.sides > 1:
        return None
    numbers = range(table.first_row, max(table.last_row, table.total_row or 0) + 1)
    labels = {number: _labels(grid, number, min(counting)) for number in numbers}
    if not any(labels[number] for number in numbers if number != table.total_row):
        return None
    rows, at, warnings = [], [], []
    for number in numbers:
        if not labels[number]:
            continue
        meant = _meant(form_instance, table, labels[number])
        if meant is None:
            told = {"row": " ".join(label.text for label in labels[number])}
            warnings.append(_("“%(row)s”这一行没有看懂，没有填") % told)
            continue
        rows.append(_row(form_instance, table, number, *meant))
        at.append(number)
    return CrossTable(rows, tuple(at), warnings)


def _labels(grid: FormTable, number: int, until: int) -> list[FormCell]:
    """Return what is printed before the counts of a row, also in cells that reach down to it."""
    return [
        cell
        for cell in grid.cells
        if cell.column < until
        and cell.row <= number < cell.row + cell.rows
        and re.sub(r"[\d\s.、]", "", cell.text)
    ]


def _meant(
    form_instance: FormInstance, table: TableLayout, labels: list[FormCell]
) -> tuple[Place, Node] | None:
    """Return where and whom a row counts, None when a word of it is not understood."""
    places = {
        c
        for c, heading in table.columns
        if form_instance.headings[heading]["use"] == ColumnUse.PLACE
    }
    place, words = form_instance.place, []
    for form_cell in sorted(labels, key=lambda each: each.column):
        place_named = (
            _place(form_instance.place, form_cell.text) if form_cell.column in places else None
        )
        if place_named is not None:
            place = place_named
        else:
            words.append(form_cell.text)
    if not words:
        return place, EVERYONE
    where = where_of(words[-1], tuple(words[:-1]))
    return None if where is None else (place, where)


def _place(above: Place, text: str) -> Place | None:
    name = re.sub(r"\s", "", text)
    named = Place.objects.filter(path__startswith=above.path, ended_on__isnull=True, name=name)
    # Two are enough to know that a name is not one place's.
    places: list[Place] = list(named[:2])
    return places[0] if len(places) == 1 else None


def _row(
    form_instance: FormInstance, table: TableLayout, number: int, place: Place, where: Node
) -> RowKnown:
    condition = (
        queries.read_json(form_instance.condition)
        if form_instance.condition
        else Condition(PERSON, EVERYONE)
    )
    mine = [heading for _column, heading in table.columns]
    values = dict(
        zip(
            mine,
            counted(
                [form_instance.headings[one] for one in mine],
                condition,
                place,
                all_of(at_place_level(PERSON, place), where),
            ),
            strict=True,
        )
    )
    states = {ColumnUse.COUNT.value: COVERED, ColumnUse.AUTO.value: AUTO}
    cells = tuple(
        KnownCell(
            value,
            "" if value is None else str(value),
            KNOWN
            if value is not None
            else states.get(one["use"], BY_HAND)
            if heading in values
            else BY_HAND,
        )
        for heading, one in enumerate(form_instance.headings)
        for value in (values.get(heading),)
    )
    # Its own number, below those of places and people, for comparing with the next time.
    return RowKnown(-(table.table * TABLE_APART + number + 1), cells)
