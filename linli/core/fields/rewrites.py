"""How questions about ages, spans and yes-or-no facts become questions about stored facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from linli.core.fields.field import Rewrite
from linli.core.fields.kinds import Op
from linli.core.fields.nodes import EVERYONE, AllOf, Compare, Node, Not, Value
from linli.core.time.ages import born_on_or_before

AtLeast = Callable[[int, date], Node]


def _counted(at_least: AtLeast, known: Node) -> Rewrite:
    """Make every comparison of a whole number from "at least so much"."""

    def rewrite(op: Op, value: Value, today: date) -> Node:
        if op is Op.KNOWN:
            return known
        first, last = value if isinstance(value, tuple) else (value, value)
        if not isinstance(first, int) or not isinstance(last, int):
            raise TypeError("a count is a whole number")
        match op:
            case Op.GE:
                return at_least(first, today)
            case Op.GT:
                return at_least(first + 1, today)
            case Op.LT:
                return AllOf((known, Not(at_least(first, today))))
            case Op.LE:
                return AllOf((known, Not(at_least(first + 1, today))))
        return AllOf((at_least(first, today), Not(at_least(last + 1, today))))

    return rewrite


def years_since(stored: str) -> Rewrite:
    """Full years from a stored date until today: an age."""

    def at_least(years: int, today: date) -> Node:
        return Compare(stored, Op.LE, born_on_or_before(years, today))

    return _counted(at_least, Compare(stored, Op.KNOWN))


def days_since(stored: str) -> Rewrite:
    """Days from a stored date until today."""

    def at_least(days: int, today: date) -> Node:
        return Compare(stored, Op.LE, today - timedelta(days=days))

    return _counted(at_least, Compare(stored, Op.KNOWN))


def years_since_year(stored: str) -> Rewrite:
    """Calendar years from a stored year until this one."""

    def at_least(years: int, today: date) -> Node:
        return Compare(stored, Op.LE, today.year - years)

    return _counted(at_least, Compare(stored, Op.KNOWN))


def flag(where: Callable[[date], Node], known: Node = EVERYONE) -> Rewrite:
    """Yes where ``where`` holds, no where it does not, unknown where ``known`` does not."""

    def rewrite(op: Op, value: Value, today: date) -> Node:
        if op is Op.KNOWN:
            return known
        return where(today) if value else AllOf((known, Not(where(today))))

    return rewrite
