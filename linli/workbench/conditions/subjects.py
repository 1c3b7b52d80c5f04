"""What a question is about, as a model of the database."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from linli.core.fields import Subject


def model_of(subject: Subject) -> Any:
    """Return the model of a subject."""
    return apps.get_model(subject.model)
