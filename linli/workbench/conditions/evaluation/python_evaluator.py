"""The plain Python reading of a condition: slow, obvious, and the judge of the other engines.

Derived facts are worked out by their own ``derive`` and not by rewriting, so that a wrong rewrite
shows as a difference. What is asked has three answers here, None where a blank leaves it open; the
other engines know two, and a wrong translation (``blanks.py``) shows as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from linli.core.fields import (
    EVERYONE,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dictionary,
    Field,
    Has,
    Kind,
    Node,
    Not,
    Op,
    Row,
    Subject,
    all_of,
    fields_asked,
)
from linli.core.scope import scope_or_none
from linli.register.posts.rules import sees_children

# Given a subject's row and a relation's key, the rows that belong to it.
Related = Callable[[str, Row, str], Iterable[Row]]


def no_relations(subject: str, row: Row, relation: str) -> Iterable[Row]:
    """Answer that nothing is related."""
    return ()


def with_base(subject: Subject, where: Node) -> Node:
    """Add that the row counts now, unless the condition asks for that itself."""
    return all_of(base_of(subject, where), where)


def base_of(subject: Subject, where: Node) -> Node:
    """Return that the row counts now, as far as a condition does not ask for that itself.

    Whoever is shown no children asks for nobody below 14, here and wherever rows are related.
    """
    scope = scope_or_none()
    base: Node = EVERYONE
    asked = fields_asked(where)
    if subject.children is not None and scope is not None and not sees_children(role=scope.role):
        base = Not(subject.children)
        asked = asked | fields_asked(base)
    if asked.isdisjoint(subject.usual_fields):
        base = all_of(subject.usual, base)
    return base if asked & set(subject.base_fields) else all_of(subject.base, base)


def holds(
    condition: Condition,
    row: Row,
    *,
    dictionary: Dictionary,
    today: date,
    related: Related = no_relations,
) -> bool:
    """Does the condition hold for a flat row (stored facts by key, and ``scope_path``)?"""
    of = dictionary.subject(condition.subject)
    plain = _RowEvaluator(dictionary, today, related)
    open_ = _RecordedEvaluator(dictionary, today, related)
    counts = plain.answer(base_of(of, condition.where), of.key, row)
    return bool(counts and open_.answer(condition.where, of.key, row))


def is_recorded(
    where: Node, subject: str, row: Row, dictionary: Dictionary, today: date
) -> bool | None:
    """Does a condition about the row alone hold; None where a blank leaves it open."""
    return _RecordedEvaluator(dictionary, today, no_relations).answer(where, subject, row)


class _RowEvaluator:
    """Two answers: a comparison with a blank is false."""

    def __init__(self, dictionary: Dictionary, today: date, related: Related) -> None:
        self.dictionary, self.today, self.related = dictionary, today, related

    def answer(self, node: Node, subject: str, row: Row) -> bool | None:
        match node:
            case AllOf(parts):
                return _all([self.answer(part, subject, row) for part in parts])
            case AnyOf(parts):
                return _reverse(_all([_reverse(self.answer(p, subject, row)) for p in parts]))
            case Not(part):
                return _reverse(self.answer(part, subject, row))
            case Has(key, where, at_least):
                return self._has(subject, row, key, where, at_least)
            case Compare(key, op, value):
                return self._compare(subject, row, key, op, value)

    def _has(self, subject: str, row: Row, key: str, where: Node, at_least: int) -> bool | None:
        relation = self.dictionary.subject(subject).relation(key)
        if relation is None:
            raise KeyError(key)
        target = self.dictionary.subject(relation.target)
        plain = _RowEvaluator(self.dictionary, self.today, self.related)
        base = base_of(target, where)
        answers = [
            self.answer(where, target.key, each)
            for each in self.related(subject, row, key)
            if plain.answer(base, target.key, each)
        ]
        if answers.count(True) >= at_least:
            return True
        return None if len(answers) - answers.count(False) >= at_least else False

    def _blank(self, field: Field, op: Op) -> bool | None:
        # A comparison with a missing value is false, whatever is compared (decision 0008).
        return False

    def _compare(self, subject: str, row: Row, key: str, op: Op, value: Any) -> bool | None:
        field = self.dictionary.field(subject, key)
        if field.kind is Kind.PLACE:
            paths = value if isinstance(value, tuple) else (value,)
            return any(str(row["scope_path"]).startswith(path) for path in paths)
        if field.sealed:
            # A flat row holds the blind index under the field's key, never the value.
            value = field.index(value) if field.index and value is not None else value
            if op is Op.EQ and not value:
                return self._blank(field, op) if row.get(key) in (None, "") else False
        mine = field.derive(row, self.today) if field.derive else row.get(key)
        if mine in (None, ""):
            return self._blank(field, op)
        return _fits(op, mine, value, self.today)


class _RecordedEvaluator(_RowEvaluator):
    """Three answers: a comparison with a blank is open where silence is not "no"."""

    def _blank(self, field: Field, op: Op) -> bool | None:
        return False if op is Op.KNOWN or field.is_silence_no else None


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _reverse(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _fits(op: Op, mine: Any, value: Any, today: date) -> bool:
    match op:
        case Op.KNOWN:
            return True
        case Op.EQ:
            return bool(mine == value)
        case Op.LT:
            return bool(mine < value)
        case Op.LE:
            return bool(mine <= value)
        case Op.GT:
            return bool(mine > value)
        case Op.GE:
            return bool(mine >= value)
        case Op.BETWEEN:
            return bool(value[0] <= mine <= value[1])
        case Op.IN:
            return bool(mine in value)
        case Op.CONTAINS:
            return bool(value in mine)
        case Op.WITHIN:
            return bool(today - timedelta(days=value) <= mine <= today)
        case Op.COMING:
            return bool(today <= mine <= today + timedelta(days=value))
