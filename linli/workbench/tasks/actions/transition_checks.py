"""What every transition of a task checks: who may, who was first, what the journal says."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.actions import write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM
from linli.workbench.journal.hash_chain import one_writer
from linli.workbench.tasks import rules
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import is_mine, still_holds
from linli.workbench.tasks.terms import TaskState


def may_work_on(*, task: Task) -> bool:
    """The post it belongs to, or somebody who dispatches at that place and may see it."""
    role = current_scope().role
    dispatches = rules.SEES_CONFIDENTIAL if task.confidential else rules.MAY_DISPATCH
    return role == SYSTEM or role in dispatches or is_mine(task)


def _subject(task: Task) -> models.Model | None:
    try:
        model: Any = apps.get_model(task.subject_kind)
    except LookupError:
        return None
    subject: models.Model | None = model.objects.filter(pk=task.subject_id).first()
    return subject


def write_task_journal(
    kind: str,
    task: Task,
    by: User | None,
    text: str = "",
    subject: models.Model | None = None,
    **data: Any,
) -> None:
    """Write what happened to a task on its own page and on those of its subject and person."""
    # A confidential task leaves no trace on the person's page, which more people read.
    person = None if task.confidential else task.person
    also = [record for record in (subject or _subject(task), person) if record is not None]
    line = f"{task.title}：{text}" if text else task.title
    write_journal(kind, about=task, also=also, text=line, data=data, by=by)


def words_given(text: str, code: str, field: str, ask: str) -> str:
    """Return what somebody must say, or say that it is missing or too long."""
    stripped = text.strip()
    if len(stripped) < rules.SHORTEST_REASON:
        raise Refused(code, ask, field)
    if len(stripped) > rules.LONGEST_WORDS:
        figures = {"most": rules.LONGEST_WORDS, "now": len(stripped)}
        raise Refused(f"{code}_long", _("最多%(most)s字，现在%(now)s字") % figures, field)
    return stripped


# What is decided by: read anew before a verb, for the page it came from may be hours old.
_DECIDES = (
    "state",
    "taken_by",
    "taken_at",
    "refused_times",
    "seat_role",
    "seat_place",
    "is_gap",
    "missing_role",
    "excluded_users",
)


def look_again(task: Task) -> None:
    """Read where a task stands now, when nobody else can move it any more."""
    one_writer()
    task.refresh_from_db(fields=_DECIDES)


def check_not_excluded(task: Task, by: User | None) -> None:
    """Refuse to let somebody do what is about their own work."""
    if by is None or by.pk not in task.excluded_users:
        return
    raise Refused(
        "task.own_matter",
        _("这件事要由别人办：它问的就是您自己办的事"),
        hint=_("同一岗位的别人会看到它；没有别人时由上一级办"),
    )


def taker(task: Task) -> User | None:
    """Return who has taken a task and still sits where it can be done; a leaver does not count."""
    if task.state != TaskState.ACCEPTED or task.taken_by is None:
        return None
    user: User = task.taken_by
    return user if still_holds(user, task) else None


def taken_by_another(task: Task, by: User | None) -> None:
    """Refuse what another has taken, unless whoever dispatches here does it."""
    other = taker(task)
    dispatches = current_scope().role in rules.MAY_DISPATCH | {SYSTEM}
    if other is None or other == by or dispatches:
        return
    raise Refused(
        "task.taken",
        _("这件事%(name)s已经接办") % {"name": other.name},
        hint=_("请和本人商量，或请社区转办"),
    )


def claim(task: Task, states: tuple[str, ...], **changes: Any) -> None:
    """Change a task only if it still stands, and with whom, where it was read to stand.

    The database decides who is first.
    """
    changed = 0
    if task.state in states:
        stands = Task.objects.filter(pk=task.pk, state=task.state, taken_by=task.taken_by_id)
        changed = stands.update(**changes, changed_at=timezone.now())
    task.refresh_from_db()
    if changed:
        return
    if task.state == TaskState.ACCEPTED and task.taken_by is not None:
        words = {"name": task.taken_by.name}
        raise Refused("task.taken", _("这件事%(name)s已经接办") % words, hint=_("刷新后可看到进展"))
    raise Refused(
        "task.ended",
        _("这件事已经是“%(state)s”") % {"state": task.get_state_display()},
        hint=_("刷新后可看到结果"),
    )
