"""What is asked again and again during one piece of work, and does not change meanwhile.

A long piece of work asks for every row; a page that only reads asks from every block.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from linli.core.scope import scope_or_none

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("linli_remembered", default=None)
_only_reads: ContextVar[bool] = ContextVar("linli_only_reads", default=False)


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


@contextmanager
def page_cache() -> Iterator[None]:
    """Ask once for a page that only reads: there nothing changes by what the page itself does."""
    token = _only_reads.set(True)
    try:
        with batch_cache():
            yield
    finally:
        _only_reads.reset(token)


def cached(key: Hashable, ask: Callable[[], T], *, of_all_scopes: bool = False) -> T:
    """Return what ``ask`` answers; within ``batch_cache`` it is asked once for each key and scope.

    What was answered in one scope is told in no other, unless it is read for the whole system.
    """
    answers = _kept.get()
    if answers is None:
        return ask()
    told_to = key, None if of_all_scopes else scope_or_none()
    if told_to not in answers:
        answers[told_to] = ask()
    answer: T = answers[told_to]
    return answer


def cached_on_page(key: Hashable, ask: Callable[[], T], *, of_all_scopes: bool = False) -> T:
    """Return the same as ``cached``, but within ``page_cache`` alone: a batch may change it."""
    return cached(key, ask, of_all_scopes=of_all_scopes) if _only_reads.get() else ask()
