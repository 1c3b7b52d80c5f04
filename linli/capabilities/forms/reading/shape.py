"""Where the headings of a table are, and whether it is a list or a card."""

from __future__ import annotations

from dataclasses import dataclass

from linli.capabilities.forms.reading.form import CARD, LIST, MIXED
from linli.capabilities.forms.reading.grids import Cell, Grid

FULL, FEWEST, DEEPEST = 0.8, 3, 3


@dataclass(frozen=True)
class Heading:
    """A heading with those above it, outermost first.

    ``bottom`` is the first row under it when it heads a column, 0 when it labels a cell.
    """

    text: str
    above: tuple[str, ...]
    row: int
    column: int
    table: int = 0
    bottom: int = 0


def shape_of(grid: Grid) -> tuple[str, list[Heading]]:
    """Return list, card or mixed with its headings, or an empty shape when there is none."""
    for number in range(grid.height):
        row = grid.row(number)
        filled = [one for one in row if one.text]
        if len(filled) < FEWEST or len(filled) < FULL * len(row):
            continue
        bottom = _bottom(grid, number, row)
        below = [one for one in grid.row(bottom) if one.text.strip("(),， ")]
        if len(below) <= len(grid.row(bottom)) / 4:
            over = _labels(grid, number)
            shape = MIXED if len(over) > 1 else LIST
            return shape, [*over, *_columns(grid, number, bottom)]
    labels = _labels(grid, grid.height)
    if len(labels) == 1 and not labels[0].text.endswith(("人", "：", ":")):
        return "", []  # one sentence beside an empty cell is no form
    return (CARD, labels) if labels else ("", [])


def _bottom(grid: Grid, top: int, row: list[Cell]) -> int:
    """Return the first row under the headings: wide ones have others below them."""
    wide = [one for one in row if one.columns > 1]
    bottom = top + 1
    while bottom < top + DEEPEST and any(
        one.text and over.column <= one.column < over.column + over.columns
        for one in grid.row(bottom)
        for over in wide
    ):
        bottom += 1
    return bottom


def _columns(grid: Grid, top: int, bottom: int) -> list[Heading]:
    heads = [one for one in grid.cells if top <= one.row < bottom and one.text]
    found = []
    for one in heads:
        above = [up for up in heads if up.row < one.row and _covers(up, one)]
        if not any(low.row > one.row and _covers(one, low) for low in heads):
            texts = tuple(up.text for up in above)
            found.append(Heading(one.text, texts, one.row, one.column, bottom=bottom))
    return sorted(found, key=lambda one: one.column)


def _covers(upper: Cell, lower: Cell) -> bool:
    return upper.column <= lower.column < upper.column + upper.columns


def _labels(grid: Grid, until: int) -> list[Heading]:
    """Return the cells with words that have an empty cell to their right, or a colon."""
    found = []
    for number in range(until):
        row = grid.row(number)
        for place, one in enumerate(row):
            after = row[place + 1].text if place + 1 < len(row) else "-"
            if one.text and (not after or one.text.endswith(("：", ":"))):
                found.append(Heading(one.text, (), one.row, one.column))
    return found
