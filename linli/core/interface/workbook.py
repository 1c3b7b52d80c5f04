"""New Excel files: typed cells, text that stays text, a page that says what the list is for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from linli.core.personal_data.watermark import mark

CellValue: TypeAlias = int | float | Decimal | bool | str | date | None
WIDEST = 40
SAMPLE = 200


@dataclass(frozen=True)
class WorkbookSheet:
    """One list: its name, its headings and its rows of typed values."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[CellValue]]


def _width(text: object) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in str(text))


def write(
    sheet: WorkbookSheet,
    *,
    about: Sequence[tuple[str, str]],
    number: int,
    yes: str = "是",
    no: str = "否",
) -> bytes:
    """Return a workbook with the list and a sheet that says who took it and for what.

    ``number`` is the watermark of the rows. Nothing is ever written as a formula or a link.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        # A name or a note that begins with "=" must not run on the reader's machine.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    import xlsxwriter

    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E2F0ED", "bottom": 1})
        plain = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        _write_list(book.add_worksheet(sheet.name), sheet, number, (head, plain, day), (yes, no))
        _write_about(book.add_worksheet("用途"), about, head)
    return out.getvalue()


def _write_list(
    page: Any,
    sheet: WorkbookSheet,
    number: int,
    formats: tuple[Any, Any, Any],
    yes_no: tuple[str, str],
) -> None:
    head, plain, day = formats
    widths = [_width(heading) + 2 for heading in sheet.headings]
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, head)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        # The last text of a row carries the mark: names at its head stay fit for look-ups.
        texts = [n for n, value in enumerate(row) if isinstance(value, str) and value]
        for column, value in enumerate(row):
            if last <= SAMPLE and value is not None:
                widths[column] = max(widths[column], min(_width(value) + 2, WIDEST))
            if texts and column == texts[-1]:
                value = f"{value}{mark(number, last)}"
            _write_cell(page, last, column, value, plain, day, yes_no)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    if last and sheet.headings:
        page.autofilter(0, 0, last, len(sheet.headings) - 1)


def _write_cell(
    page: Any,
    row: int,
    column: int,
    value: CellValue,
    plain: Any,
    day: Any,
    yes_no: tuple[str, str],
) -> None:
    if value is None or value == "":
        return
    # Before the numbers: in Python a bool is an int.
    if isinstance(value, bool):
        page.write_string(row, column, yes_no[0] if value else yes_no[1], plain)
    elif isinstance(value, datetime | date):
        page.write_datetime(row, column, value, day)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, value, plain)


def _write_about(page: Any, about: Sequence[tuple[str, str]], head: Any) -> None:
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 80)
    for row, (label, text) in enumerate(about):
        page.write_string(row, 0, label, head)
        page.write_string(row, 1, text)
