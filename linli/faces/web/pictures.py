"""Where the parts of a picture stand: pure arithmetic, in percent of its width.

Pictures have no fixed width: across they are drawn in percent, downwards in rem, so that their
words are as large as those around them on every screen and in 关怀版.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2s

HEAT_STEPS = 5
# Of a pyramid's width: half the words in the middle, and what a value takes at each side.
PYRAMID_MIDDLE, PYRAMID_VALUE = 9.0, 15.0
LONGEST_SHORT_LABEL = 6


def share(value: int, most: int, whole: float = 100.0) -> float:
    """Return how much of the width a value takes when the largest one takes all of it."""
    return round(whole * value / most, 3) if most > 0 else 0.0


def percent(number: float) -> str:
    """Write a length as SVG reads it, in every language alike."""
    return f"{number:.3f}".rstrip("0").rstrip(".") + "%"


def in_a_row(values: Iterable[int], most: int) -> list[tuple[float, float]]:
    """Return where each part of a stacked bar begins and how long it is."""
    parts, before = [], 0
    for value in values:
        parts.append((share(before, most), share(value, most)))
        before += value
    return parts


def heat_step(value: int | None, most: int) -> int:
    """Return 0 for nothing, else 1 to 5: the largest number is always the darkest."""
    if not value or value < 0 or most <= 0:
        return 0
    return min(HEAT_STEPS, -(-HEAT_STEPS * value // most))


def days_across(day: date, starts: date, days: int) -> float:
    """Return where a day begins; days outside stand at the edge."""
    return min(100.0, max(0.0, share((day - starts).days, days)))


def pyramid_half(value: int, most: int) -> float:
    """Return how far from the middle a bar of a pyramid reaches."""
    return share(value, most, 50 - PYRAMID_MIDDLE - PYRAMID_VALUE)


def is_short(labels: Sequence[str]) -> bool:
    """Do all names fit beside their bars on a phone?"""
    return all(len(label) <= LONGEST_SHORT_LABEL for label in labels)


def picture_id(kind: str, caption: str) -> str:
    """Return an id by which a picture's parts find each other, the same at every visit."""
    return f"{kind}-{blake2s(caption.encode(), digest_size=4).hexdigest()}"


def amount_in_words(number: int | str, unit: str) -> str:
    """Say a number with its unit: 12件, 12 cases."""
    shown = f"{number:,}" if isinstance(number, int) else number
    return f"{shown} {unit}" if unit[:1].isascii() and unit else f"{shown}{unit}"
