"""One spelling for texts that mean the same: width, script, spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CJK_RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_HALF_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()
}
# Soft hyphens, zero-width marks and direction marks come along with copied text.
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_SPACES = re.compile(r"\s+")
# Where GB18030 as of 2005 and 2022 moved what GBK had kept at codes for private use.
_MOVED_SINCE = {
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE832: 0x9FB8,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE864: 0x9FBB,
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE831: 0x215D7,
    0xE83B: 0x2298F,
    0xE855: 0x241FE,
}


def _private_use() -> dict[int, int]:
    """Characters that old encodings put at private codes: GBK's last row, byte by byte."""
    last_bytes = [byte for byte in range(0x50, 0xA1) if byte != 0x7F]
    codes = {
        0xE815 + place: ord(bytes([0xFE, byte]).decode("gb18030"))
        for place, byte in enumerate(last_bytes)
    }
    return {code: known for code, known in (codes | _MOVED_SINCE).items() if code != known}


_CLEANED: dict[int, int | None] = {**_INVISIBLE, **_private_use()}


def half_width(text: str) -> str:
    """Make full-width letters and digits half-width; Chinese punctuation stays."""
    return text.translate(_HALF_WIDTH)


def tidy(text: str) -> str:
    """Clean what somebody typed or pasted, for storing: width, marks, old codes, spaces."""
    return _SPACES.sub(" ", half_width(text.translate(_CLEANED))).strip()


def without_spaces(text: str) -> str:
    """Drop every space and invisible mark, as for numbers and names typed with gaps."""
    return _SPACES.sub("", text.translate(_CLEANED))


@lru_cache(maxsize=1)
def _simplified_characters() -> dict[int, str]:
    from opencc import OpenCC

    traditional = [chr(code) for start, end in _CJK_RANGES for code in range(start, end)]
    # One character a line: side by side OpenCC would convert them as phrases.
    simplified = OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    return {ord(a): b for a, b in zip(traditional, simplified, strict=True) if a != b}


def to_simplified(text: str) -> str:
    """Replace traditional characters one by one, for matching only.

    One by one and not by phrase: a part of a text must come out as it does within the whole.
    """
    return text.translate(_simplified_characters())


def for_matching(text: str) -> str:
    """Return the spelling by which two texts are compared; never store or show it."""
    folded = unicodedata.normalize("NFKC", text.translate(_CLEANED)).casefold()
    return _SPACES.sub(" ", to_simplified(folded)).strip()
