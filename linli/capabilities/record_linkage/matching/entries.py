"""One person as matching sees them, the same for a row of a list and for the register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from linli.core.chinese.pinyin import name_pinyin
from linli.core.time import PartialDate

# What keyboards and dialects of the lower Yangtze mix up: zh z, ch c, sh s, -ng -n.
_MIXED_UP = ((re.compile("([zcs])h"), r"\1"), (re.compile("ng(?![aeiou])"), "n"))


@dataclass(slots=True)
class LinkageEntry:
    """``number``, ``phone`` and ``tail`` are compared for equality alone: blind indexes will do.

    ``name`` is a ``name_key``. ``part`` is a birth date without day or month ("1950-03", "1950").
    ``plain_number`` and ``plain_phone`` are needed only where a digit may be wrong or covered.
    ``door``, ``building`` and ``estate`` are keys of places. ``from_number`` names the facts
    ("birth", "sex") that the row itself does not say: they were taken from its number.
    """

    key: int
    name: str = ""
    sound: str = ""
    born: date | None = None
    part: str = ""
    sex: str = ""
    number: str = ""
    phone: str = ""
    tail: str = ""
    door: int = 0
    building: int = 0
    estate: int = 0
    plain_number: str = ""
    plain_phone: str = ""
    from_number: frozenset[str] = frozenset()


def born_or_part(birth: date | None) -> tuple[date | None, str]:
    """Return ``born`` and ``part``: a month alone is no day to compare."""
    return (None, birth.isoformat()) if isinstance(birth, PartialDate) else (birth, "")


@lru_cache(maxsize=131_072)
def sound_of(name: str, pinyin: str = "") -> str:
    """Return how a name sounds, with what is often mixed up made equal."""
    sound = pinyin or name_pinyin(name).full
    for pattern, plain in _MIXED_UP:
        sound = pattern.sub(plain, sound)
    return sound
