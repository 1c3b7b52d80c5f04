"""All real forms, filled with 1, 3 and 40 made-up people: only blank cells change, and rightly."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from linli.capabilities.form_filling.actions.templates import proposed, subject_of
from linli.capabilities.form_filling.answers.cells import (
    AUTO,
    BY_HAND,
    KNOWN,
    Knowledge,
    KnownCell,
    RowKnown,
)
from linli.capabilities.form_filling.answers.row_assignment import (
    RowAssignment,
    cards_a_file,
    laid_out,
    used_lists,
)
from linli.capabilities.form_filling.child import fill_word as word
from linli.capabilities.form_filling.filling.blanks import PLACEHOLDER
from linli.capabilities.form_filling.filling.values import in_text
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading import understand
from linli.capabilities.form_filling.reading.blocks import TABLE, blocks, words_of
from linli.capabilities.form_filling.reading.form import Form, TableLayout
from linli.capabilities.form_filling.reading.form_json import to_json
from linli.capabilities.form_filling.tests.builders import Town, a_town, fill_form
from linli.capabilities.form_filling.tests.judged import KEY, REAL
from linli.core.errors import Refused
from tests.people import working_as

needs_the_forms = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real forms are not part of the source"
)
# Nothing to fill in: a picture only.
NO_TABLE = {"pjhz"}
Rows = list[list[str]]


def a_value(key: str, number: int) -> Any:
    """Return what a made-up person says, different from all others."""
    if key.endswith("date"):
        return date(1950, 1, 1).replace(year=1930 + number)
    return f"{key[:3]}{number}号"


def made_up(headings: list[dict[str, Any]], people: int) -> list[RowKnown]:
    """Return rows of people nobody knows."""
    rows = []
    for number in range(1, people + 1):
        cells = []
        for heading in headings:
            values = [a_value(key, number) for key in heading["fields"]]
            text = " ".join(map(str, values))
            state = KNOWN if values else AUTO if heading["use"] == "auto" else BY_HAND
            typed = values[0] if len(values) == 1 else text or None
            cells.append(KnownCell(typed, text, state))
        rows.append(RowKnown(number, tuple(cells)))
    return rows


def tables_of(path: Path) -> tuple[list[Rows], list[str]]:
    """Return the texts of every cell, table by table, and the paragraphs around."""
    found = list(blocks(Document(str(path)).element.body))
    tables = [
        [
            ["".join(part.text or "" for part in cell.iter(word.W_T)) for cell in row.tc_lst]
            for row in one.tr_lst
        ]
        for one in found
        if one.tag == TABLE
    ]
    return tables, [words_of(one) for one in found if one.tag != TABLE and words_of(one)]


def is_same_or_filled(before: str, after: str) -> bool:
    """Is all that was printed still there, in its order, with more only where it was blank?"""
    if before == after or not before.strip(PLACEHOLDER):
        return True
    kept = re.split(f"[{re.escape(PLACEHOLDER)}]+", before.strip(PLACEHOLDER))
    return bool(re.search(".*".join(map(re.escape, kept)), after))


def look_at_list(
    form: Form, table: TableLayout, rows: Rows, people: list[RowKnown], printed: list[str]
) -> None:
    """Every person of the list stands in one row, numbered, with their own values alone.

    ``printed`` is what the blank row says already, which stays where it is.
    """
    for number, person in enumerate(people):
        values = [
            row
            for row in rows[table.first_row + number]
            if row.strip(PLACEHOLDER) and row not in printed
        ]
        wanted = [
            in_text(person.cells[heading].value, "".join((*head.above, head.text)))
            for column, heading in table.columns
            for head in (form.headings[heading],)
            if column != table.serial_column
        ]
        serial = [] if table.serial_column is None else [str(number + 1)]
        assert sorted(values) == sorted([*serial, *filter(None, wanted)])


def more_rows(table: TableLayout, people: int) -> int:
    return max(0, people - (table.last_row - table.first_row + 1))


def look_around(
    open_question: Path, out: Path, shown: list[TableLayout], people: int, laid: RowAssignment
) -> None:
    """Rows are as many as they must be; outside of the list only labelled blanks were filled."""
    before, words_before = tables_of(open_question)
    after, words_after = tables_of(out)
    beside = {in_text(cell.value, cell.heading) for cell in laid.content.cells}
    lines = {(line.table, line.row) for line in laid.content.lines}
    assert len(before) == len(after)
    for number, rows in enumerate(before):
        mine = [table_layout for table_layout in shown if table_layout.table == number]
        now = iter(after[number])
        for place, row in enumerate(rows):
            filled = next(now)
            inside = any(one.first_row <= place <= one.last_row for one in mine)
            for old, new in zip(row, filled, strict=True):
                is_line = (number, place) in lines and is_same_or_filled(old, new)
                assert inside or old == new or is_line or (is_blank(old) and new in beside)
                assert is_same_or_filled(old, new)
            for one in mine:
                for _more in range(more_rows(one, people) if place == one.last_row else 0):
                    next(now)
        assert next(now, None) is None
    assert len(words_before) == len(words_after)
    assert all(map(is_same_or_filled, words_before, words_after))


def is_blank(text: str) -> bool:
    return not text.strip(PLACEHOLDER)


@needs_the_forms
@pytest.mark.django_db
@pytest.mark.parametrize(
    "people", [3, *(pytest.param(one, marks=pytest.mark.nightly) for one in (1, 40))]
)
def test_every_real_form_is_filled_and_nothing_else_in_it_changes(
    tmp_path: Path, people: int
) -> None:
    here = a_town()
    with working_as("community_worker", here.town.community.path):
        for name in sorted(set(KEY) - NO_TABLE):
            fill_one(here, tmp_path, REAL / f"{name}.docx", people)
    with pytest.raises(Refused):
        understand.understand(REAL / "pjhz.docx")


def fill_one(here: Town, folder: Path, open_question: Path, people: int) -> list[str]:
    """Fill one real form and look at it; return what was told."""
    form = understand.understand(open_question)
    form_instance = FormInstance(
        place=here.town.community,
        form=to_json(form),
        headings=proposed(form, None),
        subject=subject_of(form),
        title=form.title,
        by=here.worker,
    )
    rows = made_up(form_instance.headings, people)
    rows = rows[: cards_a_file(form_instance, form) or people]
    laid = laid_out(
        form_instance, Knowledge(form, rows), here.worker, understand.read_paper(open_question)
    )
    out = folder / open_question.name
    fill_form(open_question, out, laid.content)
    lists = used_lists(form_instance, form)
    assert all(table.sides == 1 for table in lists)
    filled = [one for one, what in zip(lists, laid.content.lists, strict=True) if what.rows]
    # A second list of the same table says more of the same people; any other stays as it was.
    assert {one.table for one in filled} <= {one.table for one in lists[:1]}
    look_around(open_question, out, filled, len(rows), laid)
    grown = 0
    for table in filled:
        printed = tables_of(open_question)[0][table.table][table.first_row]
        look_at_list(form, table, tables_of(out)[0][table.table][grown:], rows, printed)
        grown += more_rows(table, len(rows))
    return list(laid.warnings)
