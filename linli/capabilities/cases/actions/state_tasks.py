"""What a case's state asks for: a task of whoever must act now, ended when the case moves on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.confidentiality import title_of_task
from linli.capabilities.cases.actions.danger import tell_of_danger
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.cases import handlers_of
from linli.capabilities.cases.terms import ANSWER, DISPATCH, CaseState
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.tasks.actions import end_state_tasks, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED

KINDS = (DISPATCH, ANSWER)
LONGEST_NOTE = 500


def follow_state(case: Case, before: str, by: User | None, words: str = "") -> None:
    """End what the state before asked for and open what this one asks for.

    ``words`` say why it is to be done again: the resident's, or whoever sent it back.
    """
    if rules.task_of(state=before):
        end_state_tasks(
            about=case,
            kinds=KINDS,
            by=by,
            result=str(case.get_state_display()),
            # What was withdrawn or merged away was not handed out and not answered.
            done=case.state != CaseState.CLOSED,
        )
    open_state_task(case, by, words)


def follow_place(case: Case, by: User | None) -> None:
    """Give the task to the post of the place where the case is now."""
    end_state_tasks(about=case, kinds=KINDS, by=by, result=_("地点改了"), done=False)
    open_state_task(case, by)


def open_state_task(case: Case, by: User | None, words: str = "") -> None:
    """Give the task this state asks for to the post of the place."""
    kind = rules.task_of(state=case.state)
    if not kind:
        return
    secret = case.confidential
    task = open_task(
        kind=kind,
        about=case,
        place=case.place,
        by=by,
        title=title_of_task(case),
        # Tasks are listed for more posts than the case: a confidential one shows nothing there.
        note="" if secret else _note(case, words),
        confidential=secret,
        excluded=_handlers(case, kind),
        danger=case.danger if case.is_danger else "",
        danger_since=case.received_at,
    )
    tell_of_danger(case, task, by)


def _note(case: Case, words: str) -> str:
    if case.state == CaseState.HANDLED:
        done = case.handlings.filter(state="done", assigned_at__gte=case.assigned_at)
        return "\n".join(filter(None, done.order_by("pk").values_list("result", flat=True)))
    return "\n".join(filter(None, [words[:LONGEST_NOTE], case.text[:LONGEST_NOTE]]))


def _handlers(case: Case, kind: str) -> list[User]:
    """Return who may not look over and answer what they did themselves."""
    if kind != ANSWER or case.category is None or not case.category.needs_review:
        return []
    return list(User.objects.filter(pk__in=handlers_of(case)))


def open_missing_tasks() -> int:
    """Open the tasks of cases whose state asks for one and that have none; return how many.

    Cases of an installation older than these tasks have none.
    """
    opened = 0
    with system_scope("cases that wait for somebody, wherever they are"):
        for state in rules.TASK_OF_STATE:
            for pk in list(_without_task(state).values_list("pk", flat=True)):
                opened += _open_missing(pk, state)
    return opened


def _without_task(state: str) -> QuerySet[Case]:
    there = Task.objects.filter(
        subject_kind="cases.case", kind=rules.task_of(state=state), state__in=UNFINISHED
    )
    return Case.objects.filter(state=state).exclude(pk__in=there.values("subject_id"))


def _open_missing(pk: int, state: str) -> int:
    with transaction.atomic():
        # Under the lock: a step of this moment has opened it, or needs none any more.
        locked = Case.objects.select_for_update(of=("self",)).select_related("place", "category")
        case = locked.filter(pk__in=_without_task(state).filter(pk=pk).values("pk")).first()
        if case is None:
            return 0
        open_state_task(case, None)
        return 1
