"""Records whose own people may be read beyond the budget: a canvass, a plan, a form, a file.

An app says in ``ready()`` whom a record means. Somebody's own making widens nothing: else whoever
opens a canvass of everybody would have lifted their own limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from linli.core.dotted_paths import function_at

# (the record, the people read, who reads) → those of them whom the record means.
Means = Callable[[Any, Set[int], int], Set[int]]
_parts: dict[str, Means] = {}


@dataclass(frozen=True)
class ExemptRecord:
    """What people are read for: a record that means them, a file that they leave in."""

    within: Any = None
    alone_up_to: int | None = None
    agreed: bool = False

    @property
    def is_file(self) -> bool:
        """Do the values leave the product?"""
        return self.alone_up_to is not None


NOTHING = ExemptRecord()
_given: ContextVar[ExemptRecord] = ContextVar("linli_read_for", default=NOTHING)


def register_part(label: str, means: Means | str) -> None:
    """Say whom a kind of record means ("canvasses.canvass"), as far as it extends the budget."""
    if label in _parts:
        raise ValueError(f"{label} is registered twice")
    _parts[label] = function_at(means)


def meant_by(record: Any, people: Set[int], user_id: int) -> Set[int]:
    """Return those of some people whom a record of somebody else's making means."""
    if record is None:
        return set()
    means = _parts.get(record._meta.label_lower)
    return means(record, people, user_id) & people if means else set()


@contextmanager
def read_for(record: Any) -> Iterator[None]:
    """Read people inside the block as part of a record."""
    token = _given.set(ExemptRecord(record, _given.get().alone_up_to, _given.get().agreed))
    try:
        yield
    finally:
        _given.reset(token)


@contextmanager
def leaving_in_a_file(*, alone_up_to: int, agreed: bool) -> Iterator[None]:
    """Read people inside the block into a file; ``agreed``: a second person consented to it."""
    token = _given.set(ExemptRecord(_given.get().within, alone_up_to, agreed))
    try:
        yield
    finally:
        _given.reset(token)


def read_for_now() -> ExemptRecord:
    """Return what people are read for at this moment."""
    return _given.get()
