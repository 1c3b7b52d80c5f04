"""Sixty lifts over three years: holidays, missed nights, a kill in the middle, late corrections.

Each has its yearly day, some a half-yearly, a fortnightly and a weekly duty beside it. Everything
raises an alert for once, on the first night that ran since it came into reach and was known.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from linli.capabilities.alerts import actions, runner
from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.rules import DAYS_A_MONTH, lead_of
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.terms import LIVE
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_watched_town
from linli.core.scope import system_scope
from linli.register.facilities.actions import Cycle, edit_facility, end_duty, finish_duty, set_duty
from linli.register.facilities.models import Duty, Facility
from linli.register.facilities.rules import months_later
from linli.register.posts.models import User
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED
from tests.people import Subdistrict

pytestmark = pytest.mark.django_db
LEAD, A_DAY = 30, timedelta(days=1)
BEGIN, END = date(2026, 1, 1), date(2028, 12, 31)
# Nights on which nothing ran: a long holiday with the power off, and one night in twelve.
DARK = [(date(2026, 2, 14), 10), (date(2027, 2, 5), 9), (date(2028, 1, 25), 8)]
# Beside the yearly inspection, at every sixth lift.
BESIDE = (("半年检", Cycle(months=6)), ("半月维保", Cycle(days=15)), ("周检", Cycle(days=7)))
FAR, NEAR = (-12, -5, 4, 9, 16, 45), (-1, 1, 2)  # by how many days a day is corrected


class PowerCut(BaseException):
    """The machine went off in the middle of a run."""


@dataclass
class Round:
    """One time of one duty: its day as it was known, since when, and on which night heard."""

    duty: int
    lift: int
    due: date
    known_on: date
    lead: timedelta
    is_short: bool
    heard_on: list[date] = field(default_factory=list)
    is_ended: bool = False

    @property
    def reach_on(self) -> date:
        """The first night on which it can be heard of."""
        return max(self.due - self.lead, self.known_on + A_DAY)


@dataclass
class Three:
    """What happened in three years."""

    rounds: list[Round]
    lit: date = BEGIN - A_DAY
    nights: int = 0
    cuts: int = 0
    corrections: int = 0
    by_hand: int = 0
    told: int = 0
    has_changed: bool = True
    late: list[tuple[Round, date]] = field(default_factory=list)
    heard: set[tuple[str, date]] = field(default_factory=set)

    @property
    def latest(self) -> list[Round]:
        """The present round of each duty that must still be done."""
        latest = {one.duty: one for one in self.rounds}
        return [one for one in latest.values() if not one.is_ended]

    @property
    def missed(self) -> list[Round]:
        """What nobody was told of."""
        return [one for one in self.rounds if not one.heard_on and not one.is_ended]

    @property
    def doubled(self) -> list[Round]:
        """What somebody was told of twice."""
        return [one for one in self.rounds if len(one.heard_on) > 1]


@contextmanager
def power_cut(after: int) -> Iterator[None]:
    """Let the machine go off after so many alerts."""
    raise_alert, left = actions.raise_alert, itertools.count(after, -1)

    def cut(**given: Any) -> Alert:
        if next(left) <= 0:
            raise PowerCut
        return raise_alert(**given)

    runner.actions.raise_alert = cut  # type: ignore[assignment]
    try:
        yield
    finally:
        runner.actions.raise_alert = raise_alert  # type: ignore[assignment]


def is_dark(night: date, dice: random.Random) -> bool:
    """Did nothing run in this night?"""
    away = any(start <= night < start + timedelta(days=n) for start, n in DARK)
    return away or dice.random() < 1 / 12


def three_years(*, lifts: int, until: date, every_night: bool, seed: int = 7) -> Three:
    """Live through them; by day the nights on which nothing could be heard are passed over."""
    dice = random.Random(seed)
    clock = time_machine.travel(BEGIN, tick=False)
    coordinates = clock.start()
    try:
        coordinates.move_to(f"{BEGIN} 03:00+08:00")
        town = a_watched_town()
        with system_scope("test"):
            made = [duty for n in range(lifts) for duty in _duties(town, n, dice)]
        a_rule(town.community, duty="", lead=LEAD)
        three = Three([_round(one, BEGIN - A_DAY) for one in made])
        night = BEGIN
        while night < until:
            coordinates.move_to(f"{night} 03:00+08:00")
            if not is_dark(night, dice) and (every_night or _is_awaited(three, night, dice)):
                _one_night(three, night, dice, 20 if every_night else 5)
            coordinates.move_to(f"{night} 15:00+08:00")
            _one_day(three, night, dice)
            if not every_night and night == BEGIN + timedelta(days=120):
                _no_more_short_ones(three)
            night += A_DAY
        return three
    finally:
        clock.stop()


def _duties(town: Subdistrict, n: int, dice: random.Random) -> Iterator[Duty]:
    place = town.building(("1", "2")[n % 2])
    lift = a_lift(place, BEGIN + timedelta(days=31 + dice.randrange(365)), f"{n}号梯")
    yield lift.duties.get()
    for name, cycle in BESIDE if n % 6 == 0 else ():
        due = BEGIN + timedelta(days=8 + dice.randrange(20))
        yield set_duty(facility=lift, kind="check", name=name, cycle=cycle, due_on=due, by=None)


def _round(duty: Duty, known_on: date) -> Round:
    lead = lead_of(lead=LEAD, months=duty.months, days=duty.days)
    is_short = 0 < duty.days < DAYS_A_MONTH
    return Round(duty.pk, duty.facility_id, duty.due_on, known_on, timedelta(days=lead), is_short)


def _is_awaited(told: Three, night: date, dice: random.Random) -> bool:
    """Did something change since a night ran, or come into reach? Some quiet nights run too."""
    awaited = any(told.lit < one.reach_on <= night for one in told.latest)
    return awaited or told.has_changed or dice.random() < 1 / 20


def _no_more_short_ones(told: Three) -> None:
    with system_scope("test"):
        for one in told.latest:
            if one.is_short:
                end_duty(duty=Duty.objects.get(pk=one.duty), by=None)
                one.is_ended = True
    told.has_changed = True


def _one_night(told: Three, night: date, dice: random.Random, cut_one_in: int) -> None:
    told.nights += 1
    if dice.random() < 1 / cut_one_in:
        with power_cut(dice.randrange(2)):
            try:
                run_rules(on=night)
            except PowerCut:
                told.cuts += 1
    run_rules(on=night, weekly=True)
    told.told += bool(_hear(told, night))
    told.lit, told.has_changed = night, False


def _hear(told: Three, on: date, *, by_day: bool = False) -> int:
    """Note what alerts are new and whether each came in time; return how many."""
    latest = {one.duty: one for one in told.latest}
    with system_scope("test"):
        new = Alert.objects.filter(opened_on=on).exclude(state="moved")
        keys = [key for key in new.values_list("key", flat=True) if (key, on) not in told.heard]
    told.heard.update((key, on) for key in keys)
    for key in keys:
        current = latest[int(key.partition(":")[0].rpartition("-")[2])]
        current.heard_on.append(on)
        # By day what was just put right is heard of at once, and with it the rest of the lift.
        in_reach = current.due - current.lead <= on if by_day else current.reach_on <= on
        if not (told.lit < current.reach_on and in_reach):
            told.late.append((replace(current), on))
    return len(keys)


def _one_day(told: Three, day: date, dice: random.Random) -> None:
    """Do what is due (early, on the day or late), and correct a few dates late."""
    for one in told.latest:
        late = timedelta(days=one.duty % 3 - 1 if one.is_short else one.duty % 21 - 14)
        if one.heard_on and day >= one.due + late:
            with system_scope("test"):
                if one.duty % 3 == 0:
                    _finish_by_hand(told, one)
                duty = Duty.objects.get(pk=one.duty)
                finish_duty(duty=duty, done_on=day, by=None)
            told.rounds.append(_round(duty, day))
            told.has_changed = True
        elif dice.random() < 1 / 600:
            _correct(told, one, day, dice)
    _hear(told, day, by_day=True)


def _finish_by_hand(told: Three, one: Round) -> None:
    """The secretary says that it is arranged, before the register knows that it was done."""
    live = Alert.objects.filter(state__in=LIVE, key__contains=f"-{one.duty}:")
    found = live.select_related("task").first()
    assert found is not None
    assert found.task is not None
    finish_task(task=found.task, by=User.objects.get(username="shuji"), result="已约好")
    told.by_hand += 1


def _correct(told: Three, current: Round, day: date, dice: random.Random) -> None:
    due = current.due + timedelta(days=dice.choice(NEAR if current.is_short else FAR))
    if due <= day or due.year > END.year + 9:
        return
    with system_scope("test"):
        duty = Duty.objects.select_related("facility").get(pk=current.duty)
        lift: Facility = duty.facility
        if duty.kind == "inspection":
            edit_facility(facility=lift, changes={"next_inspection_on": due}, by=None)
        else:
            cycle = Cycle(duty.months, duty.days)
            set_duty(
                facility=lift, kind=duty.kind, name=duty.name, cycle=cycle, due_on=due, by=None
            )
    told.corrections += 1
    told.has_changed = True
    current.due, current.known_on = due, day
    if due - current.lead > day:
        current.heard_on.clear()  # what was said is taken back at once, to say it in time


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("lifts", "every_night"), [(6, False), pytest.param(60, True, marks=pytest.mark.nightly)]
)
def test_lifts_over_three_years_none_is_missed_and_none_doubled(
    lifts: int, every_night: bool
) -> None:
    told = three_years(lifts=lifts, until=END, every_night=every_night)
    due = replace(told, rounds=[one for one in told.rounds if one.due <= END])
    assert len(due.rounds) > 2.5 * lifts
    assert (due.missed, due.doubled, told.late) == ([], [], [])
    assert told.cuts > 0
    assert told.by_hand > 0
    assert told.corrections > 0.8 * lifts
    with system_scope("test"):
        live = Alert.objects.filter(state__in=LIVE)
        waiting = [one for one in told.latest if one.heard_on]
        assert live.count() == Task.objects.filter(state__in=UNFINISHED).count() == len(waiting)
        # One notice for each night on which there was something new, however often it ran.
        assert Delivery.objects.count() == told.told
    print(
        f"{len(due.rounds)} times due, {told.nights} nights, {told.cuts} cuts, "
        f"{told.corrections} corrections, {told.by_hand} done by hand, {told.told} notices"
    )  # what the README quotes


def test_negative_control_without_the_occasion_key_it_doubles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = itertools.count()
    monkeypatch.setattr(runner._RuleRun, "_settled", lambda _run, _due, _before: False)
    raise_alert = actions.raise_alert

    def without_a_key(*, due: Any, **given: Any) -> Alert:
        return raise_alert(due=replace(due, key=f"{due.key}#{next(numbers)}"), **given)

    monkeypatch.setattr(runner.actions, "raise_alert", without_a_key)
    told = three_years(lifts=1, until=date(2026, 2, 10), every_night=True)
    assert told.doubled


def test_property_any_order_of_runs_alerts_once_for_each_day_and_lift() -> None:
    """Whole or by change, twice a night or after weeks: the alerts are the same."""
    raised = []
    for seed in range(3):
        dice = random.Random(seed)
        with time_machine.travel("2026-01-01 03:00+08:00", tick=False) as clock:
            town = a_watched_town() if not raised else town  # noqa: F821
            for n in range(8):
                day = months_later(date(2026, 1, 15 + n), n % 4)
                a_lift(town.building("1"), day, f"{seed}-{n}")
            if not raised:
                a_rule(town.community)
            night = date(2026, 1, 1)
            while night < date(2026, 5, 1):
                clock.move_to(f"{night} 03:00+08:00")
                for _ in range(dice.randrange(3)):
                    run_rules(on=night, whole=dice.random() < 0.3)
                night += timedelta(days=dice.randrange(1, 9))
            clock.move_to("2026-05-01 03:00+08:00")
            run_rules()
        with system_scope("test"):
            mine = Alert.objects.filter(name__startswith=f"{seed}-")
            raised.append(sorted(mine.values_list("name", "day")))
    assert [len(one) for one in raised] == [8] * 3
    assert len({tuple(day for _, day in one) for one in raised}) == 1
