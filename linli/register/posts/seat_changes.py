"""Who holds a post has changed, or which posts cover a place: whoever gives work to posts hears.

Said inside the action that gives or ends a post or moves a branch of the tree, so that what waits
at the posts moves in the same transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from linli.core.dotted_paths import function_at
from linli.core.paths import outermost
from linli.register.posts.models import User

# The paths below which somebody else may answer now, and who changed it.
Listener = Callable[[tuple[str, ...], User | None], object]
_listeners: list[Listener] = []
_waiting: ContextVar[dict[str, User | None] | None] = ContextVar("linli_seats", default=None)


def on_seats_changed(listener: Listener | str) -> None:
    """Have an app of a higher room hear of it, within the action."""
    _listeners.append(function_at(listener))


def seats_changed(path: str, *, by: User | None) -> None:
    """Say that from now on somebody else may answer for what lies below ``path``."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting[path] = by
    else:
        _tell((path,), by)


@contextmanager
def together() -> Iterator[None]:
    """Tell of many changes once, at the end: a list of appointments moves a task once at most."""
    if _waiting.get() is not None:
        yield
        return
    waiting: dict[str, User | None] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    # After a refusal nothing has changed: this line is not reached.
    if waiting:
        # Each task is looked at once: not for a place and again for what lies above it.
        _tell(tuple(outermost(list(waiting))), next(iter(waiting.values())))


def _tell(paths: tuple[str, ...], by: User | None) -> None:
    for listener in _listeners:
        listener(paths, by)
