"""From a condition to a queryset: live answers on SQLite and PostgreSQL.

Every comparison with a missing value is false: Django adds the IS NOT NULL that a negation needs,
and what it cannot see (a position in a text) is made never null here. Rows outside the active scope
do not come in: the managers see to that, for the subject and for everything it is joined to.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import GreaterThan

from linli.core.fields import (
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
    Subject,
)
from linli.core.paths import path_after
from linli.core.scope import current_scope, path_q
from linli.workbench.conditions.evaluation.blanks import recorded
from linli.workbench.conditions.evaluation.python_evaluator import with_base
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.conditions.own_fields import COLUMNS, LINKS
from linli.workbench.conditions.subjects import model_of

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY
LOOKUPS = {Op.EQ: "exact", Op.LT: "lt", Op.LE: "lte", Op.GT: "gt", Op.GE: "gte", Op.IN: "in"}
WORDS = frozenset({Kind.TEXT, Kind.CHOICE})


def queryset(condition: Condition, dictionary: Dictionary, today: date) -> QuerySet[Any]:
    """Return the rows of the active scope for which the condition holds."""
    subject = dictionary.subject(condition.subject)
    where = with_base(subject, recorded(condition.where, subject.key, dictionary))
    rows = rows_of(subject).filter(to_q(where, subject.key, dictionary, today))
    return rows.order_by("pk")


def rows_of(subject: Subject) -> QuerySet[Any]:
    """Return the rows that lie in the active scope; those above it may be read, not listed."""
    model = model_of(subject)
    rows: QuerySet[Any] = model.objects.all()
    return rows.filter(path_q(current_scope())) if model.scope_reach == "above" else rows


def to_q(node: Node, subject: str, dictionary: Dictionary, today: date) -> Q:
    """Return the condition as the ORM says it."""
    return _Compiler(dictionary, today).node(node, subject)


class _Compiler:
    def __init__(self, dictionary: Dictionary, today: date) -> None:
        self.dictionary, self.today = dictionary, today

    def node(self, node: Node, subject: str) -> Q:
        match node:
            case AllOf(parts):
                q = EVERYBODY if not parts else Q()
                for part in parts:
                    q &= self.node(part, subject)
                return q
            case AnyOf(parts):
                q = Q()
                for part in parts:
                    q |= self.node(part, subject)
                return q
            case Not(part):
                return ~self.node(part, subject)
            case Has(key, where, at_least):
                return self._has(subject, key, where, at_least)
            case Compare(key, op, value):
                field = self.dictionary.field(subject, key)
                if field.rewrite is not None:
                    return self.node(field.rewrite(op, value, self.today), subject)
                return self._stored(field, op, value)

    def _has(self, subject: str, key: str, where: Node, at_least: int) -> Q:
        relation = self.dictionary.subject(subject).relation(key)
        if relation is None:
            raise KeyError(key)
        target = self.dictionary.subject(relation.target)
        where = with_base(target, where)
        related = rows_of(target).filter(self.node(where, target.key)).order_by()
        # People of one household ask for their own household, not for themselves by id.
        own = relation.link if relation.target == subject else "pk"
        # A set made once is faster than a look for every row, and the planner may still choose.
        some = related.filter(**{f"{relation.link}__isnull": False}).values(relation.link)
        if at_least > 1:
            some = some.annotate(found=Count("pk")).filter(found__gte=at_least)
        return Q(**{f"{own}__in": some.values(relation.link)})

    def _stored(self, field: Field, op: Op, value: Any) -> Q:
        if field.kind is Kind.PLACE:
            return self._below(field.column, value)
        if field.attribute is not None:
            known = OwnFieldValue.objects.filter(
                compared(COLUMNS[field.kind], field, op, value, self.today),
                **{"attribute_id": field.attribute, f"{LINKS[field.subject]}__isnull": False},
            )
            return Q(pk__in=known.values(LINKS[field.subject]))
        return compared(field.column, field, op, value, self.today)

    def _below(self, column: str, value: Any) -> Q:
        q = Q()
        for path in value if isinstance(value, tuple) else (value,):
            q |= Q(**{f"{column}__gte": path, f"{column}__lt": path_after(path)})
        return q


def compared(column: str, field: Field, op: Op, value: Any, today: date) -> Q:
    """Return one comparison of one stored column."""
    if field.sealed:
        column = field.index_column
        value = field.index(value) if field.index and value is not None else value
        # An empty index would find everybody who has no number.
        if op is Op.EQ and not value:
            return NOBODY
    match op:
        case Op.KNOWN if field.kind in WORDS:
            # One bound leaves out the empty text and NULL alike.
            return Q(**{f"{column}__gt": ""})
        case Op.KNOWN:
            return Q(**{f"{column}__isnull": False})
        case Op.BETWEEN:
            return Q(**{f"{column}__gte": value[0], f"{column}__lte": value[1]})
        case Op.WITHIN:
            since = today - timedelta(days=value)
            return Q(**{f"{column}__gte": since, f"{column}__lte": today})
        case Op.COMING:
            until = today + timedelta(days=value)
            return Q(**{f"{column}__gte": today, f"{column}__lte": until})
        case Op.CONTAINS:
            # LIKE ignores case on SQLite alone; a position in the text is the same everywhere.
            position = Coalesce(StrIndex(F(column), Value(value)), 0)
            return Q(GreaterThan(position, 0))
    return Q(**{f"{column}__{LOOKUPS[op]}": value})
