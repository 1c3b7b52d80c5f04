"""Tables for a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

BETWEEN = "  "


def width_of(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table: headings, a rule, the rows, in aligned columns."""
    lines = [[_one_line(text) for text in row] for row in (headings, *rows)]
    widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
    laid_out = [_line(line, widths) for line in lines]
    return [laid_out[0], BETWEEN.join("-" * width for width in widths), *laid_out[1:]]


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        text + " " * (width - width_of(text)) for text, width in zip(texts, widths, strict=True)
    )
    return BETWEEN.join(padded).rstrip()


def _one_line(text: str) -> str:
    # A value with control characters could move the cursor and rewrite what is on the screen.
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
