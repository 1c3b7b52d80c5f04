"""Names of records that outlive the code: what is sealed names nothing by its class or its app.

A model's name is that of its class in small letters; one whose class was renamed keeps its old
name as ``record_name``. A guard keeps the names that were ever given.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models


def record_name(model: type[models.Model]) -> str:
    """Return what records of this model are called in seals ("person")."""
    return str(getattr(model, "record_name", model._meta.model_name))


def record_key(record: Any) -> str:
    """Return the key of a record ("person:41"), "" for what is none."""
    return f"{record_name(type(record))}:{record.pk}" if isinstance(record, models.Model) else ""


def is_key_of(key: str, label: str, pk: int | None) -> bool:
    """Is this the key of the record that a label and a number point at?

    Of a model whose app is not installed only the number can be compared.
    """
    if not label or pk is None:
        return not key
    try:
        return key == f"{record_name(apps.get_model(label))}:{pk}"
    except LookupError:
        return key.rpartition(":")[2] == str(pk)
