"""Nobody is asked for what a form lacks of somebody who died or left."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.capabilities.form_filling.actions.answers import finish_when_done
from linli.capabilities.form_filling.models import OpenQuestion
from linli.capabilities.form_filling.terms import QuestionState
from linli.core.endings import Ending
from linli.workbench.tasks.actions import cancel_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def drop_questions(rows: QuerySet[OpenQuestion], ending: Ending) -> None:
    """Drop the questions; the task at the door goes on while anything else is asked there."""
    tasks = list(Task.objects.filter(pk__in=rows.values("task"), state__in=UNFINISHED))
    ending.remember(tasks, "tasks.Task")
    rows.update(state=QuestionState.DROPPED)
    for task in tasks:
        asked = OpenQuestion.objects.filter(task=task).exclude(state=QuestionState.DROPPED)
        if asked.exists():
            finish_when_done(task, ending.by)
        else:
            cancel_task(task=task, by=ending.by, reason=ending.reason)
