"""A file completed by hand: is it the form that was given out, and what is still empty in it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from linli.capabilities.form_filling.reading.blank_form import FormTable
from linli.capabilities.form_filling.reading.form import Form
from linli.capabilities.form_filling.reading.read import kind_of, read_form_file
from linli.core.errors import Refused

# Read as far as it goes: too long to be looked through, or with nothing that is a table.
UNREADABLE = frozenset(
    {
        "form_filling.too_large",
        "form_filling.too_many_cells",
        "form_filling.too_long",
        "form_filling.no_heading",
    }
)

Texts = dict[tuple[int, int], str]
RowsOf = dict[tuple[int, str], list[int]]


@dataclass(frozen=True)
class CompletedFile:
    """The file as it came: headings that are not where the form has them, empty cells a heading.

    ``empty`` is None for a heading whose cells were not found.
    """

    suffix: str
    lost: tuple[str, ...]
    empty: tuple[int | None, ...]


def looked_through(data: bytes, form: Form, rows: int) -> CompletedFile:
    """Look for the form's headings where they stood, and count what is empty below them."""
    everything = tuple(heading.text for heading in form.headings)
    # Lines such as 填报单位 hold their value beside their words: they are filled, not lost.
    by_itself = {(line.table, line.row, line.column) for line in form.lines}
    # So do blanks in running text.
    by_itself |= {
        (one.at.table, one.at.row, one.at.column) for one in form.headings if one.at.table < 0
    }
    try:
        file = read_form_file(data)
    except Refused as refused:
        if refused.code not in UNREADABLE:
            raise
        return CompletedFile(f".{kind_of(data)}", everything, (None,) * len(everything))
    suffix, paper = f".{file.kind}", file.paper
    rows_of = [_rows_of(table) for table in paper.tables]
    shifts = [_shift(form, number, rows_of) for number in range(len(form.headings))]
    lost = tuple(
        one.text
        for one, shift in zip(form.headings, shifts, strict=True)
        if shift is None and one.text and (one.at.table, one.at.row, one.at.column) not in by_itself
    )
    texts = [_texts(table) for table in paper.tables]
    empty = [_empty(form, number, shift, texts, rows) for number, shift in enumerate(shifts)]
    return CompletedFile(suffix, lost, tuple(empty))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _rows_of(grid: FormTable) -> RowsOf:
    """Return in which rows each text stands, column by column."""
    rows: RowsOf = {}
    for cell in grid.cells:
        rows.setdefault((cell.column, _plain(cell.text)), []).append(cell.row)
    return rows


def _shift(form: Form, number: int, rows_of: list[RowsOf]) -> int | None:
    """Return by how many rows a heading moved down, None when it is gone."""
    heading = form.headings[number]
    if not 0 <= heading.at.table < len(rows_of):
        return None
    rows = rows_of[heading.at.table].get((heading.at.column, _plain(heading.text)), [])
    # The nearest: the same words may head another list further down.
    return min((row - heading.at.row for row in rows), key=abs, default=None)


def _empty(form: Form, number: int, shift: int | None, texts: list[Texts], rows: int) -> int | None:
    if shift is None or not rows:
        return None
    filled = texts[form.headings[number].at.table]
    for table in form.tables:
        if table.sides > 1 or table.table != form.headings[number].at.table:
            continue
        for column, heading in table.columns:
            if heading == number:
                first = table.first_row + shift
                return sum(not filled.get((row, column)) for row in range(first, first + rows))
        for row, column, heading in table.cells:
            if heading == number:
                return 0 if filled.get((row + shift, column)) else rows
    return None


def _texts(grid: FormTable) -> Texts:
    """Return the text at every place of a table, a merged cell at each it reaches."""
    return {
        (row, column): cell.text
        for cell in grid.cells
        if cell.text
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }


def emptied(known: Sequence[int | None], completed: CompletedFile) -> list[int | None]:
    """Return how many cells of each heading are empty in the file that goes out."""
    return [
        theirs if theirs is not None else None if mine else mine
        for mine, theirs in zip(known, completed.empty, strict=True)
    ]
