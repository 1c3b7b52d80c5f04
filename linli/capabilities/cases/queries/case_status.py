"""Where matters stand, in the one set of words and on the one clock that every list shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Min, Q, QuerySet
from django.urls import reverse

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.cases import cases
from linli.capabilities.cases.terms import ANSWER, DISPATCH, HANDLE, IN_DANGER, CaseState
from linli.core.time import today
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import danger_words, tasks
from linli.workbench.tasks.terms import UNFINISHED

BEFORE_ANSWER = ("received", "assigned", "accepted", "in_hand", "handled")


def is_late() -> Q:
    """Return what makes a case late: its day is over and nobody has answered it yet."""
    return Q(state__in=BEFORE_ANSWER, due_on__lt=today())


def where_they_stand(keys: Collection[int]) -> dict[int, str]:
    """Return the states of those cases that this post may see, in words."""
    rows = cases().filter(pk__in=keys).values_list("pk", "state")
    return {pk: str(CaseState(state).label) for pk, state in rows}


def page_of_task(task: Task) -> str:
    """Return where a share is finished: on the page of its case, if this post may see that."""
    if task.subject_id not in where_they_stand([task.subject_id]):
        return ""
    return f"{reverse('cases:finish', args=[task.subject_id])}?task={task.pk}"


def days_left(shown: Iterable[Case]) -> dict[int, int]:
    """Return how many days each case has left: the day of the step that is asked for now.

    It is the clock of the tasks that this post sees, and else the day of the case itself; the
    inbox, the list and the page of a case all show this one.
    """
    known = list(shown)
    day = today()
    steps = dict(
        tasks()
        .filter(
            subject_kind="cases.case",
            subject_id__in=[case.pk for case in known],
            kind__in=(HANDLE, DISPATCH, ANSWER),
            state__in=UNFINISHED,
            due_on__isnull=False,
        )
        .values_list("subject_id")
        .annotate(due=Min("due_on"))
        .order_by()
    )
    due = {case.pk: steps.get(case.pk) or case.due_on for case in known}
    waiting = {case.pk for case in known if case.state in BEFORE_ANSWER}
    return {pk: (on - day).days for pk, on in due.items() if on is not None and pk in waiting}


def is_danger(case: Case) -> bool:
    """Does a case threaten somebody's life now?"""
    return case.is_danger


def open_dangers() -> QuerySet[Case]:
    """Return the dangers this post may see that are not dealt with, the oldest first."""
    return cases().filter(~Q(danger=""), state__in=IN_DANGER).order_by("received_at", "pk")


def danger_of_case(case: Case) -> str:
    """Say of a danger what it is and since when; nothing once it is dealt with."""
    return danger_words(case.danger, case.received_at) if case.is_danger else ""
