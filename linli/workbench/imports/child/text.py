"""Comma-separated text in the encodings of Chinese offices; runs in the child."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading

# What a cell of Excel can hold.
LONGEST_CELL = 32_767
LINES_TO_JUDGE, TEXT_TO_JUDGE = 50, 65_536
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
SEPARATORS = ",\t;|，"


def read_text_file(
    data: bytes, limits: Limits
) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    """Return the one sheet of a text file and its filled rows."""
    content, encoding = decoded(data)
    if "\0" in content:
        raise StopReading("not_a_table")
    head = {"sheets": [["", False]], "chosen": 0, "encoding": encoding}
    return head, _rows(content, limits)


def plain(cell: str) -> str:
    """Return a cell without what keeps a spreadsheet from taking it for a number: ="0012"."""
    kept = _KEPT_AS_TEXT.fullmatch(cell)
    return kept[1] if kept else cell


def decoded(data: bytes) -> tuple[str, str]:
    """Return a text and its encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        tries = ["utf-8-sig"]
    else:
        # Every GBK text of some length is broken as UTF-8, not the other way round.
        tries = ["utf-8", "gb18030"]
    for encoding in tries:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise StopReading("encoding")


def _separator(content: str) -> str:
    """Return the mark that cuts the first rows into the most equal number of parts.

    Rows, not lines: a text in quotes may hold line ends and any mark, many times.
    """
    best, score = ",", 0
    for mark in SEPARATORS:
        parts = Counter(len(row) - 1 for row in _first_rows(content, mark))
        alike = max((cuts * times for cuts, times in parts.items()), default=0)
        if alike > score:
            best, score = mark, alike
    return best


def _first_rows(content: str, mark: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(content[:TEXT_TO_JUDGE], newline=""), delimiter=mark)
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(filter(None, reader), LINES_TO_JUDGE))
    # The last one may be cut off in the middle.
    return rows[:-1] if len(content) > TEXT_TO_JUDGE and len(rows) > 1 else rows


def _rows(content: str, limits: Limits) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=_separator(content))
    number = 0
    try:
        for row in reader:
            number += 1
            cells = [plain(cell.strip()) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > limits.columns > 0:
                raise StopReading("too_many_columns", most=limits.columns, cell=f"第{number}行")
            if cells:
                yield number, [cell or None for cell in cells]
    except csv.Error as wrong:
        if "field larger" in str(wrong):
            raise StopReading("long_cell", row=number + 1, most=LONGEST_CELL) from wrong
        raise StopReading("broken") from wrong
