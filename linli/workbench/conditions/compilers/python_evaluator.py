"""The plain Python reading of a condition: slow, obvious, and the judge of the other engines.

Derived facts are worked out by their own ``derive`` and not by rewriting, so that a wrong rewrite
shows as a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from linli.core.fields import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dictionary,
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
    """Add that the row counts now, unless the condition asks for that itself.

    Whoever is shown no children asks for nobody below 14, here and wherever rows are related.
    """
    scope = scope_or_none()
    if subject.children is not None and scope is not None and not sees_children(role=scope.role):
        where = all_of(where, Not(subject.children))
    asked = fields_asked(where)
    if asked.isdisjoint(subject.usual_fields):
        where = all_of(subject.usual, where)
    return where if asked & set(subject.base_fields) else all_of(subject.base, where)


def holds(
    condition: Condition,
    row: Row,
    *,
    dictionary: Dictionary,
    today: date,
    related: Related = no_relations,
) -> bool:
    """Does the condition hold for a flat row (stored facts by key, and ``scope_path``)?"""
    reader = _RowEvaluator(dictionary, today, related)
    where = with_base(dictionary.subject(condition.subject), condition.where)
    return reader.holds(where, condition.subject, row)


class _RowEvaluator:
    def __init__(self, dictionary: Dictionary, today: date, related: Related) -> None:
        self.dictionary, self.today, self.related = dictionary, today, related

    def holds(self, node: Node, subject: str, row: Row) -> bool:
        match node:
            case AllOf(parts):
                return all(self.holds(part, subject, row) for part in parts)
            case AnyOf(parts):
                return any(self.holds(part, subject, row) for part in parts)
            case Not(part):
                return not self.holds(part, subject, row)
            case Has(key, where, at_least):
                return self._has(subject, row, key, where) >= at_least
            case Compare(key, op, value):
                return self._compare(subject, row, key, op, value)

    def _has(self, subject: str, row: Row, key: str, where: Node) -> int:
        relation = self.dictionary.subject(subject).relation(key)
        if relation is None:
            raise KeyError(key)
        where = with_base(self.dictionary.subject(relation.target), where)
        rows = self.related(subject, row, key)
        return sum(self.holds(where, relation.target, each) for each in rows)

    def _compare(self, subject: str, row: Row, key: str, op: Op, value: Any) -> bool:
        field = self.dictionary.field(subject, key)
        if field.kind is Kind.PLACE:
            paths = value if isinstance(value, tuple) else (value,)
            return any(str(row["scope_path"]).startswith(path) for path in paths)
        if field.sealed:
            # A flat row holds the blind index under the field's key, never the value.
            value = field.index(value) if field.index and value is not None else value
            if op is Op.EQ and not value:
                return False
        mine = field.derive(row, self.today) if field.derive else row.get(key)
        # A comparison with a missing value is false, whatever is compared (decision 0008).
        return mine not in (None, "") and _fits(op, mine, value, self.today)


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
