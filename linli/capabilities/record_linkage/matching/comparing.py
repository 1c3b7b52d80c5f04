"""How two people compare, fact by fact: levels of ``weights.TABLE``."""

from __future__ import annotations

from datetime import date

from rapidfuzz.distance import OSA

from linli.capabilities.record_linkage.matching.entries import LinkageEntry

COVERED = "*"
NUMBER_LENGTH = 18
# A birthday in the old calendar, read as one of the new, is up to fifty days off.
LUNAR_DAYS = 50


def name_level(one: LinkageEntry, other: LinkageEntry) -> str:
    """Are they called the same, do the names sound the same, is one character wrong?"""
    a, b = one.name, other.name
    if not a or not b:
        return ""
    if a == b:
        return "same"
    if one.sound and one.sound == other.sound:
        return "sound"
    if min(len(a), len(b)) > 1 and abs(len(a) - len(b)) < 2 and _is_one_off(a, b):
        return "one"
    return "surname" if a[0] == b[0] else "other"


def _is_one_off(a: str, b: str) -> bool:
    # Of two characters one is half the name: then the surname has to agree.
    if OSA.distance(a, b, score_cutoff=1) > 1 and sorted(a) != sorted(b):
        return False
    return max(len(a), len(b)) > 2 or a[0] == b[0] or sorted(a) == sorted(b)


def birth_level(one: LinkageEntry, other: LinkageEntry) -> str:
    """Were they born on the same day, as far as both sides say?"""
    if one.born and other.born:
        return _days(one.born, other.born)
    whole, part = (one, other) if one.born else (other, one)
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
        return "swapped"
    if a.year == b.year and abs((a - b).days) <= LUNAR_DAYS:
        return "lunar"
    return "other"


def phone_level(one: LinkageEntry, other: LinkageEntry) -> str:
    """Do they answer the same phone?"""
    if one.phone and one.phone == other.phone:
        return "same"
    a, b = one.plain_phone, other.plain_phone
    # A covered digit would count as a wrong one.
    if a and b and COVERED not in a and OSA.distance(a, b, score_cutoff=1) <= 1:
        return "near"
    if one.tail and one.tail == other.tail:
        return "tail"
    return "other" if one.phone and other.phone else ""


def place_level(one: LinkageEntry, other: LinkageEntry) -> str:
    """Do they live behind the same door, in the same building, in the same estate?"""
    for level in ("door", "building", "estate"):
        mine, theirs = getattr(one, level), getattr(other, level)
        if mine and mine == theirs:
            return level
    return "other" if one.estate and other.estate else ""


def number_level(one: LinkageEntry, other: LinkageEntry) -> str:
    """Is it the same number, one wrong digit away, covered but fitting, or another?

    Two numbers that both pass the check are never one character apart: "near" means a mistake.
    """
    if one.number and one.number == other.number:
        return "same"
    if one.number and other.number:
        return "other"
    a, b = one.plain_number, other.plain_number
    if not a or not b:
        return ""
    if COVERED in a:
        return _covered(a, b)
    if OSA.distance(a, b, score_cutoff=1) <= 1:
        return "near"
    return ""


def _covered(a: str, b: str) -> str:
    if len(a) != len(b):
        return ""
    fits = all(x in (COVERED, y) for x, y in zip(a, b, strict=True))
    seen = sum(x != COVERED for x in a)
    return ("part" if seen >= NUMBER_LENGTH // 3 else "") if fits else "other"


def sex_level(one: LinkageEntry, other: LinkageEntry) -> str:
    """Are both men, or both women?"""
    if not one.sex or not other.sex:
        return ""
    return "same" if one.sex == other.sex else "other"
