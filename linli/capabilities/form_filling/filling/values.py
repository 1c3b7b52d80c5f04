"""Values in the form's own style: days, months, numbers, long digits as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from linli.capabilities.form_filling.filling.content import Value

MONTH_ONLY = re.compile(r"年月(?!日)")
LENGTHS = (11, 15, 18)  # of a phone and of identity numbers old and new
PARTIAL = re.compile(r"(\d{4})-(\d{2})")  # of a birth no more than the month is known
SAMPLE = re.compile(r"\d{4}([.\-/年])\d{1,2}(?:([.\-/月])\d{1,2}(日?))?(月)?")


def styled(value: Value, heading: str) -> str | int | float | date | None:
    """Return a value as the heading asks for it; a day stays a day unless the heading shows how."""
    if isinstance(value, date):
        return _day(value, heading)
    if isinstance(value, str) and (partial := PARTIAL.fullmatch(value)):
        return _month(int(partial[1]), int(partial[2]), heading)
    if isinstance(value, str) and value.endswith("岁") and value[:-1].isdigit():
        return int(value[:-1])
    return value


def _day(value: date, heading: str) -> str | date:
    sample = SAMPLE.search(heading)
    month_only = bool(MONTH_ONLY.search(heading)) or bool(sample and not sample[2])
    if sample and sample[1] == "年":
        return f"{value.year}年{value.month}月" + ("" if month_only else f"{value.day}日")
    mark = sample[1] if sample else "-"
    if month_only:
        return _month(value.year, value.month, heading)
    return f"{value.year}{mark}{value.month:02d}{mark}{value.day:02d}"


def _month(year: int, month: int, heading: str) -> str:
    """Write a month: no day is made up where the heading wants one."""
    sample = SAMPLE.search(heading)
    if sample and sample[1] == "年":
        return f"{year}年{month}月"
    mark = sample[1] if sample else "." if MONTH_ONLY.search(heading) else "-"
    return f"{year}{mark}{month:02d}"


def in_boxes(text: str, boxes: int) -> Sequence[str]:
    """Return a number digit by digit where it has a box for each, else as it is."""
    is_number = bool(re.fullmatch(r"\d+[\dXx]", text)) and len(text) in LENGTHS
    return list(text) if is_number and boxes >= len(text) else [text]


def in_text(value: Value, heading: str) -> str:
    """Return a value as text for a Word cell."""
    text = styled(value, heading)
    return "" if text is None else str(text)
