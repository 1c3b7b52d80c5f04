"""Facilities are added, corrected, moved and ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.endings import FACILITY, Ending, end_what_points_at
from linli.core.errors import Refused
from linli.core.moved_dates import tell_moved_dates
from linli.core.time import today
from linli.register.facilities.actions.duties import (
    check_date,
    duty_of_kind,
    follow_duties,
    may_keep,
)
from linli.register.facilities.models import Duty, DutyDone, Facility, FacilityPaper
from linli.register.facilities.terms import DutyKind
from linli.register.parties.models import Party
from linli.register.places.models import Place
from linli.register.posts.models import User

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


def is_short_of(quantity: int | None, minimum: int | None) -> bool:
    """Is less there than there should be?"""
    return quantity is not None and minimum is not None and quantity < minimum


@action("facility.add", term=gettext_noop("新增设施"), may=may_keep, journal="facility.added")
def add_facilities(*, facilities: Sequence[NewFacility], by: User | None) -> list[Facility]:
    """Add things that somebody must look after."""
    if not facilities:
        raise Refused("facility.none", _("没有要新增的设施"))
    for new_facility in facilities:
        if not new_facility.kind.strip() or not new_facility.name.strip():
            raise Refused("facility.name", _("请写明类别和名称"), "name")
        for field in DATES:
            check_date(getattr(new_facility, field), field)
    rows = [
        Facility(
            kind=new_facility.kind.strip(),
            name=new_facility.name.strip(),
            code=new_facility.code,
            place=new_facility.place,
            installed_on=new_facility.installed_on,
            next_inspection_on=new_facility.next_inspection_on,
            expires_on=new_facility.expires_on,
            contract_until=new_facility.contract_until,
            quantity=new_facility.quantity,
            minimum=new_facility.minimum,
            is_short=is_short_of(new_facility.quantity, new_facility.minimum),
            maintainer=new_facility.maintainer,
            scope_path=new_facility.place.path,
        )
        for new_facility in facilities
    ]
    for row in rows:
        row.next_duty_on = row.next_inspection_on if duty_of_kind(row) else None
    stored = Facility.objects.bulk_create(rows, batch_size=500)
    Duty.objects.bulk_create([one for row in stored if (one := duty_of_kind(row))], batch_size=500)
    write_journal("facility.added", about=facilities[0].place, data={"count": len(rows)}, by=by)
    return list(stored)


@action("facility.edit", term=gettext_noop("更新设施"), may=may_keep, journal="facility.edited")
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
    if {"kind", "next_inspection_on"} & set(changes):
        _shift_inspection(facility)
    data = {key: str(value) for key, value in changes.items()}
    write_journal("facility.edited", about=facility, text=facility.name, data=data, by=by)
    if {"kind", *DATES} & set(changes):
        tell_moved_dates(facility, by=by)
    return facility


def _shift_inspection(facility: Facility) -> None:
    """A corrected day of inspection is a corrected day of the duty behind it, or its first."""
    if facility.next_inspection_on is not None:
        duty = facility.duties.filter(kind=DutyKind.INSPECTION, ended=False).first()
        duty = duty or duty_of_kind(facility)
        if duty is not None:
            duty.due_on = duty.anchor_on = facility.next_inspection_on
            duty.save()
    follow_duties(facility)


@action("facility.move", term=gettext_noop("迁移设施"), may=may_keep, journal="facility.moved")
def move_facility(*, facility: Facility, place: Place, by: User | None) -> Facility:
    """Say that a facility stands at another place; its duties go with it."""
    before = str(facility.place)
    facility.place, facility.scope_path = place, place.path
    facility.save()
    # All that hangs on it, or the database refuses the commit (decision 0007).
    for duty in Duty.objects.filter(facility=facility):
        duty.scope_path = place.path
        duty.save()
        DutyDone.objects.filter(duty=duty).update(scope_path=place.path)
    FacilityPaper.objects.filter(facility=facility).update(scope_path=place.path)
    data = {"from": before, "to": str(place)}
    write_journal("facility.moved", about=facility, text=facility.name, data=data, by=by)
    tell_moved_dates(facility, by=by)
    return facility


@action("facility.end", term=gettext_noop("停用设施"), may=may_keep, journal="facility.ended")
def end_facility(*, facility: Facility, why: str, by: User | None) -> Facility:
    """Say that a facility is no longer used; what was done stays on its page."""
    if len(why.strip()) < 2:
        raise Refused("facility.why", _("请写明停用的原因"), "why")
    facility.ended_on = today()
    facility.save()
    ended = _("设施已停用：%s") % why.strip()
    end_what_points_at(FACILITY, [facility.pk], reason=ended[:200], by=by)
    write_journal("facility.ended", about=facility, text=why.strip(), by=by)
    tell_moved_dates(facility, by=by, words=_("已停用：%(why)s") % {"why": why.strip()})
    return facility


def end_facilities(rows: QuerySet[Facility], ending: Ending) -> None:
    """Put what stood at a withdrawn place out of use."""
    for facility in rows:
        end_facility(facility=facility, why=ending.reason, by=ending.by)


def lose_maintainer(rows: QuerySet[Facility], ending: Ending) -> None:
    """Say that nobody maintains what an organisation maintained that serves here no more."""
    facilities = list(rows)
    rows.update(maintainer=None)
    for facility in facilities:
        text = f"{facility.name}：{ending.reason}"
        write_journal("facility.edited", about=facility, text=text, by=ending.by)
