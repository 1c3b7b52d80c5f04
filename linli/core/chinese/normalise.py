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


def half_width(text: str) -> str:
    """Make full-width letters and digits half-width; Chinese punctuation stays."""
    return text.translate(_HALF_WIDTH)


def tidy(text: str) -> str:
    """Clean what somebody typed or pasted, for storing: width, invisible marks, spaces."""
    return _SPACES.sub(" ", half_width(text.translate(_INVISIBLE))).strip()


def without_spaces(text: str) -> str:
    """Drop every space and invisible mark, as for numbers and names typed with gaps."""
    return _SPACES.sub("", text.translate(_INVISIBLE))


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
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
    return _SPACES.sub(" ", to_simplified(folded)).strip()
