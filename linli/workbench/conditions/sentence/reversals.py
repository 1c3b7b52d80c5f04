"""A "not", "except" or "only" beside words that are not understood is not understood with them.

Otherwise the reversal would fall on what stands next to it and turn its meaning round: 没领高龄津贴
is not "not old", and 子女不在身边的老人 is not "no old person".
"""

from __future__ import annotations

from collections.abc import Iterator

from linli.core.fields import PERSON
from linli.workbench.conditions.sentence.pieces import Cut, Facts, Mark, Piece, Unknown, Where

# Where a phrase ends: a reversal does not reach beyond it.
ENDS = frozenset({"of", "and", "or", "list", "count", "names", "each", "spread"})
# What says nothing between a reversal and what it reverses.
SILENT = frozenset({"filler", "have", "subject", "only", "outside"})
EXCEPT = "除"


def with_reversals(cut: Cut, unread: set[int], subject: str) -> Cut:
    """Return the pieces with every reversal beside unknown words made unknown with them.

    ``unread`` are the places where pieces begin of which the reader made nothing.
    """
    ranges = sorted(_Phrases(cut.pieces, unread, subject).ranges())
    made, at = Cut(cut.text), 0
    while at < len(cut.pieces):
        last = _last_of(ranges, at)
        first, end = cut.pieces[at], cut.pieces[last]
        if last > at or (at, at) in ranges:
            made.pieces.append(Unknown(cut.text[first.start : end.end], first.start, end.end))
        else:
            made.pieces.append(first)
        at = last + 1
    return made


def _last_of(ranges: list[tuple[int, int]], at: int) -> int:
    """Return the last piece of all ranges that overlap from ``at`` on."""
    last = at
    for first, end in ranges:
        if at <= first <= last:
            last = max(last, end)
    return last


class _Phrases:
    """The pieces of a sentence, and which stretches of them are not understood together."""

    def __init__(self, pieces: list[Piece], unread: set[int], subject: str) -> None:
        self.pieces, self.unread, self.subject = pieces, unread, subject

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield the first and the last piece of each stretch."""
        for at in range(len(self.pieces)):
            match self._kind(at):
                case "not":
                    yield from self._reversed(at)
                case "only":
                    yield from self._only(at)
                case "outside":
                    yield from self._outside(at)

    def _kind(self, at: int) -> str:
        piece = self.pieces[at]
        return piece.kind if isinstance(piece, Mark) else ""

    def _is_unknown(self, at: int | None) -> bool:
        if at is None:
            return False
        piece = self.pieces[at]
        return isinstance(piece, Unknown) or piece.start in self.unread

    def _beside(self, at: int, step: int, over: frozenset[str] = SILENT) -> int | None:
        """Return the nearest piece of the phrase that says something."""
        at += step
        while 0 <= at < len(self.pieces) and self._kind(at) not in ENDS:
            if self._is_unknown(at) or self._kind(at) not in over:
                return at
            at += step
        return None

    def _unknown_from(self, at: int) -> int:
        """Return the last of the unknown pieces that follow one another."""
        following = self._beside(at, +1)
        while following is not None and self._is_unknown(following):
            at, following = following, self._beside(following, +1)
        return at

    def _reversed(self, at: int) -> Iterator[tuple[int, int]]:
        after, before = self._beside(at, +1), self._beside(at, -1)
        if after is None:
            # Nothing is left to reverse: it was about what stands before it (学龄前的不算).
            yield self._with_fact_before(at), self._end_of_phrase(at)
        elif self._is_unknown(after):
            yield at, self._unknown_from(after)
        elif after + 1 < len(self.pieces) and self._is_unknown(after + 1):
            yield at, self._unknown_from(after + 1)
        elif before is not None and self._is_unknown(before):
            yield before, after

    def _end_of_phrase(self, at: int) -> int:
        while at + 1 < len(self.pieces) and self._kind(at + 1) not in ENDS:
            at += 1
        return at

    def _with_fact_before(self, at: int) -> int:
        before = self._beside(at, -1)
        if before is None and at > 1 and self._kind(at - 1) == "of" and self._ends_at(at):
            before = self._beside(at - 1, -1)
        return at if before is None or isinstance(self.pieces[before], Where) else before

    def _ends_at(self, at: int) -> bool:
        end = self._end_of_phrase(at) + 1
        return end == len(self.pieces) or self._kind(end) != "of"

    def _only(self, at: int) -> Iterator[tuple[int, int]]:
        after, before = self._beside(at, +1), self._beside(at, -1)
        if after is not None and self._is_unknown(after):
            yield at, self._unknown_from(after)
        elif before is not None and self._is_unknown(before):
            yield before, at
        elif self.subject != PERSON and after is not None and self._has_nobody_else(at, after):
            end = after
            while end + 1 < len(self.pieces) and self._kind(end + 1) != "of":
                end += 1
            yield at, end

    def _has_nobody_else(self, at: int, after: int) -> bool:
        """只有老人的户: that nobody else lives there is not said by any fact."""
        has = any(self._kind(between) == "have" for between in range(at + 1, after))
        return has and isinstance(self.pieces[after], Facts)

    def _outside(self, at: int) -> Iterator[tuple[int, int]]:
        start = at
        while start > 0 and self._kind(start - 1) not in ENDS - {"list"}:
            start -= 1
            if self._kind(start) == "not" and self.pieces[start].words.startswith(EXCEPT):
                if any(self._is_unknown(between) for between in range(start, at)):
                    yield start, at
                return
        yield self._with_fact_before(at), at
