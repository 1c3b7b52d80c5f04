"""The task that a note in the journal asks for: come back on a day."""

from __future__ import annotations

from linli.workbench.journal.follow_ups import FollowUp
from linli.workbench.tasks.actions.open import open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import seat_for_record

FOLLOW_UP = "journal.follow_up"


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
