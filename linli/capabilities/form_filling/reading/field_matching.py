"""Which fact of the dictionary a heading asks for; rather none than a wrong one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from linli.capabilities.form_filling.reading.form import CELL, COLUMN, FieldMatch, Spot
from linli.capabilities.form_filling.reading.shape import HeadingPath
from linli.capabilities.form_filling.reading.subjects import field_of, subject_of
from linli.capabilities.form_filling.reading.words import (
    HEAD,
    NOT_OTHER,
    OTHER,
    PLAIN_OWN,
    SERIAL,
    SOME_OWN,
    is_of_others,
    parts,
    plain_heading,
)
from linli.core.fields import DICTIONARY, PERSON
from linli.core.fields.dictionary import spelling

# How sure: the fact's own name, another word for it, a part of what the heading says.
BY_NAME, BY_SYNONYM, BY_OTHER_WORD = 0.99, 0.95, 0.92
PARTLY, DOUBTFUL = 0.85, 0.4
UNDER_A_GROUP = 0.02
NEAR = 0.5
# These words also stand over columns that have nothing to do with a resident.
GENERAL = {"来源", "状态", "关系", "面积", "使用情况", "单位", "层", "类别", "疾病", "电梯"}
GENERAL |= {"物业", "职业", "社区", "街道", "登记日期", "走访日期", "结构", "称呼", "采集日期"}
MOVES_WITH_NAME = {"phone", "workplace", "address", "sex", "birth_date", "identity_number"}
MOVES_WITH_NAME |= {"name", "age", "ethnicity", "education", "political_status", "employment"}
MOVES_WITH_NAME |= {"marital_status", "identity_kind", "hukou_address"}


def lists_of(headings: Sequence[HeadingPath]) -> list[list[HeadingPath]]:
    """Cut headings into those that belong together: the labels of a table, each of its lists."""
    lists: dict[tuple[int, int], list[HeadingPath]] = {}
    for heading_path in headings:
        lists.setdefault((heading_path.table, heading_path.bottom), []).append(heading_path)
    return list(lists.values())


def match_all(headings: Sequence[HeadingPath]) -> tuple[list[FieldMatch], str]:
    """Match every list and card by itself; return the matches and whom the form is about.

    A form is about one kind of thing: what a list of another kind asks stays open.
    """
    groups = [(group, subject_of(group)) for group in lists_of(headings)]
    subjects = [subject for _group, subject in groups if subject]
    subject = PERSON if PERSON in subjects else next(iter(subjects), "")
    matches: dict[HeadingPath, FieldMatch] = {}
    before: tuple[int, str] = (-1, "")
    for group, own in groups:
        if not own and before == (group[0].table, subject) and _goes_on(group):
            own = subject
        matches |= zip(group, _match_group(group, own if own == subject else ""), strict=True)
        before = (group[0].table, own)
    return [matches[heading_path] for heading_path in headings], subject


def _goes_on(group: Sequence[HeadingPath]) -> bool:
    """Does a list go on with the record above it: no serial number, no name of its own?"""
    return all(
        heading_path.bottom
        and not SERIAL.match(plain_heading(heading_path.text))
        and not OTHER.search(plain_heading(heading_path.text))
        for heading_path in group
    )


@dataclass
class _HeadingReader:
    """Reads headings one after another: a phone after another's name is that other's phone."""

    subject: str
    mobile: bool
    heads_only: bool
    own: bool = True

    def match(self, one: HeadingPath) -> FieldMatch:
        """Match the next heading."""
        words = parts(one.text)
        others = bool(one.block) or any(map(is_of_others, one.above))
        if not others:
            self._whose(words)
        if self.mobile and words == ["电话"]:
            words = []  # beside a mobile number this is the landline, which nobody keeps
        return self._match(one, words, others=others)

    def _whose(self, words: list[str]) -> None:
        own_words = (SOME_OWN, HEAD) if self.heads_only else (SOME_OWN,)
        if set(words) & PLAIN_OWN or any(one.match(word) for one in own_words for word in words):
            self.own = True
        # From here on a phone is that other's: a wrong one would leave the house.
        elif any(OTHER.search(word) and not NOT_OTHER.search(word) for word in words):
            self.own = False

    def _match(self, path: HeadingPath, words: list[str], *, others: bool) -> FieldMatch:
        if not self.subject:
            return FieldMatch(path.text, (), 0.0)
        keys: list[str] = []
        sure: list[float] = []
        doubtful = ""
        for word in words:
            key = field_of(self.subject, word)
            if not key:
                continue
            is_anothers = others or (self._is_person and not self.own and key in MOVES_WITH_NAME)
            if is_anothers or (self._is_person and word in GENERAL):
                doubtful = key
            elif key not in keys:
                keys.append(key)
                sure.append(_sure(self.subject, key, word))
        near, how_near = _near(self.subject, words[0] if words else "", tuple(keys))
        if not keys:
            return FieldMatch(
                path.text, (), DOUBTFUL if doubtful else round(how_near / 2, 2), doubtful or near
            )
        least = min(sure) - (UNDER_A_GROUP if path.above else 0)
        if len(keys) < len(words):
            least = min(least, PARTLY)
        return FieldMatch(path.text, tuple(keys), round(least, 2), doubtful or near)

    @property
    def _is_person(self) -> bool:
        return self.subject == PERSON


def _match_group(headings: Sequence[HeadingPath], subject: str) -> list[FieldMatch]:
    """Match what belongs together."""
    words = {word for heading_path in headings for word in parts(heading_path.text)}
    mobile = any("手机" in one for one in words)
    named = bool(words & PLAIN_OWN) or any(map(SOME_OWN.match, words))
    reader = _HeadingReader(subject, mobile, heads_only=not named)
    matches = []
    for heading_path in headings:
        kind = COLUMN if heading_path.bottom else CELL
        spot = Spot(heading_path.table, heading_path.row, heading_path.column)
        matches.append(
            replace(
                reader.match(heading_path),
                at=spot,
                kind=kind,
                above=heading_path.above,
                hidden=heading_path.hidden,
                block=heading_path.block,
                hint=heading_path.hint,
                boxes=heading_path.boxes,
            )
        )
    return matches


def _sure(subject: str, key: str, word: str) -> float:
    if not DICTIONARY.has(subject, key):
        return BY_OTHER_WORD
    known = DICTIONARY.field(subject, key)
    wanted = spelling(word)
    if spelling(known.label) == wanted:
        return BY_NAME
    return BY_SYNONYM if wanted in map(spelling, known.synonyms) else BY_OTHER_WORD


@lru_cache(4096)
def _near(subject: str, word: str, keys: tuple[str, ...]) -> tuple[str, float]:
    """Return the fact whose words are most like a word, besides those it was matched with."""
    wanted = Counter(spelling(word))
    if len(wanted) < 2:
        return "", 0.0
    best, how = "", 0.0
    for field in DICTIONARY.fields_of(subject):
        if field.key in keys:
            continue
        alike = max(_alike(wanted, spelling(word_for)) for word_for in field.words_for())
        if alike > how:
            best, how = field.key, alike
    return (best, how) if how >= NEAR else ("", 0.0)


def _alike(wanted: Counter[str], said: str) -> float:
    """Return how many of two words' characters they share, from 0 to 1."""
    shared = sum((wanted & Counter(said)).values())
    return 2 * shared / (sum(wanted.values()) + len(said)) if shared > 1 else 0.0
