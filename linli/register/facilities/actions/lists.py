"""A list of facilities comes in: what is known is updated, what is new is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.paths import path_after
from linli.register.facilities import rules
from linli.register.facilities.actions.duties import Cycle, may_keep, set_duty
from linli.register.facilities.actions.things import (
    DATES,
    NewFacility,
    add_facilities,
    edit_facility,
    move_facility,
)
from linli.register.facilities.models import Duty, DutyDone, Facility
from linli.register.facilities.terms import DutyKind
from linli.register.places.models import Place
from linli.register.posts.models import User

TAKEN = ("name", "code", *DATES, "quantity", "minimum", "maintainer")


@dataclass(frozen=True)
class FacilityRow:
    """One row: the thing, in which cycle it is inspected, and whether the row names its place."""

    number: int
    new: NewFacility
    cycle: Cycle | None = None
    names_place: bool = True


@dataclass(frozen=True)
class Unclear:
    """A row that fits several things, by its number, and why."""

    number: int
    why: str


@dataclass
class FacilityListResult:
    """What came of a list."""

    added: int = 0
    changed: int = 0
    same: int = 0
    unclear: tuple[Unclear, ...] = ()


@action(
    "facility.take_list",
    term=gettext_noop("导入设施台账"),
    may=may_keep,
    journal="facility.list_taken",
)
def take_list(
    *, listed: Sequence[FacilityRow], within: Place, by: User | None
) -> FacilityListResult:
    """Take a list in; the same list again changes nothing, an empty cell erases nothing."""
    if not listed:
        raise Refused("facility.none", _("没有要新增的设施"))
    known, taken = _KnownFacilities(within), FacilityListResult()
    fresh: list[FacilityRow] = []
    unclear: list[Unclear] = []
    for row in listed:
        try:
            if _is_fresh(row, known, taken, by):
                fresh.append(row)
        except Refused as refused:
            # A row that is not clear does not keep the others out.
            unclear.append(Unclear(row.number, refused.sentence))
    if fresh:
        added = add_facilities(facilities=[row.new for row in fresh], by=by)
        for facility, row in zip(added, fresh, strict=True):
            _cycle(facility, row, by)
    taken.added, taken.unclear = len(fresh), tuple(unclear)
    data = {"added": taken.added, "changed": taken.changed, "same": taken.same}
    write_journal("facility.list_taken", about=within, data=data, by=by)
    return taken


class _KnownFacilities:
    """What stands below a place, by number and by name."""

    def __init__(self, within: Place) -> None:
        self.by_key: dict[tuple[Any, ...], list[Facility]] = {}
        rows = Facility.objects.filter(
            scope_path__gte=within.path,
            scope_path__lt=path_after(within.path),
            ended_on__isnull=True,
        )
        for facility in rows.select_related("place", "maintainer").order_by("pk"):
            self.add(facility)

    def add(self, facility: Facility) -> None:
        for key in _keys(facility.kind, facility.name, facility.code, facility.place_id):
            self.by_key.setdefault(key, []).append(facility)

    def find(self, new: NewFacility) -> Facility | None:
        """Return the thing a row is about: by its number, else by its name and place."""
        for key in _keys(new.kind.strip(), new.name.strip(), new.code, new.place.pk):
            candidates = [
                facility for facility in self.by_key.get(key, ()) if _may_be(facility, new, key)
            ]
            if len(candidates) > 1:
                raise Refused(
                    "facility.unclear",
                    _("“%(name)s”已有%(n)s处，分不清是哪一处，请填编号")
                    % {"name": new.name, "n": len(candidates)},
                )
            if candidates:
                return candidates[0]
        return None


def _keys(kind: str, name: str, code: str, place: int) -> list[tuple[Any, ...]]:
    keys: list[tuple[Any, ...]] = []
    if code:
        keys.append(("code", kind, code, place))
        if rules.is_number_of_its_own(code=code):
            keys.append(("number", kind, code))
    return [*keys, ("name", kind, name, place)]


def _may_be(facility: Facility, new: NewFacility, key: tuple[Any, ...]) -> bool:
    """Two different numbers are two things, even of one name."""
    return key[0] != "name" or not (facility.code and new.code and facility.code != new.code)


def _is_fresh(
    row: FacilityRow, known: _KnownFacilities, taken: FacilityListResult, by: User | None
) -> bool:
    """Update what a row is about, or say that it is about something new."""
    facility, new = known.find(row.new), row.new
    if facility is None:
        if row.cycle is not None and new.next_inspection_on is None:
            raise _no_day()
        # Not stored: a later row about the same thing meets it and is told as a repetition.
        known.add(Facility(kind=new.kind, name=new.name, code=new.code, place=new.place))
        return True
    if facility.pk is None:
        raise Refused("facility.twice", _("和前面的一行重复"))
    changed = _cycle(facility, row, by)
    changed = _changed(facility, row, by) or changed
    taken.changed += changed
    taken.same += not changed
    return False


def _no_day() -> Refused:
    return Refused("facility.cycle_day", _("写了周期，还要写下次检验日期"))


def _changed(facility: Facility, row: FacilityRow, by: User | None) -> bool:
    new = row.new
    moved = row.names_place and facility.place_id != new.place.pk
    if moved:
        move_facility(facility=facility, place=new.place, by=by)
    changes = {
        key: value
        for key in TAKEN
        if (value := getattr(new, key)) not in (None, "") and value != getattr(facility, key)
    }
    # An old list does not take back what has been done since.
    if "next_inspection_on" in changes and _is_done(facility, new):
        del changes["next_inspection_on"]
    if row.cycle is not None:
        # The duty of the cycle has set the day already.
        changes.pop("next_inspection_on", None)
    if changes:
        edit_facility(facility=facility, changes=changes, by=by)
    return moved or bool(changes)


def _is_done(facility: Facility, new: NewFacility) -> bool:
    done = DutyDone.objects.filter(duty__facility=facility, duty__kind=DutyKind.INSPECTION)
    done = done.filter(taken_back_on__isnull=True)
    return done.filter(due_on=new.next_inspection_on).exists()


def _cycle(facility: Facility, row: FacilityRow, by: User | None) -> bool:
    """Set the inspection a row tells the cycle of, unless it is so already."""
    if row.cycle is None:
        return False
    duty = Duty.objects.filter(facility=facility, kind=DutyKind.INSPECTION, ended=False).first()
    due = row.new.next_inspection_on or (duty.due_on if duty else facility.next_inspection_on)
    # The day of the list was done already: the next one stands.
    if duty is not None and _is_done(facility, row.new):
        due = duty.due_on
    if due is None:
        raise _no_day()
    if duty is not None and (duty.months, duty.days, duty.due_on) == (
        row.cycle.months,
        row.cycle.days,
        due,
    ):
        return False
    set_duty(
        facility=facility,
        kind=DutyKind.INSPECTION,
        name=duty.name if duty else "",
        cycle=row.cycle,
        due_on=due,
        by=by,
    )
    return True
