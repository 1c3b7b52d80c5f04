"""Read a form whole: its shape, whom it is about, and what each heading asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.filling.lines import blanks_of
from linli.capabilities.form_filling.reading.blank_form import Paper
from linli.capabilities.form_filling.reading.field_matching import match_all
from linli.capabilities.form_filling.reading.form import (
    CARD,
    PARAGRAPH,
    FieldMatch,
    FillerLine,
    Form,
    Spot,
    TableLayout,
)
from linli.capabilities.form_filling.reading.layout import fingerprint_of, layouts_of
from linli.capabilities.form_filling.reading.lines import kind_of, lines_of, segments
from linli.capabilities.form_filling.reading.party_blocks import with_parties
from linli.capabilities.form_filling.reading.read import read_paper
from linli.capabilities.form_filling.reading.shape import (
    HeadingPath,
    check_headings,
    is_no_title,
    shape_of,
    title_of,
    without_number,
)
from linli.capabilities.form_filling.reading.subjects import subject_of
from linli.core.errors import Refused
from linli.core.fields import PERSON


def understand(path: Path) -> Form:
    """Read a file and say what it asks, or refuse in words."""
    return form_of(read_paper(path))


def form_of(paper: Paper) -> Form:
    """Say what a paper asks, or refuse in words."""
    headings = _in_words(paper)
    shapes = [CARD] if headings else []
    for number, grid in enumerate(paper.tables):
        shape, mine = shape_of(grid)
        shapes.append(shape)
        headings += [replace(one, table=number) for one in mine]
        check_headings(len(headings))
    if not headings:
        words = _("读到 %(words)d 段文字，%(tables)d 张表格，没有找到表头；请加上表头再试")
        told = {"words": len(paper.words), "tables": len(paper.tables)}
        raise Refused("form_filling.no_heading", words % told, "file")
    headings = with_parties(paper, headings)
    field_matches, subject = match_all(headings)
    matches = tuple(field_matches)
    numbered = list(enumerate(headings))
    tables = tuple(
        layout
        for number, grid in enumerate(paper.tables)
        for layout in layouts_of(grid, number, [one for one in numbered if one[1].table == number])
    )
    tables = (*_in_paragraphs(paper, numbered), *tables)
    kinds = set(shapes) - {""}
    return Form(
        _title(paper),
        kinds.pop() if len(kinds) == 1 else "mixed",
        subject,
        matches,
        tables,
        lines_of(paper, tables, matches),
        None,
        fingerprint_of(matches, tables),
    )


def _in_words(paper: Paper) -> list[HeadingPath]:
    """Return the labels in lines and running text, when they ask for a person."""
    labels = [
        HeadingPath(label, (), row, start, table=PARAGRAPH)
        for row, words in enumerate(paper.words)
        for label, start, _end in blanks_of(words)
        if not kind_of(label)
    ]
    return labels if subject_of(labels) == PERSON else []


def _in_paragraphs(
    paper: Paper, numbered: Sequence[tuple[int, HeadingPath]]
) -> Iterator[TableLayout]:
    """Lay the paragraphs out as a card; a cell is (paragraph, number of its blank, heading)."""
    at = {
        (row, start): place
        for row, words in enumerate(paper.words)
        for place, (_label, start, _end) in enumerate(blanks_of(words))
    }
    cells = tuple(
        (path.row, at[path.row, path.column], number)
        for number, path in numbered
        if path.table == PARAGRAPH
    )
    if cells:
        yield TableLayout(PARAGRAPH, CARD, cells=cells)


def _title(paper: Paper) -> str:
    """Return the first words that ask nothing, else what stands alone above a table."""
    titles = [
        word
        for word in paper.words
        if not word.rstrip("_ ").endswith(("：", ":"))
        and not is_no_title(word)
        and not any(kind_of(part.label) for part in segments(word))
    ]
    title = titles[0] if titles else next(filter(None, map(title_of, paper.tables)), "")
    return without_number(title)


__all__ = ["FieldMatch", "FillerLine", "Form", "Spot", "TableLayout", "understand"]
