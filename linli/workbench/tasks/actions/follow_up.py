"""The task that a note in the journal asks for: come back on a day."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.workbench.journal.follow_ups import FollowUp
from linli.workbench.tasks.actions.news import tell_news
from linli.workbench.tasks.actions.open import open_task
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import seat_for_record
from linli.workbench.tasks.terms import FOLLOW_UP, UNFINISHED


def open_follow_up_task(asked: FollowUp) -> Task:
    """Give the task to the post of the place; a confidential one to whoever knows of its record.

    Who must go back to the same resident anyway, as this worker asked, goes once, the earlier day.
    """
    standing = _standing(asked)
    if standing is not None:
        due = min(asked.on, standing.due_on or asked.on)
        return tell_news(task=standing, due_on=due, by=asked.by)
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


def _standing(asked: FollowUp) -> Task | None:
    if asked.is_confidential:
        return None
    kinds = [kind.key for kind in KINDS.values() if kind.comes_back]
    label = asked.about._meta.label_lower
    mine = Q(subject_kind=label, subject_id=asked.about.pk)
    if asked.person is not None and asked.by is not None:
        mine |= Q(person=asked.person, opened_by=asked.by)
    rows = Task.objects.filter(mine, kind__in=kinds, state__in=UNFINISHED, confidential=False)
    standing: Task | None = rows.order_by("due_on", "pk").first()
    return standing


def forget_follow_up_task(label: str, pk: int, note: str) -> list[Task]:
    """Take a note's words out of the tasks it asked for, and return these; that they were stays."""
    asked = Task.objects.filter(kind=FOLLOW_UP, subject_kind=label, subject_id=pk, note=note)
    tasks = list(asked)
    asked.update(title=_("（内容已删除）"), note="", result="")
    return tasks
