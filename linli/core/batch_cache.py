"""What is asked again for every row of a long piece of work, and does not change during it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("linli_remembered", default=None)


@contextmanager
def batch_cache() -> Iterator[None]:
    """Ask the calendar, who holds which post and the like once for a batch, not for each row.

    Keep it short: what changes meanwhile is not noticed before it ends.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def cached(key: Hashable, ask: Callable[[], T]) -> T:
    """Return what ``ask`` answers; within ``batch_cache`` it is asked once for each key."""
    answers = _kept.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    answer: T = answers[key]
    return answer
