"""When a derived fact of a person or household can be judged: a blank leaves it open."""

from __future__ import annotations

from collections.abc import Callable

from linli.core.fields import Compare, Node, Not, Op, all_of, any_of
from linli.core.fields.field import Row
from linli.register.people.care_kinds import NONE
from linli.register.people.terms import NOT_LIVING_HERE, Sex

# That a fact can be judged: as a condition on stored facts, and of a flat row.
Known = tuple[Node, Callable[[Row], bool]]
LIVES_HERE = Not(Compare("residence_status", Op.IN, NOT_LIVING_HERE))


def other_than_none(key: str) -> Node:
    """One of the choices is registered, and not the one that says there is none."""
    return all_of(Compare(key, Op.KNOWN), Not(Compare(key, Op.EQ, NONE)))


def registered(*keys: str) -> Known:
    """Something is registered in one of the facts, were it that there is none."""
    known = any_of(*(Compare(key, Op.KNOWN) for key in keys))
    return known, lambda row: any(row.get(key) not in (None, "") for key in keys)


def household_judged(size: str, awaits: str, *more: str) -> Known:
    """The household is counted and its head is registered."""
    keys = (size, *more)
    parts = [Compare(key, Op.KNOWN) for key in keys]
    return all_of(
        *parts, Compare(awaits, Op.EQ, False)
    ), lambda row: row.get(awaits) is False and all(row.get(key) is not None for key in keys)


def or_elsewhere(known: Known) -> Known:
    """Who lives elsewhere lives neither alone nor in an empty nest here."""
    node, holds = known
    return any_of(
        Not(LIVES_HERE), node
    ), lambda row: row.get("residence_status") in NOT_LIVING_HERE or holds(row)


def pregnancy_said() -> Known:
    """A due date is registered, or the person is a man."""
    man = Compare("sex", Op.EQ, Sex.MALE.value)
    return any_of(
        Compare("due_date", Op.KNOWN), man
    ), lambda row: row.get("due_date") is not None or row.get("sex") == Sex.MALE.value
