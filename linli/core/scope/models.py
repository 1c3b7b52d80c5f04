"""What a scoped table looks like: its path, its manager and keys that stay inside the scope."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models.fields.reverse_related import ManyToOneRel, OneToOneRel
from django.db.models.sql.where import WhereNode

from linli.core.errors import NotFound
from linli.core.paths import PathField, path_after
from linli.core.scope.active import Scope, check_write, current_scope, is_guard_off
from linli.core.scope.queries import ScopedManager, knows_its_change

M = TypeVar("M", bound=models.Model)

FOLLOWS = ("equal", "below", "free")


def restriction(model: type[models.Model], alias: str) -> WhereNode | None:
    """Return the condition that keeps one joined table inside the active scope."""
    if is_guard_off() or not issubclass(model, ScopedModel):
        return None
    scope = current_scope()
    return None if scope.everything else _alias_condition(model, alias, scope)


def _alias_condition(model: type[ScopedModel], alias: str, scope: Scope) -> WhereNode:
    column: Any = model._meta.get_field("scope_path")
    target = column.get_col(alias, column)
    either = WhereNode(connector="OR")
    for path in scope.paths:
        both = WhereNode()
        both.add(column.get_lookup("gte")(target, path), "AND")
        both.add(column.get_lookup("lt")(target, path_after(path)), "AND")
        either.add(both, "OR")
    if model.scope_reach == "above" and scope.above:
        either.add(column.get_lookup("in")(target, scope.above), "OR")
    if not either.children:
        # No path sorts before the empty one: nothing joins, and the outer row stays.
        either.add(column.get_lookup("lt")(target, ""), "OR")
    return either


class _ReverseStaysInScope:
    """The join from the target of a key to the rows that point at it."""

    related_model: type[models.Model]

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """Keep the rows that point here inside the scope."""
        name = alias or related_alias
        return restriction(self.related_model, name) if name else None


class ScopedManyToOneRel(_ReverseStaysInScope, ManyToOneRel):
    """The other side of a ``ScopedForeignKey``."""


class ScopedOneToOneRel(_ReverseStaysInScope, OneToOneRel):
    """The other side of a ``ScopedOneToOneField``."""


class _StaysInScope:
    """A key between tables of which at least one is scoped: joins stay inside the scope.

    ``follows`` says how the row's path hangs on the path of the row it points at, and triggers
    hold it: "equal", "below" (the same or a place below, the default), or "free".
    """

    name: str
    model: type[models.Model]
    remote_field: Any

    def __init__(self, *args: Any, follows: str = "below", **kwargs: Any) -> None:
        if follows not in FOLLOWS:
            raise ValueError(f"follows: one of {', '.join(FOLLOWS)}")
        self.follows = follows
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave ``follows`` to the triggers: it changes no column."""
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"linli.core.scope.{type(self).__name__}", args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """Keep the joined table inside the scope, whichever way the join goes."""
        if alias is not None:
            return restriction(self.remote_field.model, alias)
        # Django trims the first join of an exclude(): what is left is this model's own table.
        return restriction(self.model, related_alias) if related_alias else None


class ScopedForeignKey(_StaysInScope, models.ForeignKey[Any, Any]):
    """A foreign key whose joins stay inside the scope."""

    rel_class = ScopedManyToOneRel


class ScopedOneToOneField(_StaysInScope, models.OneToOneField[Any, Any]):
    """A one-to-one key whose joins stay inside the scope."""

    rel_class = ScopedOneToOneRel


class ScopedModel(models.Model):
    """A row about someone or somewhere: it knows the place it belongs to.

    ``scope_reach = "above"`` lets a post also see rows of the places above its own (the name of
    its community, the directory of its subdistrict).
    """

    scope_reach: ClassVar[str] = "below"
    scope_path = PathField("范围", db_index=True, editable=False)

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        abstract = True
        # Django follows keys and refreshes rows by the base manager, past the default one.
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Check the place, then write; a row out of scope is not found."""
        check_write(self.scope_path)
        # Django would insert what it cannot update: a row that lies in another scope.
        if not self._state.adding and not kwargs.get("force_insert"):
            kwargs.setdefault("force_update", True)
            if not type(self).objects.filter(pk=self.pk).exists():
                raise NotFound()
        if kwargs.get("update_fields") is not None and knows_its_change(type(self)):
            # auto_now sets the column, but update_fields decides what is written.
            kwargs["update_fields"] = {*kwargs["update_fields"], "changed_at"}
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
    row = rows.filter(**where).first()
    if row is None:
        raise NotFound()
    return row
