"""Cut a sentence into pieces: the longest match at every place wins."""

from __future__ import annotations

import re
from datetime import date

from linli.workbench.conditions.sentence.amounts import amounts
from linli.workbench.conditions.sentence.lexicon import Lexicon, PlaceWords, spelled
from linli.workbench.conditions.sentence.marks import MARKS
from linli.workbench.conditions.sentence.pieces import (
    Amount,
    Cut,
    Day,
    Facts,
    FieldName,
    Mark,
    Piece,
    Span,
    Unknown,
    Verb,
    Where,
)

# Of two matches of the same length the weightier wins.
WEIGHT: dict[type[Piece], int] = {
    Where: 9,
    Facts: 8,
    Day: 7,
    Span: 6,
    Amount: 5,
    Verb: 4,
    FieldName: 3,
    Mark: 2,
    Unknown: 0,
}

# A house or an entrance that is not in this scope is said as a whole to be unknown.
_ADDRESS = re.compile(r"\d+(?:幢|单元|室|弄|号)")


def cut(sentence: str, lexicon: Lexicon, places: PlaceWords, today: date) -> Cut:
    """Cut a sentence; what no word matches is kept as unknown."""
    text = spelled(sentence)
    made, at = Cut(text), 0
    while at < len(text):
        piece = _best(text, at, lexicon, places, today, made.pieces)
        if isinstance(piece, Unknown) and made.pieces and isinstance(made.pieces[-1], Unknown):
            before = made.pieces.pop()
            piece = Unknown(before.words + piece.words, before.start, piece.end)
        made.pieces.append(piece)
        at = piece.end
    return made


def _best(
    text: str, at: int, lexicon: Lexicon, places: PlaceWords, today: date, before: list[Piece]
) -> Piece:
    found = [one for one in lexicon.at(text, at) if not _only_asks(one, text, today)]
    found += [one for one in amounts(text, at, today) if _makes_sense(one, text, before)]
    place = places.at(text, at)
    if place is not None:
        found.append(place)
    address = _ADDRESS.match(text, at)
    if place is None and address:
        return Unknown(address[0], at, address.end())
    if not found:
        return Unknown(text[at], at, at + 1)
    numeric = isinstance(last := _last(before), FieldName) and last.numeric

    def weight(one: Piece) -> tuple[int, int]:
        # After "楼龄" thirty years are a number, after "入住" they are a time.
        return one.end, 10 if numeric and isinstance(one, Amount) else WEIGHT[type(one)]

    return max(found, key=weight)


def _last(before: list[Piece]) -> Piece | None:
    """Return the last piece that is no filler."""
    silent = ("filler", "only", "outside")
    said = (one for one in reversed(before) if not (isinstance(one, Mark) and one.kind in silent))
    return next(said, None)


def _makes_sense(one: Piece, text: str, before: list[Piece]) -> bool:
    """A bare number counts only after a field's name, or before somebody: 60以上老人."""
    if not isinstance(one, Amount) or one.unit or one.counts:
        return True
    if isinstance(_last(before), FieldName | Verb | Amount):
        return True
    rest = text[one.end :].removeprefix("的")
    return one.words[-1] in "上下+" and rest.startswith(("老", "人", "居民", "孩", "儿童"))


def _only_asks(one: Piece, text: str, today: date) -> bool:
    """ "人数" asks how many, unless a number follows: then it is the name of a field."""
    if not isinstance(one, FieldName) or MARKS.get(one.words, ("",))[0] not in ("count", "names"):
        return False
    return not any(True for _ in amounts(text, one.end, today))
