"""The tasks that stand on the page of a record, with what can be done there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM
from linli.workbench.tasks.kinds import KINDS, ends_with_subject, has_no_page
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import Seat, holders, is_mine, still_holds
from linli.workbench.tasks.queries.tasks import days_left, open_tasks_about
from linli.workbench.tasks.rules import MAY_DISPATCH, SEES_CONFIDENTIAL
from linli.workbench.tasks.terms import TaskState


@dataclass(frozen=True)
class TaskOnPage:
    """One open task of a record as its page shows it, and what this post may do with it."""

    task: Task
    term: str
    who: str
    holders: str
    days: int | None
    is_mine: bool
    may_work: bool
    is_own_matter: bool
    taken_by: str
    ends_by_itself: bool

    @property
    def is_free(self) -> bool:
        """Can it be taken?"""
        return not self.taken_by


def tasks_on_page(record: models.Model, user: User) -> list[TaskOnPage]:
    """Return the open tasks that have no page of their own and stand on this record's."""
    rows = open_tasks_about(record).select_related("party", "place", "taken_by", "seat_place")
    return [_on_page(task, user) for task in rows if has_no_page(task.kind)]


def _on_page(task: Task, user: User) -> TaskOnPage:
    kind, role = KINDS[task.kind], current_scope().role
    dispatches = SEES_CONFIDENTIAL if task.confidential else MAY_DISPATCH
    mine = is_mine(task)
    seat = Seat(task.seat_role, task.seat_place)
    taken = task.state == TaskState.ACCEPTED and task.taken_by is not None
    taken = taken and still_holds(task.taken_by, task)
    return TaskOnPage(
        task=task,
        term=_(kind.term),
        who=task.party.name if task.party else seat.words,
        holders="、".join(holders(seat, task.excluded_users)),
        days=days_left(task),
        is_mine=mine,
        may_work=mine or role == SYSTEM or role in dispatches,
        is_own_matter=user.pk in task.excluded_users,
        taken_by=task.taken_by.name if taken and task.taken_by else "",
        ends_by_itself=ends_with_subject(task),
    )
