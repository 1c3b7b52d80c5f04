"""The second set: forms nobody tuned the reader on, made from ``second.txt`` as Word and Excel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable, Paper
from linli.capabilities.form_filling.reading.form import Form
from linli.capabilities.form_filling.reading.understand import form_of

LEFT, ABOVE = "<", "^"


@dataclass
class Drawn:
    """One form as drawn in the text file, with its key: headings in order, each with its facts."""

    name: str
    kind: str
    shape: str
    subject: str
    before: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    key: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def write(self, folder: Path) -> Path:
        """Write the form as the file it stands for."""
        path = folder / f"{self.name}.{self.kind}"
        (_as_word if self.kind == "docx" else _as_sheet)(self, path)
        return path


def second_set() -> dict[str, Drawn]:
    """Return all forms by name."""
    made: dict[str, Drawn] = {}
    for line in (Path(__file__).parent / "second.txt").read_text().splitlines():
        if line.startswith("== "):
            name, kind, shape, subject = line[3:].split()
            made[name] = one = Drawn(name, kind, shape, subject.strip("-"))
        elif made and line.strip():
            _take(one, line)
    return made


def _take(one: Drawn, line: str) -> None:
    mark, rest = line[0], line[1:].strip()
    if line.startswith("#hidden"):
        one.hidden = [int(number) for number in line.split()[1:]]
    elif mark == "W":
        one.before.append(rest)
    elif mark == "V":
        one.after.append(rest)
    elif mark == "|":
        one.rows.append([cell.strip(" ") for cell in line.split("|")[1:]])
    elif mark == "*":
        one.rows += [list(one.rows[-1]) for _again in range(int(rest) - 1)]
    elif mark == "K":
        pairs = [each.partition("=") for each in re.split(r",\s*", rest)]
        one.key = [(text, facts) for text, _mark, facts in pairs]
    elif mark == "L":
        one.lines = rest.split()


def drawn(*rows: list[str]) -> Form:
    """Return what is understood of one table, without the way through a file."""
    return form_of(
        Paper(
            (),
            (
                FormTable(
                    tuple(
                        FormCell(row, column, text, high, wide)
                        for row, column, high, wide, text in _spans(rows)
                    )
                ),
            ),
        )
    )


def _spans(rows: Sequence[list[str]]) -> list[tuple[int, int, int, int, str]]:
    """Return (row, column, rows, columns, text) of each cell."""
    made = []
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            wide = high = 1
            while column + wide < len(row) and row[column + wide] == LEFT:
                wide += 1
            while number + high < len(rows) and rows[number + high][column] == ABOVE:
                high += 1
            made.append((number, column, high, wide, text))
    return made


def _as_word(one: Drawn, path: Path) -> None:
    document = Document()
    for words in one.before:
        document.add_paragraph(words)
    table: Any = document.add_table(len(one.rows), len(one.rows[0]))
    for row, column, high, wide, text in _spans(one.rows):
        cell = table.cell(row, column)
        if high * wide > 1:
            cell = cell.merge(table.cell(row + high - 1, column + wide - 1))
        cell.text = text
    for words in one.after:
        document.add_paragraph(words)
    document.save(str(path))


def _as_sheet(one: Drawn, path: Path) -> None:
    book = Workbook()
    form_instance: Any = book.active
    for row, column, high, wide, text in _spans(one.rows):
        form_instance.cell(row + 1, column + 1, text or None)
        if high * wide > 1:
            form_instance.merge_cells(
                start_row=row + 1,
                start_column=column + 1,
                end_row=row + high,
                end_column=column + wide,
            )
    for number in one.hidden:
        form_instance.column_dimensions[get_column_letter(number)].hidden = True
    book.save(path)
