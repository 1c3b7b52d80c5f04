"""What must be done for a facility again and again: set, done, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.moved_dates import tell_moved_dates
from linli.core.time import today
from linli.register.facilities import rules
from linli.register.facilities.models import Duty, DutyDone, Facility
from linli.register.facilities.terms import DutyKind
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES

may_keep = role_in(MAY_EDIT_PLACES)
may_do = role_in(rules.MAY_DO)


def check_date(day: date | None, field: str) -> None:
    """Refuse a date that cannot be true: 1900 is an empty cell of a spreadsheet."""
    if day is not None and not rules.is_possible_date(day=day, today=today()):
        words = {"day": day.isoformat()}
        raise Refused(
            "facility.date",
            _("日期%(day)s不对") % words,
            field,
            _("应在1950年到今后50年之间；不知道就空着"),
        )


@dataclass(frozen=True)
class Cycle:
    """How often: every so many months, or every so many days."""

    months: int = 0
    days: int = 0


@action("duty.set", term=gettext_noop("设定周期事项"), may=may_keep, journal="duty.set")
def set_duty(
    *, facility: Facility, kind: str, name: str, cycle: Cycle, due_on: date, by: User | None
) -> Duty:
    """Say what must be done for a facility, how often and when next; the same name is changed."""
    name = name.strip()[:40] or str(DutyKind(kind).label)
    if not rules.is_fit_cycle(months=cycle.months, days=cycle.days):
        raise Refused(
            "duty.cycle",
            _("周期要填几个月或几天，不能是0"),
            "months",
            _("例如每年检验填12个月，每月检查填1个月；两格只填一格。"),
        )
    check_date(due_on, "due_on")
    duty = _known(facility, kind, name, cycle)
    if duty is None:
        duty = Duty(facility=facility, name=name, scope_path=facility.scope_path)
    was = duty.kind
    duty.name = name
    duty.kind, duty.months, duty.days = kind, cycle.months, cycle.days
    duty.anchor_on = duty.due_on = due_on
    duty.save()
    follow_duties(facility, was=was)
    data = {"due": str(due_on), "cycle": duty.cycle_words}
    write_journal("duty.set", about=facility, text=name, data=data, by=by)
    tell_moved_dates(facility, by=by)
    return duty


def _known(facility: Facility, kind: str, name: str, cycle: Cycle) -> Duty | None:
    """Return the duty of this name, or the inspection of the law that is now given its name."""
    duties = Duty.objects.filter(facility=facility, ended=False)
    found = duties.filter(name=name).first()
    if found is not None or kind != DutyKind.INSPECTION or not cycle.months:
        return found
    months = rules.months_of_kind(kind=facility.kind)
    by_law = duties.filter(kind=kind, name=DutyKind.INSPECTION.label, months=months)
    return by_law.filter(done_on__isnull=True).first() if cycle.months == months else None


@action("duty.finish", term=gettext_noop("办结周期事项"), may=may_do, journal="duty.done")
def finish_duty(*, duty: Duty, done_on: date, by: User | None, result: str = "") -> Duty:
    """Say that a duty was done on a day; the next one follows from its cycle."""
    check_date(done_on, "done_on")
    if done_on > today():
        raise Refused("duty.future", _("办结日期不能在今天之后"), "done_on")
    due = duty.due_on
    after = rules.next_due(
        anchor=duty.anchor_on, due=due, done=done_on, months=duty.months, days=duty.days
    )
    # Of two who tap at once, one finds it done: the next day is given once.
    changed = Duty.objects.filter(pk=duty.pk, due_on=due, ended=False).update(
        due_on=after, done_on=done_on
    )
    duty.refresh_from_db()
    if not changed:
        raise Refused("duty.done", _("这一次已经办结了"), hint=_("刷新后可看到下一次的日期"))
    DutyDone.objects.create(
        duty=duty,
        due_on=due,
        done_on=done_on,
        result=result.strip()[: rules.LONGEST_WORDS],
        by=by,
        scope_path=duty.scope_path,
    )
    follow_duties(duty.facility)
    data = {"due": str(due), "done": str(done_on), "next": str(after)}
    write_journal("duty.done", about=duty.facility, text=duty.name, data=data, by=by)
    tell_moved_dates(duty.facility, by=by, words=_said(duty, result.strip()))
    return duty


def _said(duty: Duty, result: str) -> str:
    done = "，".join(filter(None, [str(duty.done_on), result]))
    words = {"name": duty.name, "done": done, "next": duty.due_on}
    return _("%(name)s已办：%(done)s；下次%(next)s") % words


@action(
    "duty.take_back", term=gettext_noop("更正周期事项办结"), may=may_do, journal="duty.taken_back"
)
def take_back_duty(*, duty: Duty, why: str, by: User | None) -> Duty:
    """Say that what was last done of a duty was not: its day is due again; the entry stays."""
    if len(why.strip()) < rules.SHORTEST_REASON:
        raise Refused("duty.why", _("请写明哪里记错了"), "why")
    stands = DutyDone.objects.filter(duty=duty, taken_back_on__isnull=True).order_by("-pk")
    last = stands.first()
    if last is None or duty.ended:
        raise Refused("duty.nothing_done", _("这一项没有可以更正的办结"))
    expected = rules.next_due(
        anchor=duty.anchor_on,
        due=last.due_on,
        done=last.done_on,
        months=duty.months,
        days=duty.days,
    )
    if expected != duty.due_on:
        hint = _("请在“设定周期事项”里直接改期限")
        raise Refused("duty.moved_since", _("办结以后期限又改过"), hint=hint)
    before = stands.exclude(pk=last.pk).first()
    changed = Duty.objects.filter(pk=duty.pk, due_on=duty.due_on, ended=False).update(
        due_on=last.due_on, done_on=before.done_on if before else None
    )
    duty.refresh_from_db()
    if not changed:
        raise Refused("duty.done", _("这一次已经办结了"), hint=_("刷新后可看到下一次的日期"))
    last.taken_back_on, last.why = today(), why.strip()[: rules.LONGEST_WORDS]
    last.save(update_fields=["taken_back_on", "why"])
    follow_duties(duty.facility)
    data = {"due": str(duty.due_on), "done": str(last.done_on), "why": last.why}
    write_journal("duty.taken_back", about=duty.facility, text=duty.name, data=data, by=by)
    tell_moved_dates(duty.facility, by=by)
    return duty


@action("duty.end", term=gettext_noop("取消周期事项"), may=may_keep, journal="duty.ended")
def end_duty(*, duty: Duty, by: User | None) -> Duty:
    """Say that something need not be done for a facility any more."""
    duty.ended = True
    duty.save()
    follow_duties(duty.facility, was=duty.kind)
    write_journal("duty.ended", about=duty.facility, text=duty.name, by=by)
    tell_moved_dates(duty.facility, by=by)
    return duty


def duty_of_kind(facility: Facility) -> Duty | None:
    """Return the inspection that the law asks of a thing of this kind, not yet stored.

    None without a first day or where no law gives a cycle: a day that nobody counts on from
    would alert once and never again.
    """
    months = rules.months_of_kind(kind=facility.kind)
    if not months or facility.next_inspection_on is None:
        return None
    return Duty(
        facility=facility,
        kind=DutyKind.INSPECTION,
        name=str(DutyKind.INSPECTION.label),
        months=months,
        anchor_on=facility.next_inspection_on,
        due_on=facility.next_inspection_on,
        scope_path=facility.scope_path,
    )


def follow_duties(facility: Facility, *, was: str = "") -> None:
    """Write the earliest days of the duties on the facility, where rules and lists look.

    ``was`` is the kind of the duty that changed: with the last inspection its day goes too, while
    a day that was written by hand without a cycle stays.
    """
    duties = list(Duty.objects.filter(facility=facility, ended=False))
    inspections = [duty.due_on for duty in duties if duty.kind == DutyKind.INSPECTION]
    facility.next_duty_on = min((duty.due_on for duty in duties), default=None)
    if inspections or was == DutyKind.INSPECTION:
        facility.next_inspection_on = min(inspections, default=None)
    facility.save()
