"""Who is asking: the active scope, held by one ``ContextVar``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Q

from linli.core.errors import NotFound
from linli.core.logger import get_logger
from linli.core.paths import ancestors, is_below, outermost, path_after

log = get_logger(__name__)


class NoScope(RuntimeError):
    """A scoped table was touched and nobody had said on whose behalf."""


class RawSqlRefused(RuntimeError):
    """Hand-written SQL on a scoped table outside ``core/database/raw_sql.py``."""


@dataclass(frozen=True)
class Scope:
    """On whose behalf, in which role and for what the rows are read.

    ``paths`` are materialised paths; none means no row at all. ``everything`` is the system's own.
    """

    paths: tuple[str, ...]
    role: str
    purpose: str = ""
    user_id: int | None = None
    everything: bool = False

    def holds(self, path: str) -> bool:
        """Does ``path`` lie in this scope?"""
        return self.everything or any(is_below(path, mine) for mine in self.paths)

    def narrowed(self, path: str) -> Scope:
        """Return the part of this scope that lies below ``path``."""
        if self.everything:
            return replace(self, paths=(path,), everything=False)
        below = [mine for mine in self.paths if is_below(mine, path)]
        return replace(self, paths=(path,) if self.holds(path) else tuple(below))

    @property
    def above(self) -> list[str]:
        """Return the paths of the places above this scope."""
        return sorted({above for path in self.paths for above in ancestors(path)})


_active: ContextVar[Scope | None] = ContextVar("linli_scope", default=None)
_guard_off: ContextVar[str] = ContextVar("linli_scope_guard_off", default="")
system_uses: dict[str, int] = {}


def current_scope() -> Scope:
    """Return the active scope, or raise ``NoScope``."""
    scope = _active.get()
    if scope is None:
        raise NoScope("no active scope: use use_scope(...) or system_scope(reason)")
    return scope


def scope_or_none() -> Scope | None:
    """Return the active scope, if any (for faces that answer before sign-in)."""
    return _active.get()


@contextmanager
def use_scope(scope: Scope | None) -> Iterator[Scope | None]:
    """Make ``scope`` the active one inside the block."""
    if scope is not None:
        # In one spelling: a queryset compares the scope it was made in with the active one.
        scope = replace(scope, paths=outermost(scope.paths))
    token = _active.set(scope)
    try:
        yield scope
    finally:
        _active.reset(token)


@contextmanager
def system_scope(reason: str) -> Iterator[Scope]:
    """See every row for a named reason; counted and logged, callers are listed in a guard."""
    # Two frames up: the one between is contextlib's.
    caller = sys._getframe(2).f_globals.get("__name__", "?")
    system_uses[caller] = system_uses.get(caller, 0) + 1
    log.debug("system_scope", reason=reason, caller=caller)
    before = _active.get()
    scope = Scope((), "system", reason, before.user_id if before else None, everything=True)
    token = _active.set(scope)
    try:
        yield scope
    finally:
        _active.reset(token)


@contextmanager
def guard_switched_off_for_negative_control(*, keep_database: bool = False) -> Iterator[None]:
    """Break the guard on purpose, so that a test can show that it would notice.

    ``keep_database`` leaves PostgreSQL's row-level security on: the second line of defence alone.
    """
    if not settings.TESTING:
        raise RuntimeError("only tests may switch the scope guard off")
    token = _guard_off.set("python" if keep_database else "both")
    try:
        yield
    finally:
        _guard_off.reset(token)


def is_guard_off(guard: str = "python") -> bool:
    """Has a test switched this guard off: "python", or "database" as well?"""
    return _guard_off.get() == "both" or (guard == "python" and _guard_off.get() == "python")


def path_q(scope: Scope, *, column: str = "scope_path", reach: str = "below") -> Q:
    """Return the condition that keeps the rows of ``scope``; "above" adds the places above."""
    if scope.everything or is_guard_off():
        return Q()
    if not scope.paths:
        # No row: an empty Q() would be every row.
        return Q(pk__in=[])
    condition = Q()
    for path in scope.paths:
        condition |= Q(**{f"{column}__gte": path, f"{column}__lt": path_after(path)})
    if reach == "above" and scope.above:
        condition |= Q(**{f"{column}__in": scope.above})
    return condition


def check_write(path: str) -> None:
    """Raise unless the active scope holds ``path``."""
    if is_guard_off():
        return
    scope = current_scope()
    if not path:
        raise NoScope("a scoped row needs its scope_path")
    if not scope.holds(path):
        # Not "forbidden": whether there is such a place is not told.
        raise NotFound()
