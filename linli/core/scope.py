"""Which rows: the one place that decides (see docs/decisions/0002-scope.md).

Every table about someone or somewhere is a ``ScopedModel`` and carries ``scope_path``. One
``ContextVar`` holds the active scope. Reading or writing without one raises; joins between scoped
tables are restricted in their ON clause, so no relation leads out of the scope. ``system_scope``
is the only way round it: it takes a reason, is logged, and its callers are listed by file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere

from linli.core.errors import NotFound, Refused
from linli.core.paths import PathField, ancestors, is_below, outermost, path_after

log = structlog.get_logger(__name__)


class NoScope(RuntimeError):
    """A scoped table was touched and nobody had said on whose behalf."""


class RawSqlRefused(RuntimeError):
    """Hand-written SQL on a scoped table outside ``core/raw_sql.py``."""


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


_active: ContextVar[Scope | None] = ContextVar("linli_scope", default=None)
_guard_off: ContextVar[bool] = ContextVar("linli_scope_guard_off", default=False)
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
        scope = replace(scope, paths=outermost(scope.paths))
    token = _active.set(scope)
    try:
        yield scope
    finally:
        _active.reset(token)


@contextmanager
def system_scope(reason: str) -> Iterator[Scope]:
    """See every row for a named reason; counted and logged, callers are listed in a guard."""
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
def guard_switched_off_for_negative_control() -> Iterator[None]:
    """Break the guard on purpose, so that a test can show that it would notice."""
    if not settings.TESTING:
        raise RuntimeError("only tests may switch the scope guard off")
    token = _guard_off.set(True)
    try:
        yield
    finally:
        _guard_off.reset(token)


def path_q(scope: Scope, *, column: str = "scope_path", reach: str = "below") -> Q:
    """Return the condition that keeps the rows of ``scope``; "above" adds the places above."""
    if scope.everything or _guard_off.get():
        return Q()
    if not scope.paths:
        return Q(pk__in=[])
    kept = Q()
    for path in scope.paths:
        kept |= Q(**{f"{column}__gte": path, f"{column}__lt": path_after(path)})
    if reach == "above":
        above = sorted({a for path in scope.paths for a in ancestors(path)})
        if above:
            kept |= Q(**{f"{column}__in": above})
    return kept


class ScopedQuery(Query):
    """A query that refuses raw fragments and a scope other than the one it was made in."""

    linli_scope: Scope | None = None

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        """Check once more at the moment the SQL is made."""
        if not _guard_off.get():
            check_same_scope(self.linli_scope)
            refuse_raw_fragments(self)
        return super().get_compiler(*args, **kwargs)


def check_same_scope(made_in: Scope | None) -> None:
    """Raise when a queryset made in one scope is run in another, or in none."""
    if made_in is not None and made_in != current_scope():
        raise NoScope("this queryset was made in another scope; make it where it is used")


def refuse_raw_fragments(query: Query) -> None:
    """Raise on RawSQL in annotations or on ``extra`` conditions."""
    parts: list[Any] = list(query.annotations.values())
    parts += [child for child in query.where.children]
    if query.extra_tables or query.extra or any(_has_raw(part) for part in parts):
        raise RawSqlRefused("RawSQL and extra() are not used on scoped tables")


def _has_raw(part: Any) -> bool:
    if isinstance(part, RawSQL | ExtraWhere):
        return True
    children: Iterable[Any] = getattr(part, "children", None) or ()
    sources = part.get_source_expressions() if hasattr(part, "get_source_expressions") else ()
    return any(_has_raw(child) for child in [*children, *sources] if child is not None)


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows of the active scope, and no way round it."""

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: hand-written SQL does not know the scope."""
        raise RawSqlRefused("raw() is not used on scoped tables")

    def extra(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: hand-written SQL does not know the scope."""
        raise RawSqlRefused("extra() is not used on scoped tables")

    def _same(self) -> None:
        if not _guard_off.get():
            check_same_scope(getattr(self.query, "linli_scope", None))

    def update(self, **kwargs: Any) -> int:
        """Update the rows of the scope; a row cannot be moved out of it this way."""
        self._same()
        if "scope_path" in kwargs and isinstance(kwargs["scope_path"], str):
            check_write(kwargs["scope_path"])
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows of the scope."""
        self._same()
        return super().delete()

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Insert rows after each one's place was checked."""
        made = list(objs)
        for one in made:
            check_write(one.scope_path)  # type: ignore[attr-defined]
        return super().bulk_create(made, *args, **kwargs)


class ScopedManager(models.Manager[M]):
    """Default and base manager of every scoped model."""

    use_in_migrations = False

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Return the rows of the active scope; raise when there is none."""
        query = ScopedQuery(self.model)
        rows = ScopedQuerySet(self.model, query=query, using=self._db, hints=self._hints)  # type: ignore[attr-defined]
        if _guard_off.get():
            return rows
        scope = current_scope()
        query.linli_scope = scope
        condition = path_q(scope, reach=getattr(self.model, "scope_reach", "below"))
        return rows.filter(condition) if condition else rows  # type: ignore[return-value]


def check_write(path: str) -> None:
    """Raise unless the active scope holds ``path``."""
    if _guard_off.get():
        return
    scope = current_scope()
    if not path:
        raise NoScope("a scoped row needs its scope_path")
    if not scope.holds(path):
        raise NotFound()


class ScopedForeignKey(models.ForeignKey[Any, Any]):
    """A foreign key between scoped tables: both ends of the join stay in the scope."""

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """Add the scope to the ON clause, whichever way the join goes."""
        if _guard_off.get():
            return None
        scope = current_scope()
        if scope.everything:
            return None
        where = self.model._meta.apps and models.sql.where.WhereNode()  # type: ignore[attr-defined]
        for model, name in ((self.remote_field.model, alias), (self.model, related_alias)):
            if name is not None and issubclass(model, ScopedModel):
                where.add(_alias_condition(model, name, scope), "AND")
        return where if where.children else None


def _alias_condition(model: type[models.Model], alias: str, scope: Scope) -> Any:
    column = model._meta.get_field("scope_path")
    where_type = models.sql.where.WhereNode  # type: ignore[attr-defined]
    target = column.get_col(alias, column)  # type: ignore[attr-defined]
    either = where_type(connector="OR")
    for path in scope.paths:
        both = where_type()
        both.add(column.get_lookup("gte")(target, path), "AND")  # type: ignore[misc]
        both.add(column.get_lookup("lt")(target, path_after(path)), "AND")  # type: ignore[misc]
        either.add(both, "OR")
    if getattr(model, "scope_reach", "below") == "above":
        above = sorted({a for path in scope.paths for a in ancestors(path)})
        if above:
            either.add(column.get_lookup("in")(target, above), "OR")  # type: ignore[misc]
    if not either.children:
        either.add(models.sql.where.NothingNode(), "OR")  # type: ignore[attr-defined]
    return either


class ScopedModel(models.Model):
    """A row about someone or somewhere: it knows the place it belongs to.

    ``scope_reach = "above"`` lets a post also see rows of the places above its own (the name of
    its community, the directory of its subdistrict).
    """

    scope_reach = "below"
    scope_path = PathField("范围", db_index=True, editable=False)

    objects: ScopedManager[Any] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Check the place, then write; a row out of scope is not found."""
        check_write(self.scope_path)
        if not self._state.adding and not kwargs.get("force_insert"):
            kwargs.setdefault("force_update", True)
            if not type(self).objects.filter(pk=self.pk).exists():
                raise NotFound()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row if it lies in the scope."""
        check_write(self.scope_path)
        return super().delete(*args, **kwargs)


def scoped_models() -> list[type[ScopedModel]]:
    """Return every concrete scoped model, for triggers, row-level security and tests."""
    from django.apps import apps

    return [m for m in apps.get_models() if issubclass(m, ScopedModel)]


def one_or_not_found(rows: models.QuerySet[M], **where: Any) -> M:
    """Return the one row, or say "not found" whether it is missing or out of scope."""
    found = rows.filter(**where).first()
    if found is None:
        raise NotFound()
    return found


__all__ = [
    "NoScope",
    "RawSqlRefused",
    "Refused",
    "Scope",
    "ScopedForeignKey",
    "ScopedManager",
    "ScopedModel",
    "ScopedQuerySet",
    "check_write",
    "current_scope",
    "guard_switched_off_for_negative_control",
    "one_or_not_found",
    "path_q",
    "scope_or_none",
    "scoped_models",
    "system_scope",
    "use_scope",
]
