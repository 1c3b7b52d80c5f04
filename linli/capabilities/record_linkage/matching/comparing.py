"""How two people compare, fact by fact: levels of ``weights.TABLE``."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from rapidfuzz.distance import OSA

from linli.capabilities.record_linkage.matching.entries import LinkageEntry
from linli.core.chinese.names import GAP

Levels: TypeAlias = tuple[tuple[str, str], ...]
COVERED = "*"
NUMBER_LENGTH, LAST, DATE = 18, 4, slice(6, 14)
# A birthday in the old calendar, read as one of the new, is up to fifty days off.
LUNAR_DAYS = 50
# Surnames that sound the same where people speak Wu, or where n and l, h and f are one.
DIALECT = ("王黄", "吴胡何", "沈孙", "周邹", "陆骆", "石薛", "刘牛", "李倪", "冯洪", "范樊", "卢鲁")
_SURNAME_GROUP = {surname: group for group in DIALECT for surname in group}


def levels_of(row: LinkageEntry, person: LinkageEntry) -> Levels:
    """Return how each fact came out; what one of the two does not say is left out."""
    number = number_level(row, person)
    levels = (
        ("number", number),
        ("name", name_level(row, person)),
        ("birth", _beside(row, "birth", birth_level(row, person), number)),
        ("phone", phone_level(row, person)),
        ("place", place_level(row, person)),
        ("sex", _beside(row, "sex", sex_level(row, person), number)),
    )
    return tuple(one for one in levels if one[1])


def _beside(row: LinkageEntry, fact: str, level: str, number: str) -> str:
    """What the number itself says is no second witness, and none at all where it is wrong."""
    if fact == "birth" and number == "front" and row.plain_number[DATE].isdigit():
        return "same"
    if fact not in row.from_number:
        return level
    if number in ("same", "near") or (level == "other" and not row.number):
        return ""
    return level


def name_level(row: LinkageEntry, person: LinkageEntry) -> str:
    """Are they called the same, do the names sound the same, is a character lost or wrong?"""
    a, b = row.name, person.name
    if not a or not b:
        return ""
    if a == b:
        return "same"
    if GAP in a:
        return _with_gaps(a, b)
    if row.sound and row.sound == person.sound:
        return "sound"
    if a[1:] == b[1:] and b[0] in _SURNAME_GROUP.get(a[0], ""):
        return "dialect" if len(a) > 1 else "other"
    if a[0] == b[0] and (_is_missing_one(a, b) or _is_missing_one(b, a)):
        return "short"
    if min(len(a), len(b)) > 1 and abs(len(a) - len(b)) < 2 and _is_one_off(a, b):
        return "one"
    return "surname" if a[0] == b[0] else "other"


def _with_gaps(a: str, b: str) -> str:
    fits = len(a) == len(b) and all(x in (GAP, y) for x, y in zip(a, b, strict=True))
    if not fits:
        return "surname" if a[0] == b[0] else "other"
    return "lost" if len(a) - a.count(GAP) > 1 else "covered"


def _is_missing_one(short: str, whole: str) -> bool:
    if not 1 < len(short) == len(whole) - 1:
        return False
    return any(whole[:at] + whole[at + 1 :] == short for at in range(1, len(whole)))


def _is_one_off(a: str, b: str) -> bool:
    # Of two characters one is half the name: then the surname has to agree.
    if OSA.distance(a, b, score_cutoff=1) > 1 and sorted(a) != sorted(b):
        return False
    return max(len(a), len(b)) > 2 or a[0] == b[0] or sorted(a) == sorted(b)


def birth_level(row: LinkageEntry, person: LinkageEntry) -> str:
    """Were they born on the same day, as far as both sides say?"""
    if row.born and person.born:
        return _days(row.born, person.born)
    whole, part = (row, person) if row.born else (person, row)
    if not whole.born or not part.part:
        return ""
    if not whole.born.isoformat().startswith(part.part):
        return "other"
    return "month" if len(part.part) > 4 else "year"


def _days(a: date, b: date) -> str:
    if a == b:
        return "same"
    if a.year == b.year and (a.month, a.day) == (b.day, b.month):
        return "swapped"
    if OSA.distance(f"{a:%Y%m%d}", f"{b:%Y%m%d}", score_cutoff=1) == 1:
        return "digit"
    if a.year == b.year and abs((a - b).days) <= LUNAR_DAYS:
        return "lunar"
    return "other"


def phone_level(row: LinkageEntry, person: LinkageEntry) -> str:
    """Do they answer the same phone?"""
    if row.phone and row.phone == person.phone:
        return "same"
    a, b = row.plain_phone, person.plain_phone
    # A covered digit would count as a wrong one.
    if a and b and COVERED not in a and OSA.distance(a, b, score_cutoff=1) <= 1:
        return "near"
    if row.tail and row.tail == person.tail:
        return "tail"
    return "other" if row.phone and person.phone else ""


def place_level(row: LinkageEntry, person: LinkageEntry) -> str:
    """Do they live behind the same door, in the same building, in the same estate?"""
    for level in ("door", "building", "estate"):
        mine, theirs = getattr(row, level), getattr(person, level)
        if mine and mine == theirs:
            return level
    return "other" if row.estate and person.estate else ""


def number_level(row: LinkageEntry, person: LinkageEntry) -> str:
    """Is it the same number, one wrong digit away or more, covered but fitting, or another?

    Two numbers that both pass the check are never one character apart: "near" means a mistake.
    """
    if row.number and row.number == person.number:
        return "same"
    a, b = row.plain_number, person.plain_number
    if COVERED in a:
        return _covered(a, b) if b else ""
    if row.number and person.number:
        return "other"
    if len(a) != NUMBER_LENGTH or not b:
        return "near" if a and b and OSA.distance(a, b, score_cutoff=1) <= 1 else ""
    return "near" if OSA.distance(a, b, score_cutoff=1) <= 1 else "far"


def _covered(a: str, b: str) -> str:
    if len(a) == len(b):
        fits = all(x in (COVERED, y) for x, y in zip(a, b, strict=True))
    else:
        # Fewer marks than digits: what stands before and after them has to fit.
        head, *_between, tail = re.split(r"\*+", a)
        fits = not _between and b.startswith(head) and b.endswith(tail)
    if not fits:
        return "other"
    if COVERED not in a[-LAST:]:
        return "part"
    return "front" if len(a.rstrip(COVERED)) > NUMBER_LENGTH // 3 else ""


def sex_level(row: LinkageEntry, person: LinkageEntry) -> str:
    """Are both men, or both women?"""
    if not row.sex or not person.sex:
        return ""
    return "same" if row.sex == person.sex else "other"
