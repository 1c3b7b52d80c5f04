"""What the pictures are given: small frozen shapes, made by pages, drawn by templates as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from linli.core.interface.registry import Words

# What a part of a picture may mean; "late" is red and hatched, so that grey paper shows it too.
PICTURE_TONES = ("first", "second", "late", "rest")
STRIP_DAYS, STRIP_SEGMENT_DAYS = 60, 10  # ten days are as wide as a finger on a phone


@dataclass(frozen=True)
class Amount:
    """A number and the list it opens; who may not be told it reads ``says`` instead."""

    value: int | None
    href: str = ""
    says: Words = ""


@dataclass(frozen=True)
class Series:
    """What one of several bars, or one part of a bar, stands for."""

    label: Words
    tone: str = "first"


@dataclass(frozen=True)
class BarRow:
    """One named bar with an amount for each series; the row itself opens ``href``."""

    label: Words
    amounts: Sequence[Amount]
    href: str = ""
    note: Words = ""


@dataclass(frozen=True)
class Bars:
    """Bars one below the other: a series each, or stacked into one bar."""

    caption: Words
    unit: Words
    series: Sequence[Series]
    rows: Sequence[BarRow]
    stacked: bool = False
    empty: Words = ""


@dataclass(frozen=True)
class HeatCell:
    """One field: a number that colours it, or words with a tone ("good", "bad", "none")."""

    value: int | None = None
    href: str = ""
    text: Words = ""
    says: Words = ""
    tone: str = ""
    label: Words = ""
    is_today: bool = False


@dataclass(frozen=True)
class HeatColumn:
    """A column of a matrix; its sum, where there is one, opens ``href``."""

    label: Words
    href: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One row of a matrix; None where there is nothing to say."""

    label: Words
    cells: Sequence[HeatCell | None]
    href: str = ""


@dataclass(frozen=True)
class HeatMatrix:
    """Rows × columns, every field coloured by its number: ``by_column`` where units differ.

    ``sums``: "both", "columns" (rows of different figures have no sum) or "" (words, not numbers).
    """

    caption: Words
    unit: Words
    columns: Sequence[HeatColumn]
    rows: Sequence[HeatRow]
    corner: Words = ""
    by_column: bool = False
    sums: str = "both"
    empty: Words = ""


@dataclass(frozen=True)
class HeatMonth:
    """A month as it hangs on the wall, Monday first; None on days of other months."""

    caption: Words
    unit: Words
    weeks: Sequence[Sequence[HeatCell | None]]


@dataclass(frozen=True)
class StripRow:
    """One kind over the days of a strip; a segment with something in it opens its address."""

    label: Words
    by_day: dict[date, int]
    hrefs: Sequence[str] = ()
    href: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Strip:
    """The coming days, a row for each kind."""

    caption: Words
    unit: Words
    starts: date
    rows: Sequence[StripRow]
    days: int = STRIP_DAYS
    segment_days: int = STRIP_SEGMENT_DAYS
    empty: Words = ""

    @property
    def segments(self) -> list[tuple[date, date]]:
        """Return the first and last day of each segment."""
        return strip_segments(self.starts, self.days, self.segment_days)


def strip_segments(
    starts: date, days: int = STRIP_DAYS, segment_days: int = STRIP_SEGMENT_DAYS
) -> list[tuple[date, date]]:
    """Return the first and last day of each part of a strip that opens on its own."""
    return [
        (starts + timedelta(first), starts + timedelta(min(first + segment_days, days) - 1))
        for first in range(0, days, segment_days)
    ]


@dataclass(frozen=True)
class Span:
    """How long one matter stood in one state; without an end it still does."""

    label: Words
    starts: date
    ends: date | None
    tone: str = "first"
    note: Words = ""


@dataclass(frozen=True)
class Timeline:
    """One matter from its first day on, its states one after the other."""

    caption: Words
    spans: Sequence[Span]
    until: date
    due: date | None = None


@dataclass(frozen=True)
class PyramidBand:
    """One age group: so many on the left, so many on the right."""

    label: Words
    left: Amount
    right: Amount


@dataclass(frozen=True)
class Pyramid:
    """Ages by sex, the oldest on top; ``beside`` says who is in none of the groups."""

    caption: Words
    unit: Words
    left: Words
    right: Words
    bands: Sequence[PyramidBand]
    beside: Sequence[tuple[Words, Amount]] = field(default_factory=tuple)
    empty: Words = ""
