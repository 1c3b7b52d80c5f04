"""A case is handed out, taken up, sent back, done and looked over: each party has its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.confidentiality import title_of_task
from linli.capabilities.cases.actions.danger import tell_of_danger
from linli.capabilities.cases.actions.permits import may_dispatch
from linli.capabilities.cases.actions.transitions import required_text, step, write_case_journal
from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.queries.cases import handlers_of
from linli.capabilities.cases.terms import (
    ACTIVE_HANDLINGS,
    HANDLE,
    WORKING,
    CaseState,
    HandlingState,
)
from linli.core.actions import action
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import add_working_days, today
from linli.register.parties.models import Party
from linli.register.posts.models import User
from linli.workbench.tasks.actions import may_work_on, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat, calendar
from linli.workbench.tasks.queries.seats import seat_of_role
from linli.workbench.tasks.terms import TaskEvent


@dataclass(frozen=True)
class Share:
    """One party's share: a post, or an organisation that a post keeps an eye on; its own day."""

    seat: Seat | None = None
    party: Party | None = None
    due_on: date | None = None


def usual_seat(case: Case) -> Seat:
    """Return the post that answers for this kind of case at this place."""
    if case.confidential:
        return seat_of_role("secretary", case.place)
    role = case.category.role if case.category else ""
    return seat_of_role(rules.role_for(danger=case.danger, role=role), case.place)


@action("case.assign", term=gettext_noop("分派"), may=may_dispatch, journal="case.assigned")
def assign_case(
    *,
    case: Case,
    by: User | None,
    shares: Sequence[Share] = (),
    due_on: date | None = None,
    order: str = "",
) -> Case:
    """Hand a case out; the first share leads. Each has its own task, clock and result.

    ``order`` says by what order for many at once it was done; the journal keeps it.
    """
    chosen = list(shares) or [Share()]
    if len(chosen) > rules.MOST_PARTIES:
        words_ = {"most": rules.MOST_PARTIES}
        raise Refused("case.many", _("一件事最多%(most)s家一起办") % words_, "shares")
    if any(day is not None and day < today() for day in (due_on, *(one.due_on for one in chosen))):
        raise Refused("case.past", _("期限不能早于今天"), "due_on")
    usual = due_on or _usual_due(case)
    days = [one.due_on or usual for one in chosen]
    # The reporters are answered when the last share is done.
    due = max(days)
    step(case, CaseState.ASSIGNED, by=by, assigned_at=timezone.now(), due_on=due)
    for number, (share, day) in enumerate(zip(chosen, days, strict=True)):
        # A day set by hand stays; a counted one moves when holidays are entered.
        counted = None if due_on or share.due_on else _usual_days(case)
        _hand_out(case, share, day, by, is_lead=number == 0, counted=counted)
    ordered = {"order": order} if order else {}
    write_case_journal("case.assigned", case, by, shares=len(chosen), due=str(due), **ordered)
    return case


def _usual_days(case: Case) -> int:
    return case.category.working_days if case.category else rules.USUAL_WORKING_DAYS


def _usual_due(case: Case) -> date:
    return add_working_days(today(), _usual_days(case), calendar())


def _hand_out(
    case: Case,
    share: Share,
    due: date,
    by: User | None,
    *,
    is_lead: bool,
    counted: int | None = None,
) -> None:
    secret = case.confidential
    task = open_task(
        kind=HANDLE,
        about=case,
        place=case.place,
        by=by,
        party=share.party,
        title=title_of_task(case),
        # Tasks are listed for more posts than the case: a confidential one shows nothing there.
        note="" if secret else case.text[:500],
        confidential=secret,
        seat=share.seat or usual_seat(case),
        due_on=due,
        counted_days=counted,
        danger=case.danger,
        danger_since=case.received_at,
    )
    if is_lead:
        tell_of_danger(case, task, by)
    Handling(
        case=case,
        task=task,
        party=share.party,
        is_lead=is_lead,
        due_on=due,
        assigned_at=timezone.now(),
        scope_path=case.scope_path,
    ).save()


def hear_of_task(task: Task, what: str, by: User | None) -> None:
    """Follow what happened to the task of a share: the case goes with its shares."""
    share = Handling.objects.filter(task=task).select_related("case", "case__place").first()
    # The case itself cancels its tasks when it ends; that echo must not move it again.
    if share is None or share.state not in ACTIVE_HANDLINGS:
        return
    moment = timezone.now()
    if what == TaskEvent.RECOUNTED:
        share.due_on = task.due_on
        share.save(update_fields=["due_on"])
        if share.is_lead:
            Case.objects.filter(pk=share.case_id).update(due_on=task.due_on)
        return
    if what == TaskEvent.ACCEPTED:
        share.state, share.accepted_at = HandlingState.ACCEPTED, moment
        share.save(update_fields=["state", "accepted_at"])
        # A helper who takes up their part does not make the case accepted; the lead does.
        if share.is_lead and share.case.state == CaseState.ASSIGNED:
            step(share.case, CaseState.ACCEPTED, by=by, accepted_at=moment)
        return
    if what == TaskEvent.HANDED_OVER:
        _with_another_post(share)
        return
    ends = {
        TaskEvent.DONE: HandlingState.DONE,
        TaskEvent.REFUSED: HandlingState.REFUSED,
        TaskEvent.CANCELLED: HandlingState.CANCELLED,
    }
    if what not in ends:
        return
    share.state, share.ended_at = ends[TaskEvent(what)], moment
    share.ended_by, share.result = by, task.result
    share.save(update_fields=["state", "ended_at", "ended_by", "result"])
    # An answer may have gone out before a slow helper ends: that changes nothing any more.
    if share.case.state in WORKING:
        _follow(share, what, by)


def _with_another_post(share: Handling) -> None:
    """A share that another post holds now waits to be taken up again."""
    share.state, share.accepted_at = HandlingState.ASSIGNED, None
    share.save(update_fields=["state", "accepted_at"])
    if share.is_lead and share.case.state == CaseState.ACCEPTED:
        step(share.case, CaseState.ASSIGNED, accepted_at=None)


def _follow(share: Handling, what: str, by: User | None) -> None:
    """Bring the case where its shares are: all done, or back to dispatch without a lead."""
    case = share.case
    rest = case.handlings.filter(state__in=ACTIVE_HANDLINGS)
    if what == TaskEvent.DONE and not rest.exists():
        step(case, CaseState.HANDLED, by=by, handled_at=timezone.now(), handled_by=by)
    # A helper may refuse and the others go on; without its lead a case has nobody to answer for
    # it.
    elif what != TaskEvent.DONE and (share.is_lead or not rest.exists()):
        counted = case.refused_times + (what == TaskEvent.REFUSED)
        step(case, CaseState.RECEIVED, by=by, words=_back(share), refused_times=counted)


def _back(share: Handling) -> str:
    return _("%(how)s：%(why)s") % {"how": share.get_state_display(), "why": share.result}


def may_handle(*, case: Case) -> bool:
    """Whoever dispatches here, or a post that has a share of it."""
    role = current_scope().role
    if role in rules.DISPATCHES | {"system"}:
        return True
    shares = case.handlings.filter(state__in=ACTIVE_HANDLINGS).select_related("task")
    return any(may_work_on(task=share.task) for share in shares)


@action("case.start", term=gettext_noop("开始办理"), may=may_handle, journal="case.started")
def start_case(*, case: Case, by: User | None) -> Case:
    """Say that work has begun: the reporter sees it."""
    step(case, CaseState.IN_HAND, by=by)
    write_case_journal("case.started", case, by)
    return case


@action("case.review", term=gettext_noop("复核"), may=may_dispatch, journal="case.reviewed")
def review_case(*, case: Case, by: User | None, approved: bool, text: str = "") -> Case:
    """Look over what was done, as somebody else than who did it; not good enough goes back."""
    if case.state != CaseState.HANDLED:
        raise Refused("case.not_handled", _("办好了才能复核"))
    needs = bool(case.category and case.category.needs_review)
    reviewer = by.pk if by else None
    handlers = handlers_of(case)
    if not rules.may_review(needs_review=needs, handlers=handlers, reviewer=reviewer):
        raise Refused("case.own_work", _("自己办的事要请别人复核"))
    if approved:
        _approve(case, by)
        write_case_journal("case.reviewed", case, by, text, approved=True)
        return case
    ask = _("请写明哪里还要办")
    what_is_missing = required_text(text, most=rules.LONGEST_ANSWER, field="text", ask=ask)
    # Back to the post that led it, which need not be the usual one.
    last = case.handlings.filter(is_lead=True).select_related("task__seat_place").last()
    seat = Seat(last.task.seat_role, last.task.seat_place) if last else None
    due = _usual_due(case)
    step(case, CaseState.ASSIGNED, by=by, due_on=due, handled_at=None, handled_by=None)
    share = Share(seat, last.party if last else None)
    _hand_out(case, share, due, by, is_lead=True, counted=_usual_days(case))
    write_case_journal("case.reviewed", case, by, what_is_missing, approved=False)
    return case


def _approve(case: Case, by: User | None) -> None:
    """Say who reviewed it, if it still waits for that: another may have sent it back meanwhile."""
    rows = Case.objects.filter(pk=case.pk, state=CaseState.HANDLED, reviewed_by__isnull=True)
    if not rows.update(reviewed_by=by, changed_at=timezone.now()):
        case.refresh_from_db()
        raise Refused(
            "case.moved_on",
            _("这件事刚刚有人更新过，现在是“%(state)s”") % {"state": case.get_state_display()},
            hint=_("刷新后再办"),
        )
    case.reviewed_by = by
