"""From the headings of a sheet to the facts of the register, with how sure that is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from linli.core.fields import Field
from linli.workbench.imports.headings import ColumnHeading, SheetTable
from linli.workbench.imports.targets import (
    UNUSED_WORDS,
    ColumnTarget,
    derived_words,
    heading_spelling,
    targets_of,
    without_brackets,
)

SURE, LIKELY, PERHAPS = 1.0, 0.9, 0.6
CLEARLY_BETTER = 0.25
SAMPLE = 60
SIMILAR_ENOUGH = 84
_BEFORE = (
    "本人",
    "居民",
    "人员",
    "住户",
    "被登记人",
    "现",
    "所属",
    "是否",
    "是否为",
    "家庭",
    "个人",
    "必填",
    "老人",
    "户内",
    "房屋",
)
_AFTER = (
    "情况",
    "信息",
    "名称",
    "必填",
    "选填",
    "类型",
    "填写",
    "号码",
    "号",
    "下拉选择",
    "人员",
    "1",
    "一",
)
# A heading about somebody else is not about the person of the row.
_SOMEBODY_ELSE = re.compile(
    "监护人|紧急联系|配偶|父亲|母亲|房东|子女|家属|联系人|网格员|登记人员|经办"
)
_IDENTITY = re.compile(r"[1-9]\d{16}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True)
class Guess:
    """What a column is taken for; ``why`` is a key of the words on the page.

    why: "exact", "similar", "values" (the cells look like it), "derived" (worked out, not
    imported), "unused" (serial numbers, remarks), "unknown", "double" (several columns claim it).
    """

    heading: ColumnHeading
    target: str = ""
    confidence: float = 0.0
    why: str = "unknown"
    rivals: tuple[int, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Is it sure enough to need no look?"""
        return self.confidence >= LIKELY or self.why in ("unused", "derived")


@dataclass(frozen=True)
class Words:
    """Everything columns can be called, ready for comparing."""

    targets: Mapping[str, ColumnTarget]
    exact: Mapping[str, str]
    derived: Mapping[str, str]

    def knows(self, text: str) -> bool:
        """Is this text a heading we know?"""
        if len(text) > 30:
            return False
        spelling = heading_spelling(text)
        return bool(spelling) and (
            spelling in self.exact
            or spelling in self.derived
            or spelling in UNUSED_WORDS
            or heading_spelling(without_brackets(text)) in self.exact
        )


def words_of(subject: str, own: Iterable[Field] = ()) -> Words:
    """Return the words for columns of a list; ``own`` are the facts that an office added."""
    targets = targets_of(subject, own)
    exact: dict[str, str] = {}
    for target in targets:
        for word in target.words:
            exact.setdefault(heading_spelling(word), target.key)
    for target in targets:  # a label wins over a synonym of another fact
        exact[heading_spelling(target.label)] = target.key
    return Words({target.key: target for target in targets}, exact, derived_words(subject))


def recognised(table: SheetTable, words: Words) -> tuple[Guess, ...]:
    """Guess every column; where several claim one fact and none is clearly better, none gets it."""
    guesses = [_guess(heading, table, words) for heading in table.headings]
    claims: dict[str, list[int]] = defaultdict(list)
    for place, guess in enumerate(guesses):
        if guess.target:
            claims[guess.target].append(place)
    for places in claims.values():
        if len(places) > 1:
            _settle(guesses, places)
    return tuple(guesses)


def _settle(guesses: list[Guess], places: Sequence[int]) -> None:
    ranked = sorted(places, key=lambda place: -guesses[place].confidence)
    best, second = guesses[ranked[0]], guesses[ranked[1]]
    rivals = tuple(guesses[place].heading.column for place in places)
    has_winner = best.confidence - second.confidence >= CLEARLY_BETTER
    for place in ranked[1 if has_winner else 0 :]:
        guesses[place] = replace(
            guesses[place], target="", confidence=0.0, why="double", rivals=rivals
        )


def _guess(heading: ColumnHeading, table: SheetTable, words: Words) -> Guess:
    for text, confidence in _readings(heading):
        spelling = heading_spelling(text)
        if spelling in words.exact:
            return Guess(heading, words.exact[spelling], confidence, "exact")
        if spelling in words.derived:
            return Guess(heading, "", 0.0, "derived")
        if spelling in UNUSED_WORDS:
            return Guess(heading, "", 0.0, "unused")
    similar = _similar(heading, words)
    if similar:
        return similar
    by_values = _by_values(heading, table, words)
    return by_values or Guess(heading)


def _readings(heading: ColumnHeading) -> Iterable[tuple[str, float]]:
    """Yield the ways to read a heading, the surest first: its lowest row, all rows, no remarks."""
    if not heading.parts:
        return
    last, whole = heading.parts[-1], "".join(heading.parts)
    # Under a heading for the guardian even 姓名 is the guardian's.
    if _SOMEBODY_ELSE.search(whole) and not _SOMEBODY_ELSE.search(last):
        yield whole, SURE
        return
    yield last, SURE
    yield whole, SURE
    yield without_brackets(last), 0.95
    yield without_brackets(whole), 0.95
    if len(heading.parts) > 1:
        yield heading.parts[0], PERHAPS


def _similar(heading: ColumnHeading, words: Words) -> Guess | None:
    spelling = heading_spelling(without_brackets("".join(heading.parts[-1:])))
    if len(spelling) < 2 or _SOMEBODY_ELSE.search("".join(heading.parts)):
        return None
    stripped = _stripped(spelling, words)
    if stripped:
        # Below LIKELY, so that a person looks at it.
        return Guess(heading, stripped, 0.85, "similar")
    # Words of two characters are alike by one of them: too little to go by.
    scored = ((fuzz.ratio(spelling, word), word) for word in words.exact if len(word) > 2)
    score, word = max(scored, default=(0.0, ""))
    if score >= SIMILAR_ENOUGH:
        return Guess(heading, words.exact[word], PERHAPS, "similar")
    return None


def _stripped(spelling: str, words: Words) -> str:
    for before in ("", *_BEFORE):
        for after in ("", *_AFTER):
            if spelling.startswith(before) and spelling.endswith(after):
                inner = spelling[len(before) : len(spelling) - len(after)]
                if len(inner) > 1 and inner in words.exact:
                    return words.exact[inner]
    return ""


def _by_values(heading: ColumnHeading, table: SheetTable, words: Words) -> Guess | None:
    if _SOMEBODY_ELSE.search(heading.text):
        return None
    cells = [row.cell(heading.column) for row in table.rows[:SAMPLE]]
    texts = [str(cell).strip() for cell in cells if cell is not None]
    for key, pattern in (("identity_number", _IDENTITY), ("phone", _MOBILE)):
        fitting = sum(bool(pattern.fullmatch(text)) for text in texts)
        if key in words.targets and texts and fitting * 5 >= len(texts) * 4:
            return Guess(heading, key, PERHAPS, "values")
    return None
