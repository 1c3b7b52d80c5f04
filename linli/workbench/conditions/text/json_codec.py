"""A condition as JSON and back.

JSON of a condition: {"subject": "person", "where": …} where a node is one of
{"all": […]}, {"any": […]}, {"not": …}, {"has": relation, "where": …, "at_least": n} and
{"field": key, "op": op, "value": …}; dates are "2000-01-31", pairs and sets are lists. "unread",
where there is any, lists the words of a sentence that were left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
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
    Scalar,
    Value,
)
from linli.workbench.conditions.tree import DEEPEST, MOST_VALUES, validated


def to_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON."""
    data = {"subject": condition.subject, "where": _node_to_json(condition.where)}
    return {**data, "unread": list(condition.unread)} if condition.unread else data


def _node_to_json(node: Node) -> dict[str, Any]:
    match node:
        case AllOf(parts):
            return {"all": [_node_to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_node_to_json(part) for part in parts]}
        case Not(part):
            return {"not": _node_to_json(part)}
        case Has(relation, where, at_least):
            return {"has": relation, "where": _node_to_json(where), "at_least": at_least}
        case Compare(key, op, value):
            data: dict[str, Any] = {"field": key, "op": op.value}
            if value is not None:
                many = isinstance(value, tuple)
                data["value"] = [_plain(v) for v in value] if many else _plain(value)  # type: ignore[union-attr]
            return data


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def from_json(data: object, dictionary: Dictionary) -> Condition:
    """Read a condition from JSON and check it."""
    if not isinstance(data, Mapping) or not isinstance(data.get("subject"), str):
        raise Refused("condition.shape", _("看不懂这个条件"), "subject")
    subject = data["subject"]
    dictionary.subject(subject)
    where = _node_from_json(data.get("where", {"all": []}), subject, dictionary, 0)
    unread = data.get("unread", [])
    if not isinstance(unread, list) or not all(isinstance(word, str) for word in unread):
        raise Refused("condition.shape", _("看不懂这个条件"), "unread")
    return validated(Condition(subject, where, tuple(unread)), dictionary)


def _node_from_json(data: object, subject: str, dictionary: Dictionary, depth: int) -> Node:
    # `validated` counts the normal form exactly; here endless nesting is stopped early.
    if depth > 2 * DEEPEST:
        raise Refused("condition.too_deep", _("括号套得太深，最多%(most)s层") % {"most": DEEPEST})
    match data:
        case {"all": list(parts)}:
            return AllOf(tuple(_node_from_json(p, subject, dictionary, depth + 1) for p in parts))
        case {"any": list(parts)}:
            return AnyOf(tuple(_node_from_json(p, subject, dictionary, depth + 1) for p in parts))
        case {"not": part}:
            return Not(_node_from_json(part, subject, dictionary, depth + 1))
        case {"has": str(key), **rest}:
            relation = dictionary.subject(subject).relation(key)
            target = relation.target if relation else subject
            where = rest.get("where", {"all": []})
            at_least = rest.get("at_least", 1)
            # A bool is an int too, and True would count as one.
            count = at_least if type(at_least) is int else 0
            return Has(key, _node_from_json(where, target, dictionary, depth + 1), count)
        case {"field": str(key), "op": str(op), **rest}:
            if op not in Op.__members__.values():
                raise Refused("condition.op", _("没有“%(op)s”这种比较") % {"op": op}, key)
            field = dictionary.field(subject, key)
            return Compare(key, Op(op), _value_from_json(field, Op(op), rest.get("value")))
    raise Refused("condition.shape", _("看不懂这个条件"))


def _value_from_json(field: Field, op: Op, value: Any) -> Value:
    if op in (Op.WITHIN, Op.COMING, Op.KNOWN):
        return int(value) if op is not Op.KNOWN and type(value) is int else None
    if isinstance(value, list):
        # One value too many is enough for the refusal that follows.
        return tuple(_typed(field, each) for each in value[: MOST_VALUES + 1])
    single: Scalar = _typed(field, value)
    return single


def _typed(field: Field, value: Any) -> Any:
    """Turn a value of JSON into the type of the field; what does not fit is refused later."""
    if field.kind is Kind.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Refused(
                "condition.date", _("“%(value)s”不是日期") % {"value": value}, field.key
            ) from None
    if field.kind is Kind.NUMBER and isinstance(value, float | str):
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise Refused(
                "condition.number", _("“%(value)s”不是数") % {"value": value}, field.key
            ) from None
    return value if isinstance(value, str | int | bool) else ""
