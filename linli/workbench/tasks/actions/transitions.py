"""What people do with a task: accept, refuse, hand over, finish, take back, cancel."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.people.actions import record_contact, take_contacts_back
from linli.register.people.terms import ContactChannel
from linli.register.posts.models import User
from linli.workbench.tasks import rules
from linli.workbench.tasks.actions.reseat import reseat
from linli.workbench.tasks.actions.transition_checks import (
    check_not_excluded,
    claim,
    look_again,
    may_work_on,
    taken_by_another,
    taker,
    words_given,
    write_task_journal,
)
from linli.workbench.tasks.kinds import (
    KINDS,
    ends_with_subject,
    is_taken_back_here,
    tell_listeners,
    withheld,
)
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat, holders, seat_up
from linli.workbench.tasks.queries.seats import by_hand
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent, TaskState


@action("task.accept", term=gettext_noop("接办"), may=may_work_on, journal="task.accepted")
def accept_task(*, task: Task, by: User | None) -> Task:
    """Take a task: of two who tap at once, one gets it; what a leaver had taken is free."""
    look_again(task)
    check_not_excluded(task, by)
    is_free = task.state == TaskState.OPEN or taker(task) is None
    claim(
        task,
        UNFINISHED if is_free else (TaskState.OPEN,),
        state=TaskState.ACCEPTED,
        taken_by=by,
        taken_at=timezone.now(),
    )
    write_task_journal("task.accepted", task, by)
    tell_listeners(task, TaskEvent.ACCEPTED, by)
    return task


@action("task.refuse", term=gettext_noop("退回"), may=may_work_on, journal="task.refused")
def refuse_task(*, task: Task, by: User | None, reason: str) -> Task:
    """Send a task back with the reason; it goes to the next post up, and its deadline stays."""
    why = words_given(reason, "task.reason", "reason", _("请写明退回的理由"))
    look_again(task)
    taken_by_another(task, by)
    changes: dict[str, Any] = {"refused_times": task.refused_times + 1, "taken_by": None}
    if KINDS[task.kind].refusal_goes_back:
        changes |= {"state": TaskState.REFUSED, "ended_by": by, "ended_at": timezone.now()}
        changes["result"] = why
    else:
        changes |= {"state": TaskState.OPEN, **_one_up(task)}
    claim(task, UNFINISHED, **changes)
    write_task_journal("task.refused", task, by, why)
    tell_listeners(task, TaskEvent.REFUSED, by)
    return task


def _one_up(task: Task) -> dict[str, Any]:
    above = None
    if task.seat_role:
        above = seat_up(
            task.seat_role, task.place, confidential=task.confidential, excluded=task.excluded_users
        )
    if above is None or above.place is None:
        raise Refused("task.no_one_above", _("上面没有可以退回的岗位"), hint=_("请转办给别的岗位"))
    # Whoever sent it back does not get it again when their post is filled anew.
    return {"is_gap": False, "missing_role": "", "chosen_place": None} | {
        "seat_role": above.role,
        "seat_place": above.place,
    }


@action("task.hand_over", term=gettext_noop("转办"), may=may_work_on, journal="task.handed_over")
def hand_over_task(*, task: Task, by: User | None, seat: Seat, reason: str) -> Task:
    """Give a task to another post that covers the place; its deadline stays."""
    why = words_given(reason, "task.reason", "reason", _("请写明转办的原因"))
    look_again(task)
    taken_by_another(task, by)
    # The new seat must cover the place, or its holder could not see the task (decision 0011).
    if seat.place is None or not task.place.path.startswith(seat.place.path):
        raise Refused("task.elsewhere", _("这个岗位不管这个地方"), "seat", _("请选管到这里的岗位"))
    # A title cannot be masked: whoever may not know what it tells does not get the task.
    if withheld(Task.objects.filter(pk=task.pk), seat.role):
        sentence = _("这条待办里有%(seat)s不能看的信息") % {"seat": seat.words}
        hint = _("请转给能看的岗位，或另开一条不写缘由的待办")
        raise Refused("task.not_for_them", sentence, "seat", hint)
    if not holders(seat, task.excluded_users):
        sentence = _("%(seat)s没有人能办这件事") % {"seat": seat.words}
        raise Refused("task.nobody_there", sentence, "seat", _("请选有人的岗位"))
    claim(
        task,
        UNFINISHED,
        state=TaskState.OPEN,
        taken_by=None,
        seat_role=seat.role,
        seat_place=seat.place,
        chosen_place=by_hand(seat, seat, task.place),
        is_gap=False,
        missing_role="",
    )
    write_task_journal("task.handed_over", task, by, why, to=seat.words)
    tell_listeners(task, TaskEvent.HANDED_OVER, by)
    return task


@action("task.finish", term=gettext_noop("办结"), may=may_work_on, journal="task.done")
def finish_task(*, task: Task, by: User | None, result: str = "", contact: str = "") -> Task:
    """Say that a task is done and what came of it, and how its person was reached, if they were."""
    if contact and contact not in ContactChannel.values:
        raise Refused("task.contact", _("请选怎么联系的"), "contact")
    # A result may be empty, unlike a reason: only its length is checked.
    if len(result) > rules.LONGEST_WORDS:
        words_given(result, "task.result", "result", "")
    _only_by_hand(task)
    look_again(task)
    check_not_excluded(task, by)
    taken_by_another(task, by)
    had, moment = taker(task), timezone.now()
    claim(
        task,
        UNFINISHED,
        state=TaskState.DONE,
        result=result.strip(),
        ended_by=by,
        ended_at=moment,
        # Whoever finishes it has taken it: after an undo the task is theirs.
        taken_by=had or by,
        taken_at=task.taken_at if had else moment,
    )
    write_task_journal("task.done", task, by, result.strip())
    # A confidential task leaves no trace on the person's page.
    if contact and task.person is not None and not task.confidential:
        record_contact(
            person=task.person, channel=contact, on=today(), by=by, step=f"task.finish:{task.pk}"
        )
    tell_listeners(task, TaskEvent.DONE, by)
    return task


def _only_by_hand(task: Task) -> None:
    """Refuse to end what ends by itself when its subject moves on: else nobody would act there."""
    if ends_with_subject(task):
        raise Refused(
            "task.ends_with_subject",
            _("这件待办要在它自己的页面上办"),
            hint=_("打开“去办理”；那边办了，这条待办随之办结"),
        )


@action("task.reopen", term=gettext_noop("撤销办结"), may=may_work_on, journal="task.reopened")
def reopen_task(*, task: Task, by: User | None) -> Task:
    """Take back that a task is done, when the wrong button was tapped."""
    if not is_taken_back_here(task):
        raise Refused("task.cannot_reopen", _("这件事要在它自己的页面上重开"))
    look_again(task)
    check_not_excluded(task, by)
    claim(
        task,
        (TaskState.DONE,),
        state=TaskState.ACCEPTED if task.taken_by else TaskState.OPEN,
        result="",
        ended_by=None,
        ended_at=None,
    )
    take_contacts_back(f"task.finish:{task.pk}", by)
    write_task_journal("task.reopened", task, by)
    # Who holds the posts may have changed while it was done.
    reseat(Q(pk=task.pk), by=by)
    task.refresh_from_db()
    tell_listeners(task, TaskEvent.REOPENED, by)
    return task


@action("task.cancel", term=gettext_noop("取消待办"), may=may_work_on, journal="task.cancelled")
def cancel_task(*, task: Task, by: User | None, reason: str) -> Task:
    """End a task that need not be done any more, with the reason."""
    why = words_given(reason, "task.reason", "reason", _("请写明取消的原因"))
    _only_by_hand(task)
    look_again(task)
    check_not_excluded(task, by)
    claim(
        task,
        UNFINISHED,
        state=TaskState.CANCELLED,
        result=why,
        ended_by=by,
        ended_at=timezone.now(),
    )
    write_task_journal("task.cancelled", task, by, why)
    tell_listeners(task, TaskEvent.CANCELLED, by)
    return task
