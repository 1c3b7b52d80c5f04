"""Addresses in one spelling, with the way back to the words as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.numerals import to_number

LONGEST_READ = 2000
PARTS = ("building", "entrance", "door")
_SPOKEN = re.compile(
    r"[零〇一二两三四五六七八九十百]+(?=号楼|号门|号|幢|栋|座|单元|室|弄|期|区|楼|层)"
)
# 号 before 线, 码 and the like is no house.
_HOUSE = re.compile(
    r"(?<![0-9a-z])(?P<building>[a-z]?\d{1,3}[a-z]?|[a-z])(?:号楼|幢|栋|座|#|号(?![线院门路码]))"
    r"第?(?:(?P<entrance>\d{1,2}|[a-z])(?:单元|门洞|号门|门))?"
    r"(?:\d{1,2}(?:楼|层))?(?:(?P<door>\d{3,4})(?!\d)(?:室|号|户|房)?)?"
)
_ENTRANCE = re.compile(
    r"(?<![0-9a-z])(?P<entrance>\d{1,2})单元(?:\d{1,2}(?:楼|层))?(?:(?P<door>\d{3,4})(?!\d)室?)?"
)
_SHORT = re.compile(
    r"(?<![0-9a-z-])(?P<building>\d{1,3})-(?:(?P<entrance>\d{1,2})-)?(?P<door>\d{3,4})(?![0-9-])"
)
_DOOR = re.compile(r"(?<!\d)(?P<door>\d{3,4})室")
_NUMBER = re.compile(r"[a-z]?\d+[a-z]?|[a-z](?![a-z])")


@dataclass(frozen=True)
class Numbers:
    """The numbers of one address: building, entrance, door; where they begin and end."""

    building: str
    entrance: str
    door: str
    start: int
    end: int


class Spelt:
    """A text in the spelling of addresses: 三号楼 and ３号楼 are both 3号楼."""

    def __init__(self, text: str) -> None:
        self.written = text[:LONGEST_READ]
        letters, origins = _folded(self.written)
        self.text, self._origins = _counted(letters, origins)

    def piece(self, start: int, end: int) -> str:
        """Return the words from which a part of the spelling came, as they were written."""
        return self.written[self._origins[start][0] : self._origins[end - 1][1]]

    def numbers(self) -> Iterator[Numbers]:
        """Return every run of address numbers: "3幢1单元1802室", "3-1802", "2单元"."""
        taken: list[tuple[int, int]] = []
        # What a fuller pattern has taken is not read again by a shorter one.
        for pattern in (_SHORT, _HOUSE, _ENTRANCE, _DOOR):
            for match in pattern.finditer(self.text):
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                taken.append(match.span())
                parts = match.groupdict()
                building, entrance, door = (_plain(parts.get(key)) for key in PARTS)
                yield Numbers(building, entrance, door, match.start(), match.end())


def number_in(name: str) -> str:
    """Return the number of a house, entrance or door: 3幢 → 3, ３号楼 → 3, 甲座 → 甲座."""
    spelt = Spelt(name).text
    match = _NUMBER.search(spelt)
    return _plain(match.group()) if match else spelt


def spelt(name: str) -> str:
    """Return a name in the spelling in which it is looked for."""
    return Spelt(name).text


def _plain(number: str | None) -> str:
    return (number or "").lstrip("0")


@lru_cache(maxsize=20_000)
def _letter(letter: str) -> str:
    return "" if letter.isspace() else for_matching(letter).replace(" ", "")


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    letters, origins = [], []
    for at, letter in enumerate(text):
        for one in _letter(letter):
            letters.append(one)
            origins.append((at, at + 1))
    return "".join(letters), origins


def _counted(text: str, origins: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Write spoken numbers before 幢, 单元, 室 … with digits."""
    out, places, last = [], [], 0
    for match in _SPOKEN.finditer(text):
        number = _digits(match.group())
        if number is None:
            continue
        out += [text[last : match.start()], number]
        places += origins[last : match.start()]
        places += [(origins[match.start()][0], origins[match.end() - 1][1])] * len(number)
        last = match.end()
    return "".join([*out, text[last:]]), [*places, *origins[last:]]


@lru_cache(maxsize=4096)
def _digits(spoken: str) -> str | None:
    """Return 三 as 3 and 一八零二 as 1802, or None when it is no whole number."""
    if len(spoken) > 1 and not set(spoken) & set("十百"):
        return "".join(
            str("零一二三四五六七八九".find(one.replace("〇", "零").replace("两", "二")))
            for one in spoken
        )
    number = to_number(spoken)
    return str(number) if isinstance(number, int) else None
