"""A day of which only the month was said: kept as that, never with a day nobody named."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from linli.core.time.parsing import Precision

_MONTH = re.compile(r"\d{4}-\d{2}")


class PartialDate(date):
    """A year and month; counts as the first of the month and is written 1950-03.

    It equals another one of the same month and no whole day.
    """

    def isoformat(self) -> str:
        """Return year and month."""
        return f"{self.year:04d}-{self.month:02d}"

    __str__ = isoformat

    def __eq__(self, other: object) -> bool:
        """Is this the same month, said as no more than a month?"""
        return isinstance(other, PartialDate) and self.whole() == other.whole()

    def __ne__(self, other: object) -> bool:
        """Is this anything else?"""
        return not self == other

    def __hash__(self) -> int:
        """Return a hash that goes with equality."""
        return hash((PartialDate, self.year, self.month))

    def whole(self) -> date:
        """Return the first of the month, as which it is stored."""
        return date(self.year, self.month, 1)

    def holds(self, other: object) -> bool:
        """Does another day or month lie in this month?"""
        return isinstance(other, date) and (self.year, self.month) == (other.year, other.month)


def with_precision(value: Any, precision: str) -> Any:
    """Return a stored day as what was said of it."""
    is_month = precision == Precision.MONTH and isinstance(value, date)
    return PartialDate(value.year, value.month, 1) if is_month else value


def day_from(text: str) -> date:
    """Read back what ``isoformat`` wrote of a day or a month."""
    if _MONTH.fullmatch(text):
        return with_precision(date.fromisoformat(f"{text}-01"), Precision.MONTH)  # type: ignore[no-any-return]
    return date.fromisoformat(text)


def day_words(value: date) -> str:
    """Say a day as people read it; of a month alone, 1950年3月."""
    is_month = isinstance(value, PartialDate)
    return f"{value.year}年{value.month}月" if is_month else value.isoformat()
