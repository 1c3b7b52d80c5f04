"""Whether what is declared of states is so: where somebody must act, a task is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from linli.core import autodiscover
from linli.core.scope import system_scope
from linli.core.states import EMPTY, MACHINES, Acts
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def rows_without_a_task() -> Iterator[str]:
    """Name the rows in whose state somebody must act and of which nobody has an open task.

    Where a state says of which rows that is not so (``but``), it is not looked at.
    """
    autodiscover.autodiscover("states")
    with system_scope("look"):
        for (label, field), meanings in MACHINES.items():
            model: Any = apps.get_model(label)
            for state, meaning in meanings.items():
                if isinstance(meaning, Acts) and not meaning.but:
                    assert state != EMPTY
                    for row in model.objects.filter(**{field: state}):
                        if not _has_task(row, meaning.task):
                            yield f"{label} {row.pk} {state}: no {meaning.task}"


def _has_task(row: models.Model, kind: str) -> bool:
    task = getattr(row, "task", None)
    if task is not None:
        return task.state in UNFINISHED
    about = {"subject_kind": row._meta.label_lower, "subject_id": row.pk}
    return bool(Task.objects.filter(kind=kind, state__in=UNFINISHED, **about).exists())
