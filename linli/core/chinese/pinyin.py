"""Pinyin of personal names and of places, for finding and for sorting."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from linli.core.chinese import place_readings as places
from linli.core.chinese.surnames import COMPOUND_SURNAMES, GIVEN_NAMES, SURNAMES, surname_of

MOST_READINGS = 8
_WORD = re.compile(r"[a-z0-9]+|[^\x00-\xff]")
_MIDDLE_DOTS = re.compile("[·•・‧．.]")


@dataclass(frozen=True)
class Pinyin:
    """One reading of a text, syllable by syllable, without tones; ü is v."""

    syllables: tuple[str, ...]

    @property
    def full(self) -> str:
        """All syllables in one word, as people type it: zhangsan."""
        return _fold("".join(self.syllables))

    @property
    def spaced(self) -> str:
        """The syllables with spaces, as it is read: zhang san."""
        return " ".join(self.syllables)

    @property
    def initials(self) -> str:
        """The first letters: zs."""
        return "".join(syllable[0] for syllable in self.syllables)


@lru_cache(maxsize=65_536)
def name_pinyin(name: str) -> Pinyin:
    """Read a personal name: the surname as a surname, then the given name."""
    return Pinyin(tuple(readings[0] for readings in _readings_of_name(name)))


@lru_cache(maxsize=65_536)
def name_readings(name: str) -> tuple[Pinyin, ...]:
    """Return the readings somebody may type for a name, the usual one first, at most eight."""
    combinations = itertools.product(*_readings_of_name(name))
    return tuple(Pinyin(each) for each in itertools.islice(combinations, MOST_READINGS))


@lru_cache(maxsize=16_384)
def place_pinyin(name: str) -> Pinyin:
    """Read the name of a place, a road or an address."""
    return Pinyin(tuple(_syllables_of_place(_clean(name))))


def typed_pinyin(text: str) -> str:
    """Return typed pinyin as ``Pinyin.full`` spells it: no spaces, marks or tones, ü as v."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("u:", "v"))
    joined = re.sub("u[\u0300-\u0304\u030c]*\u0308", "v", decomposed)
    return _fold("".join(c for c in joined if c.isascii() and c.isalnum()))


def _fold(full: str) -> str:
    # Passports write lyu; input methods take lue and lve alike.
    return full.replace("lyu", "lv").replace("lve", "lue").replace("nve", "nue")


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _readings_of_name(name: str) -> Iterator[tuple[str, ...]]:
    text = _clean(name).strip()
    # pypinyin knows words and no surnames: 曾 单 仇 区 解 朴 come out wrong.
    if not _MIDDLE_DOTS.search(text):  # 单增·多吉 has no Chinese surname
        surname = surname_of(text)
        text = text[len(surname) :]
        if len(surname) > 1:
            yield from ((syllable,) for syllable in COMPOUND_SURNAMES[surname])
        elif surname in SURNAMES:
            yield SURNAMES[surname]
        else:
            text = surname + text
    for word in _WORD.findall(text):
        readings = GIVEN_NAMES.get(word) or _of_word(word)
        if readings[0]:
            yield readings


def _syllables_of_place(text: str) -> Iterator[str]:
    start = 0
    if len(text) > 1 and text[1] in places.FAMILY_MARKS and text[0] not in places.NOT_FAMILIES:
        yield from SURNAMES.get(text[0], _of_word(text[0]))[:1]
        start = 1
    rest: list[str] = []
    while start < len(text):
        known = _known_place(text, start)
        if known:
            yield from _by_words("".join(rest))
            yield from places.PLACES[known]
            rest = []
        else:
            rest.append(text[start])
        start += len(known) or 1
    yield from _by_words("".join(rest))


def _known_place(text: str, start: int) -> str:
    for length in range(places.LONGEST_PLACE, 1, -1):
        if text[start : start + length] in places.PLACES:
            return text[start : start + length]
    return ""


def _by_words(text: str) -> Iterator[str]:
    """Read a text by the dictionary of words, keeping letters and digits."""
    if not text:
        return
    for piece in re.findall(r"[a-z0-9]+|[^\x00-\xff]+", text):
        if piece.isascii():
            yield piece
            continue
        for character, syllable in zip(piece, _lazy_pinyin(piece), strict=True):
            spoken = places.PLACE_CHARACTERS.get(character, syllable)
            if spoken:
                yield spoken


@lru_cache(maxsize=16_384)
def _of_word(word: str) -> tuple[str, ...]:
    return (word,) if word.isascii() else (_lazy_pinyin(word)[0],)


def _lazy_pinyin(text: str) -> list[str]:
    # Imported late: its dictionary of words takes a quarter of a second to load.
    from pypinyin import lazy_pinyin

    # Unknown characters come back as they are, one each, and are passed over.
    spoken: list[str] = lazy_pinyin(text, errors=list)  # type: ignore[arg-type]
    return [syllable if syllable.isascii() else "" for syllable in spoken]
