"""The task that a note in the journal asks for: come back on a day."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.workbench.journal.follow_ups import FollowUp
from linli.workbench.tasks.actions.open import open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import seat_for_record
from linli.workbench.tasks.terms import FOLLOW_UP


def open_follow_up_task(asked: FollowUp) -> Task:
    """Give the task to the post of the place; a confidential one to whoever knows of its record."""
    return open_task(
        kind=FOLLOW_UP,
        about=asked.about,
        place=asked.place,
        person=asked.person,
        by=asked.by,
        due_on=asked.on,
        title=asked.title,
        note=asked.note,
        seat=seat_for_record(asked.about, asked.place) if asked.is_confidential else None,
        confidential=asked.is_confidential,
    )


def forget_follow_up_task(label: str, pk: int, note: str) -> list[Task]:
    """Take a note's words out of the tasks it asked for, and return these; that they were stays."""
    asked = Task.objects.filter(kind=FOLLOW_UP, subject_kind=label, subject_id=pk, note=note)
    tasks = list(asked)
    asked.update(title=_("（内容已删除）"), note="", result="")
    return tasks
