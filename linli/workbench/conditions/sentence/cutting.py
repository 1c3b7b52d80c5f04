"""Cut a sentence into pieces: the longest match at every place wins."""

from __future__ import annotations

from datetime import date

from linli.workbench.conditions.sentence.amounts import amounts
from linli.workbench.conditions.sentence.lexicon import Lexicon, PlaceWords, spelled
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
    Where: 9, Facts: 8, Day: 7, Span: 6, Amount: 5, Verb: 4, FieldName: 3, Mark: 2, Unknown: 0,
}  # fmt: skip


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
    found: list[Piece] = [*lexicon.at(text, at)]
    found += [one for one in amounts(text, at, today) if _makes_sense(one, text, before)]
    place = places.at(text, at)
    if place is not None:
        found.append(place)
    if not found:
        return Unknown(text[at], at, at + 1)
    return max(found, key=lambda one: (one.end, WEIGHT[type(one)]))


def _makes_sense(one: Piece, text: str, before: list[Piece]) -> bool:
    """A bare number counts only after a field's name, or before somebody: 60以上老人."""
    if not isinstance(one, Amount) or one.unit or one.counts:
        return True
    last = next((p for p in reversed(before) if not (isinstance(p, Mark) and p.kind == "filler")),
                None)  # fmt: skip
    if isinstance(last, FieldName | Verb):
        return True
    rest = text[one.end :].removeprefix("的")
    return one.words[-1] in "上下+" and rest.startswith(("老", "人", "居民", "孩", "儿童"))
