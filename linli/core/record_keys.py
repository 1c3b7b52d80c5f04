"""Names of records that outlive the code: what is sealed names nothing by its class or its app.

A model's name is that of its class in small letters; one whose class was renamed keeps its old
name as ``record_name``. A guard keeps the names that were ever given.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder


def record_name(model: type[models.Model]) -> str:
    """Return what records of this model are called in seals ("person")."""
    return str(getattr(model, "record_name", model._meta.model_name))


def record_key(record: Any) -> str:
    """Return the key of a record ("person:41"), "" for what is none."""
    # By its own model: somebody who is signed in comes as a lazy object of another class.
    is_record = isinstance(record, models.Model)
    return f"{record_name(record._meta.model)}:{record.pk}" if is_record else ""


def model_words(label: str) -> str:
    """Return what people call records of a kind ("visits.Visit")."""
    return str(apps.get_model(label)._meta.verbose_name)


def is_key_of(key: str, label: str, pk: int | None) -> bool:
    """Is this the key of the record that a label and a number point at?

    The app of a label may have been uninstalled since: its migrations are still on record.
    """
    if not label or pk is None:
        return not key
    try:
        return key == f"{record_name(apps.get_model(label))}:{pk}"
    except LookupError:
        app, _dot, name = label.partition(".")
        once_installed = {one for one, _name in MigrationRecorder(connection).applied_migrations()}
        return key == f"{name}:{pk}" and app in once_installed
