"""Whose rows an answer has loaded: the model of people tells it, the last look at an answer asks.

Nothing is kept outside a request; without ``watch`` a row is loaded as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from linli.core.scope.active import Scope, scope_or_none


@dataclass
class Watch:
    """One request: who was loaded under which scope, who is noted, what to do at its end."""

    loaded: dict[int, tuple[str, Scope]] = field(default_factory=dict)
    noted: set[int] = field(default_factory=set)
    afterwards: list[Callable[[], None]] = field(default_factory=list)


_watch: ContextVar[Watch | None] = ContextVar("linli_watch", default=None)


@contextmanager
def watch() -> Iterator[Watch]:
    """Write down inside the block whose rows are loaded."""
    watching = Watch()
    token = _watch.set(watching)
    try:
        yield watching
    finally:
        _watch.reset(token)


def watched() -> Watch | None:
    """Return the watch over the request under way, if there is one."""
    return _watch.get()


def tell_loaded(pk: int, name: str) -> None:
    """Say that a person's row was loaded; what the system reads for itself is left out."""
    now, scope = _watch.get(), scope_or_none()
    if now is not None and scope is not None and not scope.everything:
        now.loaded[pk] = (name, scope)
