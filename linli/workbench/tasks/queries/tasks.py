"""Which tasks there are: of a subject, of the active post."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse

from linli.core.interface.registry import record_address
from linli.core.scope import current_scope, one_or_not_found
from linli.core.time import today, working_days_between
from linli.register.posts.permits import SYSTEM
from linli.workbench.tasks.kinds import KINDS, described, withheld
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.calendar import calendar
from linli.workbench.tasks.queries.seats import my_places
from linli.workbench.tasks.rules import SEES_ALL_TASKS, SEES_CONFIDENTIAL
from linli.workbench.tasks.terms import UNFINISHED


def tasks() -> QuerySet[Task]:
    """Return the tasks this post may see.

    Who gives care sees all of the place; a property manager or the lead of a stairwell only what
    was given to their own post: the title of a visit already says what somebody needs. What is
    confidential is seen by its own post and by who leads here.
    """
    rows: QuerySet[Task] = Task.objects.all()
    role = current_scope().role
    if role in SEES_CONFIDENTIAL or role == SYSTEM:
        return rows
    own = Q(seat_role=role, seat_place_id__in=my_places())
    if role in SEES_ALL_TASKS:
        return rows.filter(own | Q(confidential=False))
    return known_to(rows.filter(own), role)


def known_to(rows: QuerySet[Task], role: str) -> QuerySet[Task]:
    """Leave out the tasks whose title would tell a role what it may not know."""
    kept_back = withheld(rows, role)
    return rows.exclude(pk__in=kept_back) if kept_back else rows


def hidden_tasks() -> QuerySet[Task] | None:
    """Return the tasks of the scope that this post may not see; None when it sees all."""
    role = current_scope().role
    if role in SEES_CONFIDENTIAL or role == SYSTEM:
        return None
    return Task.objects.exclude(pk__in=tasks().values("pk"))


def task_or_not_found(pk: int) -> Task:
    """Return one task of this post, or say that there is none."""
    return one_or_not_found(
        tasks().select_related(
            "place", "person", "party", "seat_place", "taken_by", "raised_place"
        ),
        pk=pk,
    )


def tasks_about(record: models.Model) -> QuerySet[Task]:
    """Return the tasks about a record, the open ones first."""
    rows = tasks().filter(subject_kind=record._meta.label_lower, subject_id=record.pk)
    return rows.select_related("place", "taken_by", "seat_place").order_by("-opened_at")


def open_tasks_about(record: models.Model) -> QuerySet[Task]:
    """Return the unfinished tasks about a record, what is due first on top."""
    return tasks_about(record).filter(state__in=UNFINISHED).order_by("due_on", "pk")


def days_left(task: Task) -> int | None:
    """Return how many days are left; below none it is so many days late: the one clock shown."""
    return (task.due_on - today()).days if task.due_on else None


def page_of_subject(task: Task) -> str:
    """Return the page on which a task stands and is done, "" when it has a page of its own.

    Whoever may see a task and not its subject finds it on its own page.
    """
    return page_of(
        task.kind, task.subject_kind, task.subject_id, described(task.kind, [task.subject_id])
    )


def page_of(kind: str, subject_kind: str, subject_id: int, known: Collection[int]) -> str:
    """Return the page of a subject, if it is one of those known and of the kind that page shows."""
    if subject_id not in known:
        return ""
    there = reverse(KINDS[kind].url_name, args=[subject_id])
    return there if there == record_address(subject_kind, subject_id) else ""


def days_late(task: Task) -> int:
    """Return how many working days a task is late; 0 when it is not."""
    if task.due_on is None or task.state not in UNFINISHED or task.due_on >= today():
        return 0
    return working_days_between(task.due_on, today(), calendar())
