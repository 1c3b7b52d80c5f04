"""The large-print PDF of a list, by typst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from linli.core.personal_data.watermark import without_marks

TEMPLATE = Path(__file__).with_name("paper.typ")
LARGE_PRINT = 14
SMALLER_WHEN_WIDE = 12
WIDE_FROM_COLUMNS = 5


def _width(text: str) -> int:
    """Return how wide a text is, in halves of a Chinese character."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _share(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return each column's share of the page from its typical content."""
    shares = []
    for number, column in enumerate(columns):
        widths = sorted(_width(without_marks(row[number])) for row in rows[:200]) or [4]
        # One long value must not take the page from all other columns.
        typical = widths[int(len(widths) * 0.9)]
        shares.append(float(min(max(_width(column), typical, 4), 36)))
    return shares


def large_print(
    *,
    title: str,
    note: str,
    footer: str,
    author: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> bytes:
    """Return a PDF of a list: rows of words under columns, as large as the page allows."""
    wide = len(columns) >= WIDE_FROM_COLUMNS
    data = {
        "title": title,
        "note": note,
        "footer": footer,
        "author": author,
        "wide": wide,
        "size": SMALLER_WHEN_WIDE if len(columns) > WIDE_FROM_COLUMNS + 2 else LARGE_PRINT,
        "widths": _share(columns, rows),
        "columns": list(columns),
        "rows": [list(row) for row in rows],
    }
    import typst

    pdf = typst.compile(str(TEMPLATE), sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    return bytes(pdf)
