"""A condition before it is used: checked against the dictionary, in its one spelling."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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
    normal,
)
from linli.core.words import Word
from linli.workbench.conditions.evaluation.whole_years import by_years

DEEPEST = 8
MOST_NODES = 100
MOST_VALUES = 200
LONGEST_TEXT = 100
LONGEST_UNREAD = 1000
MOST_DAYS = 36_500
EARLIEST, LATEST = date(1800, 1, 1), date(2200, 12, 31)
SMALLEST, LARGEST = -1_000_000_000, 1_000_000_000

OP_WORDS: dict[Op, str] = {
    Op.EQ: Word("等于"),
    Op.LT: Word("小于"),
    Op.LE: Word("不大于"),
    Op.GT: Word("大于"),
    Op.GE: Word("不小于"),
    Op.BETWEEN: Word("在…之间"),
    Op.IN: Word("是其中之一"),
    Op.CONTAINS: Word("包含"),
    Op.WITHIN: Word("最近几天内"),
    Op.COMING: Word("未来几天内"),
    Op.KNOWN: Word("已填"),
}


def validated(condition: Condition, dictionary: Dictionary) -> Condition:
    """Return the condition in its normal spelling, or refuse with what is wrong."""
    dictionary.subject(condition.subject)
    where = normal(condition.where)
    _check_size(where)
    checked = _checked(where, condition.subject, dictionary)
    return Condition(condition.subject, checked, _checked_unread(condition.unread))


def _checked_unread(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that were left out, each once, or refuse what no sentence can hold."""
    if sum(map(len, words)) > LONGEST_UNREAD:
        raise Refused(
            "condition.unread", _("没看懂的词最多%(most)s个字") % {"most": LONGEST_UNREAD}, "unread"
        )
    return tuple(dict.fromkeys(word for word in words if word.strip()))


def _check_size(node: Node) -> None:
    nodes, depth = _measure(node)
    if nodes > MOST_NODES:
        raise Refused("condition.too_large", _("条件太多，最多%(most)s项") % {"most": MOST_NODES})
    if depth > DEEPEST:
        raise Refused("condition.too_deep", _("括号套得太深，最多%(most)s层") % {"most": DEEPEST})


def _measure(node: Node) -> tuple[int, int]:
    match node:
        case AllOf(parts) | AnyOf(parts):
            inner = [_measure(part) for part in parts]
        case Not(part):
            inner = [_measure(part)]
        case Has(_, where, _):
            inner = [_measure(where)]
        case _:
            inner = []
    return 1 + sum(n for n, _ in inner), 1 + max((d for _, d in inner), default=0)


def _checked(node: Node, subject: str, dictionary: Dictionary) -> Node:
    match node:
        case AllOf(parts):
            return AllOf(tuple(_checked(part, subject, dictionary) for part in parts))
        case AnyOf(parts):
            if not parts:
                raise Refused("condition.empty", _("“或”里至少要有一项"))
            return AnyOf(tuple(_checked(part, subject, dictionary) for part in parts))
        case Not(part):
            return Not(_checked(part, subject, dictionary))
        case Has(key, where, at_least):
            relation = dictionary.subject(subject).relation(key)
            if relation is None:
                raise Refused("condition.relation", _("没有“%(key)s”这种关系") % {"key": key}, key)
            if type(at_least) is not int or not 1 <= at_least <= 999:
                raise Refused("condition.at_least", _("人数或户数应在1到999之间"), key)
            return Has(key, _checked(where, relation.target, dictionary), at_least)
        case Compare(key, op, value):
            field = dictionary.field(subject, key)
            # Of whole years the year is asked, which may be where the day is covered (0021).
            return by_years(field, Compare(key, _op(field, op), checked_value(field, op, value)))
    raise Refused("condition.shape", _("看不懂这个条件"))


def _op(field: Field, op: Op) -> Op:
    if op not in field.ops:
        raise Refused(
            "condition.op",
            _("“%(label)s”不能用“%(how)s”") % {"label": _(field.label), "how": OP_WORDS[op]},
            field.key,
            _("可以用：") + "、".join(OP_WORDS[each] for each in Op if each in field.ops),
        )
    return op


def checked_value(field: Field, op: Op, value: Value) -> Value:
    """Return the value in its one spelling, or refuse."""
    match op:
        case Op.KNOWN:
            return None
        case Op.WITHIN | Op.COMING:
            if type(value) is not int or not 0 <= value <= MOST_DAYS:
                raise Refused(
                    "condition.days", _("天数应在0到%(most)s之间") % {"most": MOST_DAYS}, field.key
                )
            return value
        case Op.BETWEEN:
            return _pair(field, value)
        case Op.IN:
            if not isinstance(value, tuple) or not 1 <= len(value) <= MOST_VALUES:
                raise Refused(
                    "condition.values",
                    _("“%(label)s”要选1到%(most)s个值")
                    % {"label": _(field.label), "most": MOST_VALUES},
                    field.key,
                )
            # A set has one spelling: order and repetition say nothing.
            return tuple(sorted({_scalar(field, each) for each in value}, key=str))
    if isinstance(value, tuple) or value is None:
        raise Refused(
            "condition.value", _("“%(label)s”要给一个值") % {"label": _(field.label)}, field.key
        )
    return _scalar(field, value)


def _pair(field: Field, value: Value) -> Value:
    if not isinstance(value, tuple) or len(value) != 2:
        raise Refused(
            "condition.pair",
            _("“%(label)s”要给起和止两个值") % {"label": _(field.label)},
            field.key,
        )
    first, last = (_scalar(field, each) for each in value)
    if first > last:  # type: ignore[operator]
        raise Refused(
            "condition.reversed",
            _("“%(label)s”的起点%(first)s比终点%(last)s大")
            % {"label": _(field.label), "first": first, "last": last},
            field.key,
            _("请对调两个值"),
        )
    return first, last


def _scalar(field: Field, value: Scalar) -> Scalar:
    match field.kind:
        case Kind.NUMBER:
            return _number(field, value)
        case Kind.DATE:
            if not isinstance(value, date) or not EARLIEST <= value <= LATEST:
                raise Refused(
                    "condition.date",
                    _("“%(label)s”要给1800到2200年间的日期") % {"label": _(field.label)},
                    field.key,
                )
            return value
        case Kind.FLAG:
            if not isinstance(value, bool):
                raise Refused(
                    "condition.flag",
                    _("“%(label)s”只能是“是”或“否”") % {"label": _(field.label)},
                    field.key,
                )
            return value
        case Kind.CHOICE:
            return _choice(field, value)
        case Kind.PLACE:
            if not isinstance(value, str) or not value.endswith("/") or len(value) > 160:
                raise Refused(
                    "condition.place",
                    _("“%(label)s”要选一个地方") % {"label": _(field.label)},
                    field.key,
                )
            return value
    text = value.strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= LONGEST_TEXT:
        raise Refused(
            "condition.text",
            _("“%(label)s”要给1到%(most)s个字") % {"label": _(field.label), "most": LONGEST_TEXT},
            field.key,
        )
    return text


def _number(field: Field, value: Scalar) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refused(
            "condition.number", _("“%(label)s”要给一个数") % {"label": _(field.label)}, field.key
        )
    lowest = SMALLEST if field.lowest is None else field.lowest
    highest = LARGEST if field.highest is None else field.highest
    # NaN would raise where it is compared with the bounds.
    if value.__class__ is not int and not Decimal(value).is_finite():
        raise Refused(
            "condition.number", _("“%(label)s”要给一个数") % {"label": _(field.label)}, field.key
        )
    if not lowest <= value <= highest:
        raise Refused(
            "condition.range",
            _("“%(label)s”应在%(lowest)s到%(highest)s%(unit)s之间")
            % {"label": _(field.label), "lowest": lowest, "highest": highest, "unit": field.unit},
            field.key,
        )
    # 90.0 and 90 are one condition and have one text.
    if value == int(value):
        return int(value)
    if round(Decimal(value), field.decimals) != value:
        places = f"最多{field.decimals}位小数" if field.decimals else "是整数"
        raise Refused("condition.decimals", f"“{field.label}”{places}", field.key)
    return Decimal(value).normalize()


def _choice(field: Field, value: Scalar) -> str:
    if not isinstance(value, str) or field.choice(value) is None:
        some = "、".join(choice.label for choice in field.choices[:6])
        more = "等" if len(field.choices) > 6 else ""
        raise Refused(
            "condition.choice",
            _("“%(label)s”没有“%(value)s”这个选项") % {"label": _(field.label), "value": value},
            field.key,
            _("可选：%(some)s") % {"some": some + more},
        )
    return value
