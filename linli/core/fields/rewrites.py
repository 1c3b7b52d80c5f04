"""How questions about ages, spans and yes-or-no facts become questions about stored facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from linli.core.fields.field import Rewrite
from linli.core.fields.kinds import Op
from linli.core.fields.nodes import EVERYONE, AllOf, AnyOf, Compare, Node, Not, Value
from linli.core.time.ages import born_on_or_before, next_month, years_before

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
                # Not is true of a missing date (decision 0008), so it has to be known as well.
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


def year_of(stored: str) -> Rewrite:
    """The calendar year of a stored date."""

    def at_least(year: int, _today: date) -> Node:
        # A question may name any year; Python knows 1 to 9999.
        return Compare(stored, Op.GE, date(min(max(year, 1), 9999), 1, 1))

    return _counted(at_least, Compare(stored, Op.KNOWN))


def turning_next_month(stored: str, *, oldest: int) -> Rewrite:
    """The age somebody reaches in the coming calendar month; unknown for those who reach none."""

    def born_in(age: int, today: date) -> Node:
        first, last = next_month(today)
        since, until = (first.year - age, first.month, 1), years_before(last, age)
        return Compare(stored, Op.BETWEEN, (date(*since), until))

    def rewrite(op: Op, value: Value, today: date) -> Node:
        ages = [age for age in range(oldest + 1) if op is Op.KNOWN or _fits(op, age, value)]
        return AnyOf(tuple(born_in(age, today) for age in ages)) if ages else Not(EVERYONE)

    return rewrite


def _fits(op: Op, number: int, value: Value) -> bool:
    first, last = value if isinstance(value, tuple) else (value, value)
    if not isinstance(first, int) or not isinstance(last, int):
        raise TypeError("an age is a whole number")
    match op:
        case Op.GE:
            return number >= first
        case Op.GT:
            return number > first
        case Op.LE:
            return number <= first
        case Op.LT:
            return number < first
    return first <= number <= last


def flag(where: Callable[[date], Node], known: Node = EVERYONE) -> Rewrite:
    """Yes where ``where`` holds, no where it does not, unknown where ``known`` does not."""

    def rewrite(op: Op, value: Value, today: date) -> Node:
        if op is Op.KNOWN:
            return known
        return where(today) if value else AllOf((known, Not(where(today))))

    return rewrite
