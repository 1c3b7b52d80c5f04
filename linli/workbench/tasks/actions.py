"""What people do with tasks: open, accept, refuse, hand over, finish, cancel; and going up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, system_scope
from linli.core.time import add_working_days, today
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM, role_in
from linli.workbench.tasks import rules
from linli.workbench.tasks.kinds import KINDS, say
from linli.workbench.tasks.models import Task, YearPlan
from linli.workbench.tasks.queries import Seat, calendar, days_late, is_mine, seat_for, seat_up
from linli.workbench.tasks.terms import UNFINISHED, Happened, TaskState

may_open = role_in(rules.MAY_WORK)
may_set_working_days = role_in(rules.MAY_SET_WORKING_DAYS)
MOST_IN_TITLE = 120


def may_work_on(*, task: Task) -> bool:
    """The post it belongs to, or somebody who dispatches at that place."""
    role = current_scope().role
    return role == SYSTEM or role in rules.MAY_DISPATCH or is_mine(task)


def _subject(task: Task) -> models.Model | None:
    try:
        model: Any = apps.get_model(task.subject_kind)
    except LookupError:
        return None
    found: models.Model | None = model.objects.filter(pk=task.subject_id).first()
    return found


def _note(
    kind: str, task: Task, by: User | None, text: str = "",
    subject: models.Model | None = None, **data: Any,
) -> None:  # fmt: skip
    """Write what happened to a task on its own page and on those of its subject and person."""
    also = [one for one in (subject or _subject(task), task.person) if one is not None]
    words = f"{task.title}：{text}" if text else task.title
    write_journal(kind, about=task, also=also, text=words, data=data, by=by)


@action("task.open", term=gettext_noop("开出待办"), may=may_open, journal="task.opened")
def open_task(
    *,
    kind: str,
    about: models.Model,
    place: Place,
    title: str,
    by: User | None,
    person: Person | None = None,
    party: Party | None = None,
    due_on: date | None = None,
    note: str = "",
    seat: Seat | None = None,
    occasion: str = "",
) -> Task:
    """Give a task to the post that answers for a place; the same occasion makes one task."""
    known = KINDS[kind]
    if occasion and (already := _same(kind, occasion)):
        write_journal("task.opened", about=already, text=already.title, data={"again": True}, by=by)
        return already
    due = due_on or add_working_days(today(), known.working_days, calendar())
    chosen = seat or seat_for(kind, place)
    task = Task(
        kind=kind, title=title.strip()[:MOST_IN_TITLE], note=note.strip()[: rules.LONGEST_WORDS],
        subject_kind=about._meta.label_lower, subject_id=about.pk, place=place, person=person,
        party=party, seat_role=chosen.role, seat_place=chosen.place, is_gap=chosen.is_gap,
        due_on=due, opened_by=by, occasion=occasion, scope_path=place.path,
    )  # fmt: skip
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError:
        # Somebody opened it for the same occasion a moment ago: theirs is the task.
        already = _same(kind, occasion) if occasion else None
        if already is None:
            raise
        task = already
    _note("task.opened", task, by, subject=about, due=str(due), role=chosen.role)
    return task


def _same(kind: str, occasion: str) -> Task | None:
    found: Task | None = Task.objects.filter(kind=kind, occasion=occasion).first()
    return found


def _claim(task: Task, states: tuple[str, ...], **changes: Any) -> None:
    """Change a task only if it still stands where it stood; the database decides who is first."""
    changed = Task.objects.filter(pk=task.pk, state__in=states).update(
        **changes, changed_at=timezone.now()
    )
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


def _taken_by_another(task: Task, by: User | None) -> None:
    """Refuse what another has taken, unless whoever dispatches here does it."""
    role = current_scope().role
    if (
        task.state == TaskState.ACCEPTED
        and task.taken_by is not None
        and task.taken_by != by
        and role not in rules.MAY_DISPATCH | {SYSTEM}
    ):
        raise Refused(
            "task.taken",
            _("这件事%(name)s已经接办") % {"name": task.taken_by.name},
            hint=_("请和本人商量，或请社区转办"),
        )


def _words(text: str, code: str, field: str, ask: str) -> str:
    said = text.strip()
    if len(said) < rules.SHORTEST_REASON:
        raise Refused(code, ask, field)
    if len(said) > rules.LONGEST_WORDS:
        words = {"most": rules.LONGEST_WORDS, "now": len(said)}
        raise Refused(f"{code}_long", _("最多%(most)s字，现在%(now)s字") % words, field)
    return said


@action("task.accept", term=gettext_noop("接办"), may=may_work_on, journal="task.accepted")
def accept_task(*, task: Task, by: User | None) -> Task:
    """Take a task: of two who tap at once, one gets it."""
    _claim(task, (TaskState.OPEN,), state=TaskState.ACCEPTED, taken_by=by, taken_at=timezone.now())
    _note("task.accepted", task, by)
    say(task, Happened.ACCEPTED, by)
    return task


@action("task.refuse", term=gettext_noop("退回"), may=may_work_on, journal="task.refused")
def refuse_task(*, task: Task, by: User | None, reason: str) -> Task:
    """Send a task back with the reason; it goes to the next post up, and its deadline stays."""
    said = _words(reason, "task.reason", "reason", _("请写明退回的理由"))
    _taken_by_another(task, by)
    changes: dict[str, Any] = {"refused_times": task.refused_times + 1, "taken_by": None}
    if KINDS[task.kind].refusal_goes_back:
        changes |= {"state": TaskState.REFUSED, "ended_by": by, "ended_at": timezone.now()}
        changes["result"] = said
    else:
        changes |= {"state": TaskState.OPEN, **_one_up(task)}
    _claim(task, UNFINISHED, **changes)
    _note("task.refused", task, by, said)
    say(task, Happened.REFUSED, by)
    return task


def _one_up(task: Task) -> dict[str, Any]:
    above = seat_up(task.seat_role, task.place) if task.seat_role else None
    if above is None or above.place is None:
        raise Refused("task.no_one_above", _("上面没有可以退回的岗位"), hint=_("请转办给别的岗位"))
    return {"seat_role": above.role, "seat_place": above.place}


@action("task.hand_over", term=gettext_noop("转办"), may=may_work_on, journal="task.handed_over")
def hand_over_task(*, task: Task, by: User | None, seat: Seat, reason: str) -> Task:
    """Give a task to another post that covers the place; its deadline stays."""
    said = _words(reason, "task.reason", "reason", _("请写明转办的原因"))
    _taken_by_another(task, by)
    if seat.place is None or not task.place.path.startswith(seat.place.path):
        raise Refused("task.elsewhere", _("这个岗位不管这个地方"), "seat", _("请选管到这里的岗位"))
    _claim(
        task, UNFINISHED, state=TaskState.OPEN, taken_by=None, seat_role=seat.role,
        seat_place=seat.place, is_gap=False,
    )  # fmt: skip
    _note("task.handed_over", task, by, said, to=seat.words)
    say(task, Happened.HANDED_OVER, by)
    return task


@action("task.finish", term=gettext_noop("办结"), may=may_work_on, journal="task.done")
def finish_task(*, task: Task, by: User | None, result: str = "") -> Task:
    """Say that a task is done and what came of it."""
    if len(result) > rules.LONGEST_WORDS:
        _words(result, "task.result", "result", "")
    _taken_by_another(task, by)
    moment = timezone.now()
    _claim(
        task, UNFINISHED, state=TaskState.DONE, result=result.strip(), ended_by=by,
        ended_at=moment, taken_by=task.taken_by or by, taken_at=task.taken_at or moment,
    )  # fmt: skip
    _note("task.done", task, by, result.strip())
    say(task, Happened.DONE, by)
    return task


@action("task.reopen", term=gettext_noop("撤销办结"), may=may_work_on, journal="task.reopened")
def reopen_task(*, task: Task, by: User | None) -> Task:
    """Take back that a task is done, when the wrong button was tapped."""
    if task.kind in KINDS and KINDS[task.kind].refusal_goes_back:
        raise Refused("task.cannot_reopen", _("这件事要在它自己的页面上重开"))
    _claim(
        task, (TaskState.DONE,), state=TaskState.ACCEPTED if task.taken_by else TaskState.OPEN,
        result="", ended_by=None, ended_at=None,
    )  # fmt: skip
    _note("task.reopened", task, by)
    return task


@action("task.cancel", term=gettext_noop("取消待办"), may=may_work_on, journal="task.cancelled")
def cancel_task(*, task: Task, by: User | None, reason: str) -> Task:
    """End a task that need not be done any more, with the reason."""
    said = _words(reason, "task.reason", "reason", _("请写明取消的原因"))
    _claim(
        task, UNFINISHED, state=TaskState.CANCELLED, result=said, ended_by=by,
        ended_at=timezone.now(),
    )  # fmt: skip
    _note("task.cancelled", task, by, said)
    say(task, Happened.CANCELLED, by)
    return task


@action("task.escalate", term=gettext_noop("逾期上报"), may=may_work_on, journal="task.escalated")
def escalate_task(*, task: Task, by: User | None) -> Task:
    """Show a late task to the next post up; who answers for it does not change."""
    role = task.raised_role or task.seat_role
    above = seat_up(role, task.place) if role else None
    if above is None or above.place is None:
        raise NotFound()
    changed = Task.objects.filter(pk=task.pk, level=task.level, state__in=UNFINISHED).update(
        level=task.level + 1, raised_role=above.role, raised_place=above.place,
        changed_at=timezone.now(),
    )  # fmt: skip
    task.refresh_from_db()
    if not changed:
        raise NotFound()
    _note("task.escalated", task, by, to=above.words)
    return task


def escalate_late_tasks() -> int:
    """Send every task up that has been late long enough; return how many went."""
    went = 0
    with system_scope("late tasks go up, wherever they are"):
        late = Task.objects.filter(state__in=UNFINISHED, due_on__lt=today())
        for task in late.select_related("place", "person").iterator(chunk_size=500):
            if not rules.goes_up(working_days_late=days_late(task), level=task.level):
                continue
            try:
                escalate_task(task=task, by=None)
            except NotFound:
                continue  # nobody above, or it was done in this moment
            went += 1
    return went


@action(
    "working_days.enter", term=gettext_noop("录入工作日安排"), may=may_set_working_days,
    journal="working_days.entered",
)  # fmt: skip
def enter_year(
    *, year: int, holidays: list[date], worked: list[date], source: str, by: User | None
) -> YearPlan:
    """Enter a year's days off and weekends worked, with the number of the announcement."""
    stray = [day for day in [*holidays, *worked] if day.year != year]
    if stray:
        words = {"day": stray[0].isoformat(), "year": year}
        raise Refused("calendar.other_year", _("%(day)s不在%(year)s年") % words, "holidays")
    both = set(holidays) & set(worked)
    if both:
        words = {"day": min(both).isoformat()}
        raise Refused("calendar.both", _("%(day)s既放假又上班") % words, "worked")
    if len(source.strip()) < rules.SHORTEST_REASON:
        raise Refused("calendar.source", _("请写明通知的文号"), "source")
    plan, _made = YearPlan.objects.update_or_create(
        year=year,
        defaults={
            "holidays": sorted(day.isoformat() for day in set(holidays)),
            "worked": sorted(day.isoformat() for day in set(worked)),
            "source": source.strip(),
        },
    )
    write_journal("working_days.entered", text=f"{year} · {source}", by=by)
    return plan
