"""A question about one place is asked within that place: one range of the index instead of two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from linli.core.fields import AllOf, Compare, Condition, Dictionary, Kind, Node, Op
from linli.core.scope import current_scope, use_scope


def place_of(condition: Condition, dictionary: Dictionary) -> str:
    """Return the path of the place that everybody asked for lives below, the longest one."""
    parts: tuple[Node, ...] = (
        condition.where.parts if isinstance(condition.where, AllOf) else (condition.where,)
    )
    paths = [
        part.value
        for part in parts
        if isinstance(part, Compare)
        and part.op is Op.EQ
        and isinstance(part.value, str)
        and dictionary.field(condition.subject, part.field).kind is Kind.PLACE
    ]
    return max(paths, key=len, default="")


@contextmanager
def within_its_place(condition: Condition, dictionary: Dictionary) -> Iterator[None]:
    """Narrow the active scope to the place asked for; it never grows."""
    scope, path = current_scope(), place_of(condition, dictionary)
    # A place outside the scope would widen it: there everything is asked as it stands.
    if not path or not scope.holds(path):
        yield
        return
    with use_scope(replace(scope, paths=(path,), everything=False)):
        yield
