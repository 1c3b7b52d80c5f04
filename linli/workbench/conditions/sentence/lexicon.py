"""Every word of the dictionary and every place name, ready for the longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.numerals import to_number
from linli.core.fields import (
    BUILDING,
    DWELLING,
    HOUSEHOLD,
    PERSON,
    Compare,
    Dictionary,
    Field,
    Kind,
    Node,
    Not,
    Op,
)
from linli.workbench.conditions.sentence.marks import MARKS
from linli.workbench.conditions.sentence.pieces import (
    Facts,
    FieldName,
    Mark,
    Meaning,
    Piece,
    PlaceRef,
    Verb,
    Where,
)

_HOUSE = re.compile(r"(\d+|[零〇一二两三四五六七八九十百]+)(幢|栋|号楼|座)")
_ENTRANCE = re.compile(r"(\d+|[零〇一二两三四五六七八九十百]+)(?:号)?(单元|网格)")
# The nouns whose end says whom they are about; adjectives like 独居 say nothing.
ENDINGS: tuple[tuple[str, str], ...] = (
    ("户", HOUSEHOLD),
    ("家庭", HOUSEHOLD),
    ("房", DWELLING),
    ("屋", DWELLING),
    ("宿舍", DWELLING),
    ("楼", BUILDING),
    ("人", PERSON),
    ("人员", PERSON),
    ("者", PERSON),
    ("妇", PERSON),
    ("孩子", PERSON),
    ("小孩", PERSON),
    ("儿童", PERSON),
    ("党员", PERSON),
    ("团员", PERSON),
    ("客", PERSON),
    ("军人", PERSON),
    ("老兵", PERSON),
    ("婴儿", PERSON),
    ("幼儿", PERSON),
    ("宝宝", PERSON),
    ("学生", PERSON),
    ("业主", PERSON),
    ("小朋友", PERSON),
    ("人口", PERSON),
    ("居民", PERSON),
    ("租户", PERSON),
    ("妈妈", PERSON),
    ("对象", PERSON),
    ("人士", PERSON),
)
OLD = "老人"


def spelled(text: str) -> str:
    """Return the one spelling in which sentences and place names are compared."""
    plain = for_matching(text).replace("号楼", "幢").replace("號楼", "幢")
    plain = _HOUSE.sub(lambda found: f"{_digits(found[1])}幢", plain)
    return _ENTRANCE.sub(lambda found: f"{_digits(found[1])}{found[2]}", plain)


def _digits(text: str) -> str:
    value = to_number(text)
    return text if value is None else str(value)


class PlaceWords:
    """Places by everything they are called."""

    def __init__(self, places: Iterable[tuple[PlaceRef, str]]) -> None:
        self._words: dict[str, list[PlaceRef]] = {}
        shorter: dict[str, list[PlaceRef]] = {}
        for ref, name in places:
            for word in _called(ref.level, spelled(name)):
                # What a place is really called comes before what it is called for short.
                known = (self._words if word == spelled(name) else shorter).setdefault(word, [])
                if ref not in known:
                    known.append(ref)
        self._words = shorter | self._words
        self._longest = max(map(len, self._words), default=0)

    def at(self, text: str, start: int) -> Where | None:
        """Return the longest place name that begins here."""
        for end in range(min(len(text), start + self._longest), start, -1):
            refs = self._words.get(text[start:end])
            if refs:
                return Where(text[start:end], start, end, tuple(refs))
        return None


def _called(level: str, name: str) -> Iterator[str]:
    yield name
    endings = {
        "community": ("社区居委会", "居委会", "社区"),
        "estate": ("小区",),
        "subdistrict": ("街道",),
    }.get(level, ())
    for ending in endings:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            short = name.removesuffix(ending)
            yield short
            yield short + endings[-1]
            return
    if endings and not name.endswith(endings[-1]):
        yield name + endings[-1]


class Lexicon:
    """The words of one dictionary, for all subjects at once."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._facts: dict[str, list[Meaning]] = {}
        self._names: dict[str, list[tuple[str, str]]] = {}
        self._verbs: dict[str, list[tuple[str, str]]] = {}
        for subject in dictionary.subjects:
            for one in dictionary.fields_of(subject.key):
                self._add(one)
        every = (*self._facts, *self._names, *self._verbs, *MARKS)
        self._longest = max(map(len, every), default=0)
        self._numbers = {
            (one.subject, one.key)
            for subject in dictionary.subjects
            for one in dictionary.fields_of(subject.key)
            if one.kind is Kind.NUMBER
        }

    def _add(self, one: Field) -> None:
        here = (one.subject, one.key)
        if one.kind is Kind.FLAG:
            where = one.spoken_as or Compare(one.key, Op.EQ, True)
            for word in filter(None, (one.negative, *one.negative_words)):
                self._mean(word, Meaning(one.subject, one.key, Not(Compare(one.key, Op.EQ, True))))
            for word in _flag_words(one):
                self._mean(word, Meaning(one.subject, one.key, where, one.spoken_as is not None))
        elif one.kind is not Kind.PLACE:
            for word in one.words_for():
                self._names.setdefault(spelled(word), []).append(here)
        for word, where, only_after in _choice_words(one):
            self._mean(word, Meaning(one.subject, one.key, where, only_after=only_after))
        for word in one.verbs:
            self._verbs.setdefault(spelled(word), []).append(here)
        if one.kind is Kind.PLACE:
            self._names.setdefault(spelled(one.label), []).append(here)

    def _mean(self, word: str, meaning: Meaning) -> None:
        known = self._facts.setdefault(spelled(word), [])
        if meaning not in known:
            known.append(meaning)

    def at(self, text: str, start: int) -> Iterator[Piece]:
        """Propose the longest word of every kind that begins here."""
        for found in (
            self._fact(text, start),
            self._verb(text, start),
            self._name(text, start),
            _mark(text, start),
        ):
            if found is not None:
                yield found

    def _fact(self, text: str, start: int) -> Piece | None:
        word = _longest(text, start, self._facts, self._longest)
        if not word:
            return None
        meanings = tuple(self._facts[word])
        head = next(
            (
                subject
                for end, subject in ENDINGS
                if word.endswith(end) and any(meaning.subject == subject for meaning in meanings)
            ),
            "",
        )
        return Facts(word, start, start + len(word), meanings, head)

    def _verb(self, text: str, start: int) -> Piece | None:
        word = _longest(text, start, self._verbs, self._longest)
        return Verb(word, start, start + len(word), tuple(self._verbs[word])) if word else None

    def _name(self, text: str, start: int) -> Piece | None:
        word = _longest(text, start, self._names, self._longest)
        if not word:
            return None
        names = tuple(self._names[word])
        kind, of = MARKS.get(word, ("", ""))
        head = of if kind == "subject" else ""
        numeric = all(name in self._numbers for name in names)
        return FieldName(word, start, start + len(word), names, head, numeric)


def _mark(text: str, start: int) -> Piece | None:
    word = _longest(text, start, MARKS, 8)
    return Mark(word, start, start + len(word), *MARKS[word]) if word else None


def _longest(text: str, start: int, words: Mapping[str, object], most: int) -> str:
    for end in range(min(len(text), start + most), start, -1):
        if text[start:end] in words:
            return text[start:end]
    return ""


def _flag_words(one: Field) -> Sequence[str]:
    """Return the words of a flag; "独居老人" is 独居 and 老人, unless the flag is an age."""
    words = [one.label, *one.synonyms]
    if one.spoken_as is None:
        words = [word for word in words if not (word.endswith(OLD) and len(word) > len(OLD))]
    return [word.removeprefix("是否") for word in words]


def _choice_words(one: Field) -> Iterator[tuple[str, Node, bool]]:
    for word, values in (one.words or {}).items():
        where = Compare(one.key, Op.EQ, values[0])
        yield word, where if len(values) == 1 else Compare(one.key, Op.IN, tuple(values)), False
    for choice in one.choices:
        where = Compare(one.key, Op.EQ, choice.value)
        yield choice.label, where, not one.spoken or choice.label.startswith("其他")
        for word in choice.words:
            yield word, where, False
