"""Rows of the active scope: the query, the queryset and the manager of every scoped model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models.sql import Query
from django.utils import timezone

from linli.core.scope.active import (
    NoScope,
    RawSqlRefused,
    Scope,
    check_write,
    current_scope,
    is_guard_off,
    path_q,
)

M = TypeVar("M", bound=models.Model)


class ScopedQuery(Query):
    """A query that remembers the scope it was made in."""

    linli_scope: Scope | None = None


def check_same_scope(query: Query) -> None:
    """Raise when a query made in one scope is used in another, or in none."""
    made_in = getattr(query, "linli_scope", None)
    if made_in is not None and not is_guard_off() and made_in != current_scope():
        raise NoScope("this queryset was made in another scope; make it where it is used")


def knows_its_change(model: type[models.Model]) -> bool:
    """Does a row say when it was changed? Snapshots and phones ask what is new since then."""
    return any(field.name == "changed_at" for field in model._meta.concrete_fields)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows of the active scope, and no way round it."""

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: hand-written SQL does not know the scope."""
        if is_guard_off():
            return super().raw(*args, **kwargs)
        raise RawSqlRefused("raw() is not used on scoped tables")

    def extra(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: hand-written SQL does not know the scope."""
        if is_guard_off():
            return super().extra(*args, **kwargs)
        raise RawSqlRefused("extra() is not used on scoped tables")

    # Rows that were read in one scope are not handed out in another, even from memory.

    def _fetch_all(self) -> None:
        check_same_scope(self.query)
        super()._fetch_all()

    def __getitem__(self, wanted: Any) -> Any:
        check_same_scope(self.query)
        return super().__getitem__(wanted)

    def count(self) -> int:
        """Count the rows of the scope."""
        check_same_scope(self.query)
        return super().count()

    def exists(self) -> bool:
        """Is there a row in the scope?"""
        check_same_scope(self.query)
        return super().exists()

    def _own(self) -> ScopedQuerySet[M]:
        """Leave out the rows above the scope: they may be read, never changed."""
        check_same_scope(self.query)
        if getattr(self.model, "scope_reach", "below") == "below" or is_guard_off():
            return self
        return self.filter(path_q(current_scope()))

    def update(self, **kwargs: Any) -> int:
        """Update rows of the scope; a row cannot be moved out of it this way."""
        if "scope_path" in kwargs:
            _check_new_path(kwargs["scope_path"])
        if knows_its_change(self.model):
            # auto_now does nothing on update().
            kwargs.setdefault("changed_at", timezone.now())
        return super(ScopedQuerySet, self._own()).update(**kwargs)

    # save() comes in here, past update().
    def _update(self, values: Sequence[tuple[Any, Any, Any]]) -> int:
        for field, _, value in values:
            if field.attname == "scope_path":
                _check_new_path(value)
        return super(ScopedQuerySet, self._own())._update(values)  # type: ignore[misc, no-any-return]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows of the scope."""
        return super(ScopedQuerySet, self._own()).delete()

    # save() comes in here; bulk_create() checks by itself as well, before it splits its rows.
    def _insert(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> Any:
        rows = list(objs)
        for row in rows:
            check_write(row.scope_path)  # type: ignore[attr-defined]
        return super()._insert(rows, *args, **kwargs)  # type: ignore[misc]

    def bulk_create(
        self, objs: Iterable[M], *args: Any, update_conflicts: bool = False, **kwargs: Any
    ) -> list[M]:
        """Insert rows after each one's place was checked; never overwrite a row on conflict."""
        if update_conflicts and not is_guard_off() and not current_scope().everything:
            # The row in the way may be another scope's: an upsert would change it unseen.
            raise NoScope("bulk_create(update_conflicts=True) could change rows of another scope")
        rows = list(objs)
        for row in rows:
            check_write(row.scope_path)  # type: ignore[attr-defined]
        kwargs["update_conflicts"] = update_conflicts
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], *args: Any, **kw: Any) -> int:
        """Update rows after each one's place was checked; paths change one scope at a time."""
        rows, named = list(objs), list(fields)
        if knows_its_change(self.model) and "changed_at" not in named:
            named.append("changed_at")
        for row in rows:
            check_write(row.scope_path)  # type: ignore[attr-defined]
            if "changed_at" in named:
                row.changed_at = timezone.now()  # type: ignore[attr-defined]
        return super().bulk_update(rows, named, *args, **kw)


def _check_new_path(value: Any) -> None:
    if isinstance(value, str):
        check_write(value)
    elif not is_guard_off() and not current_scope().everything:
        # An expression is worked out by the database: only the system may move rows that way.
        raise NoScope("scope_path is set to a value, not to an expression")


class ScopedManager(models.Manager[M]):
    """Default and base manager of every scoped model."""

    use_in_migrations = False

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Return the rows of the active scope; raise when there is none."""
        query = ScopedQuery(self.model)
        rows: ScopedQuerySet[M] = ScopedQuerySet(
            self.model,
            query=query,
            using=self._db,
            hints=self._hints,  # type: ignore[attr-defined]
        )
        if is_guard_off():
            return rows
        scope = current_scope()
        query.linli_scope = scope
        condition = path_q(scope, reach=getattr(self.model, "scope_reach", "below"))
        return rows.filter(condition) if condition else rows
