"""Tasks about somebody or something that has ended: they end with it, or go on elsewhere."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.core.endings import PERSON, Ending
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.tasks.actions.reseat import reseat
from linli.workbench.tasks.actions.transition_checks import write_task_journal
from linli.workbench.tasks.actions.transitions import cancel_task
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def end_tasks(rows: QuerySet[Task], ending: Ending) -> None:
    """End the tasks about it with its reason, but for those that go on without it."""
    for task in rows.select_related("place", "person"):
        kind = KINDS.get(task.kind)
        # What a state of a case or a form asks for ends with that state alone.
        goes_on = kind is not None and (kind.ends_with_subject or ending.kind in kind.outlives)
        if not goes_on:
            cancel_task(task=task, by=ending.by, reason=ending.reason)


def hand_on_or_end_tasks(rows: QuerySet[Task], ending: Ending) -> None:
    """What is about a place that went into another is about that one now; else it ends."""
    if ending.into is None:
        end_tasks(rows, ending)
    else:
        rows.filter(subject_kind=ending.kind).update(subject_id=ending.into.pk)


def hand_on_seats(rows: QuerySet[Task], ending: Ending) -> None:
    """A seat at a place that went into another is at that one now."""
    if ending.into is not None:
        for column in ("seat_place", "raised_place", "chosen_place"):
            rows.filter(**{column: ending.key}).update(**{column: ending.into})


def follow_moved_person(key: int, by: User | None) -> None:
    """Take open tasks about somebody who moved to their new door."""
    person = Person.objects.select_related("home").get(pk=key)
    about = Task.objects.filter(subject_kind=PERSON, subject_id=key)
    take_along(about, person.home, by)


def take_along(rows: QuerySet[Task], place: Place, by: User | None) -> None:
    """Take open tasks to another place, and to the seat that answers for it."""
    elsewhere = rows.filter(state__in=UNFINISHED).exclude(place=place)
    keys = list(elsewhere.values_list("pk", flat=True))
    Task.objects.filter(pk__in=keys).update(place=place, scope_path=place.path)
    reseat(Q(pk__in=keys), by=by)


def note_reopened(rows: QuerySet[Task], by: User | None) -> None:
    """Say of tasks that ended by mistake that they are open again."""
    for task in rows.select_related("place", "person"):
        write_task_journal("task.reopened", task, by, _("登记已撤销，重新办理"))


def take_back_tasks(rows: QuerySet[Task], by: User | None) -> None:
    """Cancel the tasks that only a mistaken ending had opened."""
    for task in rows.filter(state__in=UNFINISHED).select_related("place", "person"):
        cancel_task(task=task, by=by, reason=_("登记已撤销"))
