"""A sentence in pieces and what stands beside each; times find the verb they belong to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from linli.core.fields import PERSON, Dictionary, Field, Kind, Node
from linli.workbench.conditions.sentence.items import Item, Read
from linli.workbench.conditions.sentence.pieces import Cut, Day, FieldName, Mark, Piece, Span, Verb
from linli.workbench.conditions.sentence.spans import over_days, over_time, time_number

SKIPPED = frozenset({"filler", "of", "have", "only", "outside"})


class Neighbours:
    """The pieces of one sentence, which of them are used, and what was read."""

    def __init__(self, cut: Cut, subject: str, dictionary: Dictionary, today: date) -> None:
        self.pieces, self.subject, self.words, self.today = cut.pieces, subject, dictionary, today
        self.used: set[int] = set()
        self.read = Read()
        self.joined = ""
        self.negated, self.not_words = False, ""

    def _next(self, at: int, *, over: frozenset[str] = SKIPPED, step: int = 1) -> int | None:
        at += step
        while 0 <= at < len(self.pieces):
            piece = self.pieces[at]
            if not (isinstance(piece, Mark) and piece.kind in over):
                return at
            at += step
        return None

    def _is_mark(self, at: int | None, kind: str) -> bool:
        piece = self.pieces[at] if at is not None and 0 <= at < len(self.pieces) else None
        return isinstance(piece, Mark) and piece.kind == kind

    def _unknown(self, piece: Piece) -> None:
        # "没有打过疫苗": what was reversed is unknown, so the reversal is as well.
        self.read.unknown.append(self.not_words + piece.words)
        self.read.unread.add(piece.start)
        self.negated, self.joined, self.not_words = False, "", ""

    def _take(self, item: Item) -> None:
        negated, self.negated, self.not_words = self.negated, False, ""
        joined, self.joined = self.joined, ""
        self.read.items.append(replace(item, negated=item.negated ^ negated, joined=joined))


class Times(Neighbours):
    """Reads days and spans."""

    def _time(self, at: int, piece: Day | Span) -> None:
        partner, negated = self._partner(at, +1)
        if partner is None:
            partner, negated = self._partner(at, -1)
        one = self._time_field(partner) if partner is not None else None
        if one is None and isinstance(piece, Day) and piece.words[-1:] in "后代":
            one = next((f for f in self.words.fields_of(PERSON) if f.key == "birth_date"), None)
            partner = None
        if one is None:
            self._unknown(piece)
            return
        if partner is not None:
            self.used.add(partner)
        made: Node | None
        if one.kind is Kind.NUMBER:
            made = time_number(one, piece)
        elif isinstance(piece, Span):
            made, negated = over_days(one, piece, self.today, negated ^ self.negated)
            self.negated = False
        else:
            made = over_time(one, piece)
        if made is None:
            self._unknown(piece)
            return
        words = piece.words + (self.pieces[partner].words if partner is not None else "")
        self._take(
            Item(
                made,
                words,
                one.key,
                explicit=True,
                negated=negated,
                member=one.subject != self.subject,
            )
        )

    def _partner(self, at: int, step: int) -> tuple[int | None, bool]:
        """Find the verb or field name of a time, and whether a "not" stands between."""
        over = SKIPPED | {"not"}
        found = self._next(at, over=over, step=step)
        if found is None or found in self.used:
            return None, False
        if not isinstance(self.pieces[found], Verb | FieldName):
            return None, False
        if self._time_field(found) is None:
            return None, False
        between = self.pieces[min(at, found) + 1 : max(at, found)]
        # A "not" before the time was seen already; the one between is still to come.
        nots = [n for n, p in enumerate(between) if isinstance(p, Mark) and p.kind == "not"]
        self.used.update(min(at, found) + 1 + n for n in nots)
        return found, len(nots) % 2 == 1 and step > 0

    def _time_field(self, at: int) -> Field | None:
        piece = self.pieces[at]
        names = piece.names if isinstance(piece, Verb | FieldName) else ()
        for wanted in (self.subject, PERSON):
            for subject, key in names:
                one = self.words.field(subject, key)
                is_time = one.kind is Kind.DATE or (one.unit == "年" and bool(one.verbs))
                if subject == wanted and is_time:
                    return one
        return None
