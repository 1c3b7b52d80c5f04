"""The tasks that the state of a record asks for: they open and end with it, by any door."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.core.actions import action
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.tasks.actions.open import may_open
from linli.workbench.tasks.actions.transition_checks import claim, look_again, write_task_journal
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED, TaskState


@action(
    "task.end_with_subject",
    term=gettext_noop("待办随事项办结"),
    may=may_open,
    journal="task.ended_with_subject",
)
def end_with_subject(*, task: Task, by: User | None, result: str, done: bool = True) -> Task:
    """End a task because its subject moved on: done, or needed no more; ``result`` says how."""
    look_again(task)
    state = TaskState.DONE if done else TaskState.CANCELLED
    claim(task, UNFINISHED, state=state, result=result, ended_by=by, ended_at=timezone.now())
    write_task_journal("task.ended_with_subject", task, by, result)
    return task


def end_state_tasks(
    *, about: models.Model, kinds: Collection[str], by: User | None, result: str, done: bool = True
) -> int:
    """End the open tasks of these kinds about a record; return how many."""
    # Whoever moves the record on need not sit where its task lies.
    with system_scope("the tasks of a state end with it, whoever holds them"):
        tasks = list(
            Task.objects.filter(
                subject_kind=about._meta.label_lower,
                subject_id=about.pk,
                kind__in=kinds,
                state__in=UNFINISHED,
            )
        )
        for task in tasks:
            end_with_subject(task=task, by=by, result=result, done=done)
    return len(tasks)
