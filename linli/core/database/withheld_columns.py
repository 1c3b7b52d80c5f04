"""Columns that the product's own role may not read on PostgreSQL: hashes of passwords.

A question that names such a column by mistake gets nothing in its place; by a statement of its own
PostgreSQL refuses it. Whoever needs the value reads the attribute, which asks for it as the owner.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from linli.core.database.row_security import as_owner, is_owner


class _ReadAsOwner(DeferredAttribute):
    """Reads the value when it is asked for, if the question that made the row did not get it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if instance.__dict__.get(name) is None and not instance._state.adding:
            with as_owner():
                rows = type(instance)._base_manager.filter(pk=instance.pk)
                instance.__dict__[name] = rows.values_list(name, flat=True).first()
        return instance.__dict__.get(name)

    def __set__(self, instance: Any, value: Any) -> None:
        # Without it the row's own value would be read past the reader.
        instance.__dict__[self.field.attname] = value


class WithheldCharField(models.CharField):  # type: ignore[type-arg]
    """A text that is only read as the owner of the tables; it is written by anybody."""

    is_withheld = True

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Put the reader in place of what an abstract class above may have put there."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _ReadAsOwner(self))

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Ask for nothing in its place, unless the owner asks."""
        connection = compiler.connection
        if connection.vendor != "postgresql" or is_owner(connection):
            return sql, params
        return "NULL", ()
