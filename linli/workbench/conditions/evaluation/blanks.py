"""Silence is not "no": what a condition answers of rows where a fact is blank (decision 0008).

"没有慢性病" asks for those recorded as having none. Those of whom nothing is recorded are counted
beside them, by a condition of their own. Both are made of the plain two-valued nodes, so that every
engine reads them alike: ``Not`` of a comparison stands only beside KNOWN.

    recorded(where, "person", words)      -> rows of which the condition is recorded to hold
    not_recorded(where, "person", words)  -> rows of which it would hold if silence were "no"
"""

from __future__ import annotations

from dataclasses import dataclass

from linli.core.fields import (
    AllOf,
    AnyOf,
    Compare,
    Dictionary,
    Field,
    Has,
    Kind,
    Node,
    Not,
    Op,
    all_of,
    any_of,
    normal,
)


def recorded(where: Node, subject: str, words: Dictionary) -> Node:
    """Return the condition that holds only where what it asks is recorded."""
    return _Reading(words, is_silence_no=False).holds(where, subject)


def not_recorded(where: Node, subject: str, words: Dictionary) -> Node | None:
    """Return whom the condition leaves out only because nothing is recorded; None: it asks no "no".

    ``recorded`` of the answer is the answer, so that it can be asked and kept like any other.
    """
    parts = where.parts if isinstance(where, AllOf) else (where,)
    asks_no = [part for part in parts if _asks_no(part, subject, words)]
    if not asks_no:
        return None
    loose = _Reading(words, is_silence_no=True)
    strict = _Reading(words, is_silence_no=False)
    kept = [strict.holds(part, subject) for part in parts if part not in asks_no]
    if len(asks_no) == 1 and (blank := _blank(asks_no[0], subject, words)) is not None:
        return all_of(*kept, blank)
    missed = [reverse(strict.holds(part, subject), subject, words) for part in asks_no]
    return all_of(*kept, *(loose.holds(part, subject) for part in asks_no), any_of(*missed))


def facts_of_no(where: Node, subject: str, words: Dictionary) -> list[Field]:
    """Return the facts of which a condition asks "no" and a blank says nothing, each once."""
    found: dict[str, Field] = {}
    _collect(where, subject, words, found, reversed_=False)
    return list(found.values())


def _asks_no(part: Node, subject: str, words: Dictionary) -> bool:
    return bool(facts_of_no(part, subject, words))


def _collect(
    node: Node, subject: str, words: Dictionary, found: dict[str, Field], *, reversed_: bool
) -> None:
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                _collect(part, subject, words, found, reversed_=reversed_)
        case Not(part):
            _collect(part, subject, words, found, reversed_=not reversed_)
        case Has(key, where, _at_least):
            _collect(where, target_of(subject, key, words), words, found, reversed_=reversed_)
        case Compare(key, op, value):
            field = words.field(subject, key)
            if leaves_open(field, op) and (reversed_ or says_none(field, op, value)):
                found.setdefault(f"{subject}.{key}", field)


def leaves_open(field: Field, op: Op) -> bool:
    """Is a blank no answer to this comparison?"""
    return op is not Op.KNOWN and not field.is_silence_no


def says_none(field: Field, op: Op, value: object) -> bool:
    """Does the comparison ask for a recorded "no": a flag that is no, the choice 未参保?"""
    if field.kind is Kind.FLAG:
        return value is False
    several = value if isinstance(value, tuple) else (value,)
    return bool(field.none) and op in (Op.EQ, Op.IN) and field.none in several


def _blank(part: Node, subject: str, words: Dictionary) -> Node | None:
    """Return that the one fact is blank, where a part asks a single "no"."""
    inner = part.part if isinstance(part, Not) else part
    if not isinstance(inner, Compare) or (
        isinstance(part, Not)
        and says_none(words.field(subject, inner.field), inner.op, inner.value)
    ):
        return None
    return Not(Compare(inner.field, Op.KNOWN))


def reverse(node: Node, subject: str, words: Dictionary) -> Node:
    """Return the two-valued reverse: it holds exactly where the node does not, blanks included."""
    match node:
        case AllOf(()):
            return Not(node)
        case AllOf(parts):
            return any_of(*(reverse(part, subject, words) for part in parts))
        case AnyOf(parts):
            return all_of(*(reverse(part, subject, words) for part in parts))
        case Not(Compare(key, op, _value) as asked):
            return _known_and(words.field(subject, key), op, asked)
        case Not(part):
            return part
        case Compare(key, op, _value):
            return _blank_or_not(words.field(subject, key), op, node)
        case Has(key, where, at_least):
            target = target_of(subject, key, words)
            # Twice reversed every comparison stands beside KNOWN, and stays two-valued.
            plain = reverse(reverse(where, target, words), target, words)
            return Not(Has(key, plain, at_least))
    return Not(node)


def target_of(subject: str, relation: str, words: Dictionary) -> str:
    """Return what the rows of a relation are: the members of a household are people."""
    related = words.subject(subject).relation(relation)
    if related is None:
        raise KeyError(relation)
    return related.target


def _known_and(field: Field, op: Op, node: Node) -> Node:
    return all_of(Compare(field.key, Op.KNOWN), node) if leaves_open(field, op) else node


def _blank_or_not(field: Field, op: Op, node: Node) -> Node:
    blank = Not(Compare(field.key, Op.KNOWN))
    return any_of(blank, Not(node)) if leaves_open(field, op) else Not(node)


@dataclass(frozen=True)
class _Reading:
    """One reading of the blanks: as nothing said, or, to count what is missing, as "no"."""

    words: Dictionary
    is_silence_no: bool

    def holds(self, node: Node, subject: str) -> Node:
        """Return where the node holds."""
        match node:
            case AllOf(parts):
                return AllOf(tuple(self.holds(part, subject) for part in parts))
            case AnyOf(parts):
                return AnyOf(tuple(self.holds(part, subject) for part in parts))
            case Not(part):
                return self.fails(part, subject)
            case Has(key, where, at_least):
                return Has(key, self.holds(where, target_of(subject, key, self.words)), at_least)
            case Compare(key, op, value):
                field = self.words.field(subject, key)
                if self.is_silence_no and leaves_open(field, op) and says_none(field, op, value):
                    return any_of(Not(Compare(key, Op.KNOWN)), node)
        return node

    def fails(self, node: Node, subject: str) -> Node:
        """Return where the node does not hold."""
        match node:
            case AllOf(()):
                return Not(node)
            case AllOf(parts):
                return AnyOf(tuple(self.fails(part, subject) for part in parts))
            case AnyOf(parts):
                return AllOf(tuple(self.fails(part, subject) for part in parts))
            case Not(part):
                return self.holds(part, subject)
            case Has(key, where, at_least):
                target = target_of(subject, key, self.words)
                may_hold = reverse(self.fails(where, target), target, self.words)
                return Not(Has(key, normal(may_hold), at_least))
            case Compare(key, op, _value):
                field = self.words.field(subject, key)
                if self.is_silence_no:
                    return _blank_or_not(field, op, node)
                return _known_and(field, op, Not(node))
        return Not(node)
