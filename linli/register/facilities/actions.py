"""What people do with facilities: add, correct, move, end; set duties and say they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.facilities import rules
from linli.register.facilities.models import Duty, DutyDone, Facility
from linli.register.facilities.terms import DutyKind
from linli.register.parties.models import Party
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES

may_keep = role_in(MAY_EDIT_PLACES)
may_do = role_in(MAY_EDIT_PLACES | {"grid_worker", "property_manager"})
DATES = ("installed_on", "next_inspection_on", "expires_on", "contract_until")
CHANGEABLE = ("kind", "name", "code", *DATES, "quantity", "minimum", "maintainer", "confirmed_on")


@dataclass(frozen=True)
class NewFacility:
    """A thing at a place, with its dates and who maintains it."""

    place: Place
    kind: str
    name: str
    code: str = ""
    installed_on: date | None = None
    next_inspection_on: date | None = None
    maintainer: Party | None = None
    expires_on: date | None = None
    contract_until: date | None = None
    quantity: int | None = None
    minimum: int | None = None


def check_date(day: date | None, field: str) -> None:
    """Refuse a date that cannot be true: 1900 is an empty cell of a spreadsheet."""
    if day is not None and not rules.is_possible_date(day=day, today=today()):
        words = {"day": day.isoformat()}
        raise Refused(
            "facility.date", _("日期%(day)s不对") % words, field,
            _("应在1950年到今后50年之间；不知道就空着"),
        )  # fmt: skip


def is_short_of(quantity: int | None, minimum: int | None) -> bool:
    """Is less there than there should be?"""
    return quantity is not None and minimum is not None and quantity < minimum


@action(
    "facility.add", term=gettext_noop("新增设施"), may=may_keep, journal="facility.added",
)  # fmt: skip
def add_facilities(*, facilities: Sequence[NewFacility], by: User | None) -> list[Facility]:
    """Add things that somebody must look after."""
    if not facilities:
        raise Refused("facility.none", _("没有要新增的设施"))
    for one in facilities:
        if not one.kind.strip() or not one.name.strip():
            raise Refused("facility.name", _("请写明类别和名称"), "name")
        for field in DATES:
            check_date(getattr(one, field), field)
    made = [
        Facility(
            kind=one.kind.strip(), name=one.name.strip(), code=one.code, place=one.place,
            installed_on=one.installed_on, next_inspection_on=one.next_inspection_on,
            expires_on=one.expires_on, contract_until=one.contract_until,
            quantity=one.quantity, minimum=one.minimum,
            is_short=is_short_of(one.quantity, one.minimum),
            maintainer=one.maintainer, scope_path=one.place.path,
        )
        for one in facilities
    ]  # fmt: skip
    kept = Facility.objects.bulk_create(made, batch_size=500)
    write_journal("facility.added", about=facilities[0].place, data={"count": len(made)}, by=by)
    return list(kept)


@action(
    "facility.edit", term=gettext_noop("更新设施"), may=may_keep, journal="facility.edited",
)  # fmt: skip
def edit_facility(*, facility: Facility, changes: Mapping[str, Any], by: User | None) -> Facility:
    """Correct what is known of a facility."""
    for key, value in changes.items():
        if key not in CHANGEABLE:
            raise Refused("facility.field", _("不能改“%(key)s”") % {"key": key}, key)
        if key in DATES:
            check_date(value, key)
        setattr(facility, key, value)
    if not facility.name.strip() or not facility.kind.strip():
        raise Refused("facility.name", _("请写明类别和名称"), "name")
    facility.is_short = is_short_of(facility.quantity, facility.minimum)
    facility.save()
    if "next_inspection_on" in changes:
        _shift_inspection(facility)
    data = {key: str(value) for key, value in changes.items()}
    write_journal("facility.edited", about=facility, text=facility.name, data=data, by=by)
    return facility


def _shift_inspection(facility: Facility) -> None:
    """A corrected day of inspection is a corrected day of the duty behind it."""
    duty = facility.duties.filter(kind=DutyKind.INSPECTION, ended=False).first()
    if duty is not None and facility.next_inspection_on is not None:
        duty.due_on = duty.anchor_on = facility.next_inspection_on
        duty.save()
    _follow_duties(facility)


@action(
    "facility.move", term=gettext_noop("迁移设施"), may=may_keep, journal="facility.moved",
)  # fmt: skip
def move_facility(*, facility: Facility, place: Place, by: User | None) -> Facility:
    """Say that a facility stands at another place; its duties go with it."""
    before = str(facility.place)
    facility.place, facility.scope_path = place, place.path
    facility.save()
    for duty in Duty.objects.filter(facility=facility):
        duty.scope_path = place.path
        duty.save()
        DutyDone.objects.filter(duty=duty).update(scope_path=place.path)
    data = {"from": before, "to": str(place)}
    write_journal("facility.moved", about=facility, text=facility.name, data=data, by=by)
    return facility


@action(
    "facility.end", term=gettext_noop("停用设施"), may=may_keep, journal="facility.ended",
)  # fmt: skip
def end_facility(*, facility: Facility, why: str, by: User | None) -> Facility:
    """Say that a facility is no longer used; what was done stays on its page."""
    if len(why.strip()) < 2:
        raise Refused("facility.why", _("请写明停用的原因"), "why")
    facility.ended_on = today()
    facility.save()
    write_journal("facility.ended", about=facility, text=why.strip(), by=by)
    return facility


@dataclass(frozen=True)
class Cycle:
    """How often: every so many months, or every so many days."""

    months: int = 0
    days: int = 0


@action(
    "duty.set", term=gettext_noop("设定周期事项"), may=may_keep, journal="duty.set",
)  # fmt: skip
def set_duty(
    *, facility: Facility, kind: str, name: str, cycle: Cycle, due_on: date, by: User | None
) -> Duty:
    """Say what must be done for a facility, how often and when next; the same name is changed."""
    name = name.strip()[:40] or str(DutyKind(kind).label)
    if not rules.is_fit_cycle(months=cycle.months, days=cycle.days):
        raise Refused(
            "duty.cycle", _("周期要填几个月或几天，不能是0"), "months",
            _("例如每年检验填12个月，每月检查填1个月；两格只填一格。"),
        )  # fmt: skip
    check_date(due_on, "due_on")
    duty = Duty.objects.filter(facility=facility, name=name, ended=False).first()
    if duty is None:
        duty = Duty(facility=facility, name=name, scope_path=facility.scope_path)
    duty.kind, duty.months, duty.days = kind, cycle.months, cycle.days
    duty.anchor_on = duty.due_on = due_on
    duty.save()
    _follow_duties(facility)
    data = {"due": str(due_on), "cycle": duty.cycle_words}
    write_journal("duty.set", about=facility, text=name, data=data, by=by)
    return duty


@action(
    "duty.finish", term=gettext_noop("办结周期事项"), may=may_do, journal="duty.done",
)  # fmt: skip
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
        duty=duty, due_on=due, done_on=done_on, result=result.strip()[: rules.LONGEST_WORDS],
        by=by, scope_path=duty.scope_path,
    )  # fmt: skip
    _follow_duties(duty.facility)
    data = {"due": str(due), "done": str(done_on), "next": str(after)}
    write_journal("duty.done", about=duty.facility, text=duty.name, data=data, by=by)
    return duty


@action(
    "duty.end", term=gettext_noop("取消周期事项"), may=may_keep, journal="duty.ended",
)  # fmt: skip
def end_duty(*, duty: Duty, by: User | None) -> Duty:
    """Say that something need not be done for a facility any more."""
    duty.ended = True
    duty.save()
    _follow_duties(duty.facility)
    write_journal("duty.ended", about=duty.facility, text=duty.name, by=by)
    return duty


def _follow_duties(facility: Facility) -> None:
    """Write the earliest days of the duties on the facility, where rules and lists look."""
    duties = list(Duty.objects.filter(facility=facility, ended=False))
    inspections = [one.due_on for one in duties if one.kind == DutyKind.INSPECTION]
    facility.next_duty_on = min((one.due_on for one in duties), default=None)
    if inspections:
        facility.next_inspection_on = min(inspections)
    facility.save()
