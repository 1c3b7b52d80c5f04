"""Something new about what a task is for: the task says it, instead of a second one beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks import rules
from linli.workbench.tasks.actions.open import MOST_IN_TITLE
from linli.workbench.tasks.actions.transition_checks import write_task_journal
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED

may_tell = role_in(rules.MAY_WORK)


@action("task.tell_news", term=gettext_noop("待办有新情况"), may=may_tell, journal="task.news")
def tell_news(*, task: Task, due_on: date, by: User | None, title: str = "") -> Task:
    """Give an unfinished task a new day and, where given, a new title; who has it keeps it."""
    was = task.due_on
    changes = {"title": title.strip()[:MOST_IN_TITLE]} if title else {}
    Task.objects.filter(pk=task.pk, state__in=UNFINISHED).update(
        due_on=due_on, counted_days=None, changed_at=timezone.now(), **changes
    )
    task.refresh_from_db()
    write_task_journal("task.news", task, by, was=str(was or ""), due=str(due_on))
    return task


@action(
    "task.set_danger", term=gettext_noop("待办标为危险"), may=may_tell, journal="task.danger_set"
)
def mark_danger(
    *, about: models.Model, kinds: Collection[str], danger: str, since: datetime, by: User | None
) -> list[Task]:
    """Say of the unfinished tasks about a record that they are a danger, or no longer one."""
    rows = Task.objects.filter(
        subject_kind=about._meta.label_lower,
        subject_id=about.pk,
        kind__in=kinds,
        state__in=UNFINISHED,
    )
    rows.update(danger=danger, danger_since=since if danger else None, changed_at=timezone.now())
    write_journal("task.danger_set", about=about, data={"danger": danger}, by=by)
    return list(rows.select_related("seat_place", "raised_place", "place"))
