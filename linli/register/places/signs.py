"""What stands on the sign of a building or a door: 6号楼, 商铺3, 2A, 1-2幢, B座.

A place keeps the name it was written with, and is found under the other spellings (6幢, 3号商铺).
"""

from __future__ import annotations

import re

from linli.core.chinese.normalise import for_matching, tidy, without_spaces
from linli.core.chinese.numerals import to_number
from linli.register.places.terms import PlaceKind

# What a bare number stands for: in a list "6" and "1802" are numbers of a column.
UNITS: dict[str, str] = {
    PlaceKind.BUILDING: "幢",
    PlaceKind.ENTRANCE: "单元",
    PlaceKind.DWELLING: "室",
}
SHOPS = "商铺|店铺|店面|铺面|门面|网点|车库|车位|储藏室|阁楼"
_MARKS = re.compile(r"号楼|号院|单元|[幢栋座室号弄#\-—－_/\s]+")
_SPOKEN = re.compile(r"[零〇一二两三四五六七八九十百]+(?=号楼|号|幢|栋|座|单元|室)")
_NUMBER = r"[A-Za-z]?\d{1,5}[A-Za-z]?|[A-Za-z]|[零〇一二两三四五六七八九十百]+"
_BARE = re.compile(r"\d+|[零〇一二两三四五六七八九十百]+")
_NUMBERED_SHOP = re.compile(
    rf"(?P<number>[a-z]?\d+[a-z]?)(?:号|#)?(?P<shop>{SHOPS})", re.IGNORECASE
)
_ON_SIGNS: dict[str, re.Pattern[str]] = {
    PlaceKind.BUILDING: re.compile(
        rf"(?:\d{{1,3}}[-–—－~～、])?(?:{_NUMBER})(?:号楼|幢楼|楼栋|幢|栋|座|#楼|#|号(?=[^室铺]))"
    ),
    PlaceKind.ENTRANCE: re.compile(rf"(?:{_NUMBER})(?:单元|梯)"),
    PlaceKind.DWELLING: re.compile(
        rf"(?:(?:{_NUMBER})(?:号|#)?(?:{SHOPS})|(?:{SHOPS})(?:{_NUMBER})?号?|(?:{_NUMBER})(?:室|号|户)?)$"
    ),
}


def shop_first(text: str) -> str:
    """Return the one spelling of a shop with a number: 3号商铺 → 商铺3."""
    return _NUMBERED_SHOP.sub(lambda found: found["shop"] + found["number"], text)


def address_key(address: str) -> str:
    """Return how addresses are compared: 东方丽都三幢1单元1801室 → 东方丽都3-1-1801."""
    plain = shop_first(without_spaces(for_matching(address)))
    plain = _SPOKEN.sub(lambda said: str(to_number(said.group())), plain)
    return _MARKS.sub("-", plain).strip("-")


def plain(text: str) -> str:
    """Return what somebody wrote without the spaces in it: as a sign says it."""
    return without_spaces(tidy(text))


def named(kind: str, written: str) -> str:
    """Return a place's name from a cell of its own: as written; a bare number gets its unit."""
    sign = plain(written)
    return f"{sign.lstrip('0') or sign}{UNITS[kind]}" if _BARE.fullmatch(sign) else sign


def on_the_signs(kind: str, address: str) -> list[str]:
    """Return what may be the sign of one kind within a whole address, the likeliest first."""
    found = _ON_SIGNS[kind].findall(plain(address))
    return [named(kind, sign) for sign in reversed(found)]
