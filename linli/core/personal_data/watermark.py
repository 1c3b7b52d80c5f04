"""A mark that copied rows carry with them, so that a leaked list says where it came from.

Each row's text carries four invisible characters: which of the sixteen parts this row holds, and
that part of a 64-bit number (48 bits of the export's own number, 16 bits to check it). Any sixteen
rows in a row hold all of it; they survive copying into another workbook, a chat or a text file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

SYMBOLS = "\u200b\u200c\u200d\u2060"
PARTS = 16
NUMBER_BITS = 48


def number_of(link: str) -> int:
    """Return the 48-bit number of an export from its link."""
    return int.from_bytes(hashlib.sha256(link.encode()).digest()[:6], "big")


def _checked(number: int) -> int:
    check = hashlib.sha256(number.to_bytes(6, "big")).digest()[:2]
    return (number << 16) | int.from_bytes(check, "big")


def mark(number: int, row: int) -> str:
    """Return the invisible characters of one row."""
    part = row % PARTS
    nibble = (_checked(number) >> (4 * part)) & 0xF
    value = (part << 4) | nibble
    return "".join(SYMBOLS[(value >> shift) & 3] for shift in (6, 4, 2, 0))


def marks_in(text: str) -> list[tuple[int, int]]:
    """Return the (part, value) pairs that a text carries."""
    marks = [letter for letter in text if letter in SYMBOLS]
    pairs = []
    for start in range(0, len(marks) - 3, 4):
        value = 0
        for letter in marks[start : start + 4]:
            value = (value << 2) | SYMBOLS.index(letter)
        pairs.append((value >> 4, value & 0xF))
    return pairs


def recover(texts: Iterable[str]) -> int | None:
    """Return the number that copied rows carry, or None when too few or none are marked."""
    votes: dict[int, Counter[int]] = {}
    for text in texts:
        # By majority: a row of another list may have got in between.
        for part, nibble in marks_in(text):
            votes.setdefault(part, Counter())[nibble] += 1
    if len(votes) < PARTS:
        return None
    whole = sum(votes[part].most_common(1)[0][0] << (4 * part) for part in range(PARTS))
    number = whole >> 16
    return number if _checked(number) == whole else None


def without_marks(text: str) -> str:
    """Return the text as people see it."""
    return "".join(letter for letter in text if letter not in SYMBOLS)
