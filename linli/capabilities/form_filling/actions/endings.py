"""Nobody is asked for what a form lacks of somebody who died or left."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.form_filling.actions.answers import finish_when_done
from linli.capabilities.form_filling.models import OpenQuestion
from linli.capabilities.form_filling.terms import ASK, QuestionState
from linli.core.endings import Ending
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.tasks.actions import cancel_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def drop_questions(rows: QuerySet[OpenQuestion], ending: Ending) -> None:
    """Drop the questions; the task at the door goes on while anything else is asked there."""
    tasks = list(Task.objects.filter(pk__in=rows.values("task"), state__in=UNFINISHED))
    ending.remember(tasks, "tasks.Task")
    rows.update(state=QuestionState.DROPPED)
    for task in tasks:
        _end_when_nothing_is_asked(task, ending.reason, ending.by)


def _end_when_nothing_is_asked(task: Task, reason: str, by: User | None) -> None:
    asked = OpenQuestion.objects.filter(task=task).exclude(state=QuestionState.DROPPED)
    if asked.exists():
        finish_when_done(task, by)
    else:
        cancel_task(task=task, by=by, reason=reason)


def ask_at_new_door(person: int, by: User | None) -> None:
    """Ask somebody who moved at their new door; the old one is asked only what is left there."""
    home = Person.objects.select_related("home").get(pk=person).home
    rows = OpenQuestion.objects.filter(person=person, state=QuestionState.OPEN)
    rows = rows.exclude(place=home)
    tasks = list(rows.filter(task__isnull=False).values_list("task", flat=True))
    for before in Task.objects.filter(pk__in=tasks, state__in=UNFINISHED):
        mine = rows.filter(task=before)
        task = open_task(
            kind=ASK,
            about=home,
            place=home,
            by=by,
            due_on=before.due_on,
            title=_("问%(n)d项：%(title)s") % {"n": mine.count(), "title": mine[0].title},
            note="、".join(dict.fromkeys(mine.values_list("question", flat=True))),
        )
        mine.update(task=task, place=home, scope_path=home.path)
        _end_when_nothing_is_asked(before, _("居民已搬家"), by)
    rows.update(place=home, scope_path=home.path)
