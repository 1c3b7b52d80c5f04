"""Where the headings of a table are, and whether it is a list or a card."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.capabilities.forms.reading.form import CARD, LIST, MIXED
from linli.capabilities.forms.reading.grids import Cell, Grid

FULL, FEWEST, DEEPEST = 0.8, 3, 3
# A cell that only says in what its neighbour is counted.
UNIT = re.compile(r"^[㎡亩个户幢人座只间元岁%％]$|^平方米$")


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
    """Return list, card or mixed with its headings, or an empty shape when there is none.

    One grid may hold several lists, one under another, each with its own headings.
    """
    lists: list[Heading] = []
    first, number = grid.height, 0
    while number < grid.height:
        bottom = _heads_a_list(grid, number)
        if bottom:
            first = min(first, number)
            lists += _columns(grid, number, bottom)
        number = bottom or number + 1
    labels = _labels(grid, first)
    if lists:
        labels = [one for one in labels if one.text != title_of(grid)]
        return (MIXED if len(labels) > 1 else LIST), [*labels, *lists]
    if len(labels) == 1 and not labels[0].text.endswith(("人", "：", ":")):
        return "", []  # one sentence beside an empty cell is no form
    return (CARD, labels) if labels else ("", [])


def title_of(grid: Grid) -> str:
    """Return what stands alone in the first row that says anything: a sheet's title."""
    for number in range(grid.height):
        filled = [one for one in grid.row(number) if one.text]
        if filled:
            alone = len(filled) == 1 and not filled[0].text.endswith(("：", ":"))
            return filled[0].text if alone else ""
    return ""


def _heads_a_list(grid: Grid, number: int) -> int:
    """Return the first row under the headings that begin in this row, 0 if none do."""
    row = grid.row(number)
    filled = [one for one in row if one.text]
    units = sum(bool(UNIT.match(one.text)) for one in filled)
    if len(filled) < FEWEST or len(filled) < FULL * len(row) or not row[0].text or units > 1:
        return 0
    bottom = _bottom(grid, number, row)
    below = [one for one in grid.row(bottom) if one.text.strip("(),， ")]
    return bottom if len(below) <= len(grid.row(bottom)) / 4 else 0


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
