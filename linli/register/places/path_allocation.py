"""How the tree grows: the next segment among siblings, the words and the key of an address."""

from __future__ import annotations

from collections.abc import Sequence

from linli.core.chinese.pinyin import place_pinyin
from linli.core.chinese.search import index_text
from linli.core.errors import Refused
from linli.register.places.models import Place
from linli.register.places.signs import address_key
from linli.register.places.terms import PlaceKind

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 3
MOST_SIBLINGS = len(DIGITS) ** WIDTH
BUILT = (PlaceKind.ESTATE, PlaceKind.BUILDING, PlaceKind.ENTRANCE, PlaceKind.DWELLING)


def segment(ordinal: int) -> str:
    """Return the three characters of the ordinal-th child, "001" to "zzz"."""
    if not 0 < ordinal < MOST_SIBLINGS:
        raise Refused("place.too_many", "同一处下面太多了，请先分成几个小区或网格")
    out = ""
    for _ in range(WIDTH):
        ordinal, digit = divmod(ordinal, len(DIGITS))
        out = DIGITS[digit] + out
    return out


def address_of(above: Sequence[Place], kind: str, name: str) -> str:
    """Return an address in words from the estate down; ``above`` is outermost first."""
    if kind in BUILT:
        return "".join([*(place.name for place in above if place.kind in BUILT), name])
    if kind in (PlaceKind.GRID, PlaceKind.MICRO_GRID):
        area = [p.name for p in above if p.kind in (PlaceKind.COMMUNITY, PlaceKind.GRID)]
        return "".join([*area, name])
    return name


def describe(place: Place, above: Sequence[Place]) -> None:
    """Set what follows from a place's name and the places above it."""
    place.address = address_of(above, place.kind, place.name)[:200]
    place.address_key = address_key(place.address)[:200]
    tokens = index_text(f"{place.address} {place.name}")
    if place.kind not in (PlaceKind.DWELLING, PlaceKind.ENTRANCE, PlaceKind.BUILDING):
        read = place_pinyin(place.name)
        tokens = f"{tokens} {read.full} {read.initials}"
    place.search_text = tokens
