"""Read the pieces of a sentence with their neighbours: what each says about the subject."""

from __future__ import annotations

from linli.core.errors import Refused
from linli.core.fields import PERSON, Compare, Field, Has, Kind, Node, Op
from linli.workbench.conditions.sentence.items import Item, Read
from linli.workbench.conditions.sentence.neighbours import Times
from linli.workbench.conditions.sentence.pieces import (
    Amount,
    Day,
    Facts,
    FieldName,
    Mark,
    Meaning,
    Piece,
    Span,
    Unknown,
    Verb,
    Where,
)
from linli.workbench.conditions.tree import checked_value

JOINS = frozenset({"or", "list", "and"})


class Reader(Times):
    """Reads one cut sentence about one subject."""

    def run(self) -> Read:
        """Read every piece once."""
        for at, piece in enumerate(self.pieces):
            if at in self.used:
                continue
            match piece:
                case Mark():
                    self._mark(at, piece)
                case Facts():
                    self._facts(at, piece)
                case Where():
                    self._place(at, piece)
                case Amount():
                    self._amount(at, piece)
                case Day() | Span():
                    self._time(at, piece)
                case Verb() | FieldName():
                    self._name(at, piece)
                case Unknown():
                    self._unknown(piece)
        if self.not_words:
            self.read.unknown.append(self.not_words)
        return self.read

    # Pieces

    def _mark(self, at: int, mark: Mark) -> None:
        if mark.kind == "not":
            self.negated = not self.negated
            self.not_words = mark.words if self.negated else ""
        elif mark.kind in JOINS and self.read.items:
            self.joined = mark.kind
        elif mark.kind in ("rank", "blank"):
            self._blank(at, mark)

    def _blank(self, at: int, mark: Mark) -> None:
        after = self._next(at)
        if mark.kind == "blank" and after is not None:
            piece = self.pieces[after]
            if isinstance(piece, FieldName) and after not in self.used:
                self.negated = True
                self._known(after, piece)
                return
        self._unknown(mark)

    def _facts(self, at: int, piece: Facts) -> None:
        before = self._next(at, step=-1)
        named = self.pieces[before] if before is not None else None
        after = {key for _, key in named.names} if isinstance(named, FieldName) else set()
        meaning = self._meaning(piece, after)
        if meaning is None:
            self._unknown(piece)
            return
        words, where, end = piece.words, meaning.where, at + 1
        if self._is_mark(end, "rank"):
            ranked = _ranked(
                self.words.field(meaning.subject, meaning.key), where, self.pieces[end].words
            )
            if ranked is not None:
                where, words = ranked, words + self.pieces[end].words
                self.used.add(end)
        item = Item(where, words, meaning.key, meaning.soft, member=meaning.subject != self.subject)
        if self._is_about_others(at, piece):
            item = Item(Has("housemates", where), f"有{words}")
        self._take(item)

    def _meaning(self, piece: Facts, after: set[str]) -> Meaning | None:
        fits = [m for m in piece.meanings if not m.only_after or m.key in after]
        for subject in (self.subject, PERSON):
            mine = [m for m in fits if m.subject == subject]
            if mine:
                return next((m for m in mine if m.key in after), mine[0])
        return None

    def _is_about_others(self, at: int, piece: Facts) -> bool:
        """ "有孩子的老人": the child is another person of the household."""
        if self.subject != PERSON or piece.head != PERSON or not self._is_mark(at - 1, "have"):
            return False
        later = self.pieces[at + 2 :]
        heads = [
            p
            for p in later
            if (isinstance(p, Facts) and p.head == PERSON)
            or (isinstance(p, Mark) and (p.kind, p.of) == ("subject", PERSON))
        ]
        return self._is_mark(at + 1, "of") and bool(heads)

    def _place(self, at: int, piece: Where) -> None:
        refs, words, last = piece.places, piece.words, at
        following = self._next(at)
        while following is not None and isinstance(nearer := self.pieces[following], Where):
            below = tuple(
                ref
                for ref in nearer.places
                if any(ref.path.startswith(up.path) and ref != up for up in refs)
            )
            if not below:
                break
            refs, words, last = below, words + nearer.words, following
            self.used.add(following)
            following = self._next(last)
        levels = [one.level for one in self.words.fields_of(self.subject) if one.level]
        level = next((one for one in levels if any(ref.level == one for ref in refs)), "")
        paths = tuple(sorted({ref.path for ref in refs if ref.level == level}))
        if not level:
            self._unknown(piece)
            return
        op, value = (Op.EQ, paths[0]) if len(paths) == 1 else (Op.IN, paths)
        note = f"有{len(paths)}处叫“{words}”" if len(paths) > 1 else ""
        where = Compare(level, op, value)
        if not self.joined and self.read.items and self.read.items[-1].is_place:
            self.joined = "list"
        self._take(Item(where, words, level, is_place=True, note=note))

    def _amount(self, at: int, piece: Amount) -> None:
        one, words = self._measured(at, piece)
        if one is None:
            if piece.counts and self.subject != PERSON:
                first = piece.value[0] if isinstance(piece.value, tuple) else piece.value
                self.read.at_least = max(1, int(first) + (piece.op is Op.GT))
                return
            self._unknown(piece)
            return
        try:
            value = checked_value(one, piece.op, piece.value)
        except Refused:
            self._unknown(piece)
            return
        where = Compare(one.key, piece.op, value)
        self._take(Item(where, words, one.key, explicit=True, member=one.subject != self.subject))

    def _measured(self, at: int, piece: Amount) -> tuple[Field | None, str]:
        before = self._next(at, step=-1)
        named = self.pieces[before] if before is not None else None
        if isinstance(named, FieldName):
            for subject, key in sorted(named.names, key=lambda name: name[0] != self.subject):
                one = self.words.field(subject, key)
                if subject in (self.subject, PERSON) and one.kind is Kind.NUMBER:
                    return one, named.words + piece.words
        if isinstance(named, Amount) and not piece.unit and self.read.items:
            before_it = self.read.items[-1]
            if self.words.has(self.subject, before_it.key):
                return self.words.field(self.subject, before_it.key), piece.words
        unit = piece.unit or ("" if piece.counts else "岁")
        for subject in (self.subject, PERSON):
            for one in self.words.fields_of(subject):
                if unit in one.units and one.kind is Kind.NUMBER:
                    return one, piece.words
        return None, piece.words

    def _name(self, at: int, piece: Verb | FieldName) -> None:
        after = self._next(at)
        if self._spreads(at, piece):
            return
        if self.read.items and self.read.items[-1].key in {key for _, key in piece.names}:
            return  # "本科以上学历": the name after its choice says nothing new
        following = self.pieces[after] if after is not None else None
        if isinstance(following, Amount | Facts | Day | Span) and self._belongs(at, following):
            return  # what follows takes the name along
        if self._is_mark(at + 1, "blank"):
            self.used.add(at + 1)
            self.negated = True
        elif not self.negated and not self._is_mark(at - 1, "have"):
            if not any(self._is_level(name) for name in piece.names):
                self._unknown(piece)
            return
        self._known(at, piece)

    def _belongs(self, at: int, following: Piece) -> bool:
        """Is what follows a value of this field? Else the name would be dropped unseen."""
        piece = self.pieces[at]
        names = piece.names if isinstance(piece, Verb | FieldName) else ()
        if isinstance(following, Facts):
            return any(m.key in {key for _, key in names} for m in following.meanings)
        if isinstance(following, Amount):
            return any(self.words.field(*name).kind is Kind.NUMBER for name in names)
        return self._time_field(at) is not None

    def _is_level(self, name: tuple[str, str]) -> bool:
        return bool(self.words.field(*name).level)

    def _known(self, at: int, piece: Verb | FieldName) -> None:
        self.used.add(at)
        for wanted in (self.subject, PERSON):
            for subject, key in piece.names:
                one = self.words.field(subject, key)
                if subject == wanted and Op.KNOWN in one.ops:
                    self._take(
                        Item(
                            Compare(key, Op.KNOWN), piece.words, key, member=subject != self.subject
                        )
                    )
                    return
        self._unknown(piece)

    def _spreads(self, at: int, piece: Verb | FieldName) -> bool:
        after = self._next(at)
        each = self._is_mark(at - 1, "each") or self._is_mark(at + 1, "spread")
        if not each and not (after is not None and self._is_mark(after, "spread")):
            return False
        key = next((key for subject, key in piece.names if subject == self.subject), "")
        if key:
            self.read.spread_by = key
            self.used.add(at)
        return bool(key)


def _ranked(one: Field, where: Node, word: str) -> Node | None:
    """ "本科以上": this choice and those that rank above it."""
    if not one.ranked or not isinstance(where, Compare) or where.op is not Op.EQ:
        return None
    values = [choice.value for choice in one.choices]
    place = values.index(str(where.value))
    upwards = ("上" in word) == (one.ranked == "rising")
    kept = values[place:] if upwards else values[: place + 1]
    return Compare(one.key, Op.IN, tuple(sorted(kept)))
