"""What threatens somebody's life: who must act hears at once, and it goes up by the minute."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.cases import rules
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.terms import DISPATCH, HANDLE
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.notices.actions import Recipient, send_notice
from linli.workbench.tasks.actions import mark_danger
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import danger_words, users_at, users_raised_to
from linli.workbench.tasks.terms import Danger

LONGEST_TOLD = 200  # characters of a text in a message


def tell_of_danger(case: Case, task: Task, by: User | None, *, raised: bool = False) -> None:
    """Tell whoever must act now, by night as well; a confidential one says nothing of itself."""
    since = timezone.now() - case.received_at
    if not task.danger or since > timedelta(hours=rules.TOLD_WITHIN_HOURS):
        return
    people = users_raised_to(task) if raised else users_at(task)
    if not people:
        return  # an empty post: the next one up sees its tasks
    what = _("保密事项") if case.confidential else f"{case.place}：{case.text[:LONGEST_TOLD]}"
    send_notice(
        key=f"danger:{case.pk}:{task.pk}:{task.level}",
        about=case,
        recipients=[Recipient(user.name, user=user) for user in people],
        subject=_("%(danger)s：请马上处理") % {"danger": Danger(task.danger).label},
        text=f"{danger_words(task.danger, task.danger_since)}。{what}",
        by=by,
        urgent=True,
        confidential=case.confidential,
    )


def change_danger(case: Case, danger: str, by: User | None) -> None:
    """Say what a case threatens now: its tasks become red or no longer are, and are told of."""
    case.danger = danger
    case.save(update_fields=["danger", "danger_by", "changed_at"])
    now = danger if case.is_danger else ""
    with system_scope("the tasks of a danger, whoever holds them"):
        tasks = mark_danger(
            about=case, kinds=(HANDLE, DISPATCH), danger=now, since=case.received_at, by=by
        )
        for task in tasks:
            tell_of_danger(case, task, by)
