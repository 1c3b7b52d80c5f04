"""Reminding whoever has a task: a message to them, a line in the journal, once a day."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM
from linli.workbench.tasks import rules
from linli.workbench.tasks.actions.transition_checks import look_again, taker, write_task_journal
from linli.workbench.tasks.kinds import Reminder, tell_reminder
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import users_at
from linli.workbench.tasks.terms import UNFINISHED


def may_remind(*, task: Task) -> bool:
    """Whoever dispatches at its place, and may see it."""
    role = current_scope().role
    return role in (rules.SEES_CONFIDENTIAL if task.confidential else rules.MAY_DISPATCH) | {SYSTEM}


@action("task.remind", term=gettext_noop("催办"), may=may_remind, journal="task.reminded")
def remind_task(*, task: Task, by: User | None) -> Task:
    """Remind whoever has an unfinished task; a task is reminded of once a day."""
    look_again(task)
    if task.state not in UNFINISHED:
        words = {"state": task.get_state_display()}
        raise Refused("task.ended", _("这件事已经是“%(state)s”") % words, hint=_("不用再催"))
    people = _whom(task, by)
    day = today()
    if not rules.may_remind_again(last=task.reminded_on, today=day) or not _first(task):
        raise Refused("task.reminded", _("今天已经催过"), hint=_("明天还没办，再催一次"))
    task.refresh_from_db(fields=["reminded_on"])
    write_task_journal("task.reminded", task, by, to="、".join(user.name for user in people))
    tell_reminder(Reminder(task, tuple(people), by, f"task.remind:{task.pk}:{day}"))
    return task


def _whom(task: Task, by: User | None) -> list[User]:
    """Return who has taken it, else who sits where it belongs; nobody reminds themselves."""
    had = taker(task)
    everybody = [had] if had is not None else users_at(task)
    people = [user for user in everybody if user != by]
    if people:
        return people
    if everybody:
        raise Refused(
            "task.own", _("这件事就在您手上"), hint=_("办好了点“办好了”，不归您管可以转办")
        )
    raise Refused("task.nobody", _("这个岗位没有人，催不到谁"), hint=_("请先转办给有人的岗位"))


def _first(task: Task) -> bool:
    """Note the day, if nobody did today: of two who remind at once the database lets one."""
    day = today()
    rows = Task.objects.filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=day), pk=task.pk)
    return bool(rows.update(reminded_on=day, changed_at=timezone.now()))
