"""Sixty lifts over three years: holidays, missed nights, a kill in the middle, late corrections.

Every inspection is whistled for once, and a month ahead of the day that was known at the time.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from linli.capabilities.whistles import actions, running
from linli.capabilities.whistles.models import Occasion
from linli.capabilities.whistles.running import run_rules
from linli.capabilities.whistles.tests.builders import a_lift, a_rule, a_watched_town
from linli.core.scope import system_scope
from linli.register.facilities.actions import edit_facility, finish_duty
from linli.register.facilities.models import Duty, Facility
from linli.register.facilities.rules import months_later

pytestmark = pytest.mark.django_db
LEAD = timedelta(days=30)
BEGIN, END = date(2026, 1, 1), date(2028, 12, 31)
# Nights on which nothing ran: a long holiday with the power off, and one night in twelve.
DARK = [(date(2026, 2, 14), 10), (date(2027, 2, 5), 9), (date(2028, 1, 25), 8)]


class PowerCut(BaseException):
    """The machine went off in the middle of a run."""


@dataclass
class Year:
    """One inspection of one lift: the day as it was known, since when, and on which night heard."""

    lift: int
    due: date
    known_on: date
    heard_on: list[date] = field(default_factory=list)


@dataclass
class Three:
    """What happened in three years."""

    rounds: list[Year]
    nights: int = 0
    cuts: int = 0
    corrections: int = 0

    @property
    def missed(self) -> list[Year]:
        """Inspections nobody was told of."""
        return [one for one in self.rounds if not one.heard_on]

    @property
    def doubled(self) -> list[Year]:
        """Inspections somebody was told of twice."""
        return [one for one in self.rounds if len(one.heard_on) > 1]


@contextmanager
def power_cut(after: int) -> Iterator[None]:
    """Let the machine go off after so many whistles."""
    blow, left = actions.blow, itertools.count(after, -1)

    def cut(**given: Any) -> Occasion:
        if next(left) <= 0:
            raise PowerCut
        return blow(**given)

    running.actions.blow = cut  # type: ignore[assignment]
    try:
        yield
    finally:
        running.actions.blow = blow  # type: ignore[assignment]


def is_dark(night: date, dice: random.Random) -> bool:
    """Did nothing run in this night?"""
    away = any(start <= night < start + timedelta(days=n) for start, n in DARK)
    return away or dice.random() < 1 / 12


def three_years(*, lifts: int, until: date, seed: int = 7) -> Three:
    """Live through them, a night at a time."""
    dice = random.Random(seed)
    clock = time_machine.travel(BEGIN, tick=False)
    coordinates = clock.start()
    try:
        coordinates.move_to(f"{BEGIN} 03:00+08:00")
        town = a_watched_town()
        places = [town.building(number) for number in ("1", "2")]
        made = [
            a_lift(places[n % 2], BEGIN + timedelta(days=31 + dice.randrange(365)), f"{n}号梯")
            for n in range(lifts)
        ]
        a_rule(town.community)
        told = Three([Year(one.pk, _due(one), BEGIN) for one in made])
        night = BEGIN
        while night < until:
            coordinates.move_to(f"{night} 03:00+08:00")
            if not is_dark(night, dice):
                _one_night(told, night, dice)
            coordinates.move_to(f"{night} 15:00+08:00")
            _one_day(told, night, dice)
            night += timedelta(days=1)
        return told
    finally:
        clock.stop()


def _due(lift: Facility) -> date:
    assert lift.next_inspection_on is not None
    return lift.next_inspection_on


def _one_night(told: Three, night: date, dice: random.Random) -> None:
    before = _whistles()
    told.nights += 1
    if dice.random() < 1 / 20:
        with power_cut(dice.randrange(2)):
            try:
                run_rules(on=night)
            except PowerCut:
                told.cuts += 1
    run_rules(on=night, whole=night.isoweekday() == 7)
    for (lift, _key, times), count in (_whistles() - before).items():
        current = next(one for one in reversed(told.rounds) if one.lift == lift)
        current.heard_on += [night] * count if times else []


def _whistles() -> Counter[tuple[int, str, int]]:
    with system_scope("test"):
        rows = Occasion.objects.exclude(state="moved")
        return Counter(rows.values_list("subject_id", "key", "times"))


def _one_day(told: Three, day: date, dice: random.Random) -> None:
    """Inspect what is due (early, on the day or late), and correct a few dates late."""
    latest = {one.lift: one for one in told.rounds}
    with system_scope("test"):
        for lift, current in latest.items():
            if current.heard_on and day >= current.due + timedelta(days=lift % 21 - 14):
                duty = Duty.objects.get(facility_id=lift)
                finish_duty(duty=duty, done_on=day, by=None)
                told.rounds.append(Year(lift, duty.due_on, day))
            elif dice.random() < 1 / 600:
                _correct(told, current, day, dice)


def _correct(told: Three, current: Year, day: date, dice: random.Random) -> None:
    due = current.due + timedelta(days=dice.choice((-12, -5, 4, 9, 16, 45)))
    if due <= day:
        return
    lift = Facility.objects.get(pk=current.lift)
    edit_facility(facility=lift, changes={"next_inspection_on": due}, by=None)
    told.corrections += 1
    if due - LEAD > day:
        current.heard_on.clear()  # put off: what was said is taken back, to be said in time
    current.due, current.known_on = due, day


@pytest.mark.timeout(600)
@pytest.mark.parametrize("lifts", [15, pytest.param(60, marks=pytest.mark.nightly)])
def test_lifts_over_three_years_none_is_missed_and_none_doubled(lifts: int) -> None:
    told = three_years(lifts=lifts, until=END)
    due = replace(told, rounds=[one for one in told.rounds if one.due <= END])
    assert len(due.rounds) > 2.5 * lifts
    assert (due.missed, due.doubled) == ([], [])
    assert told.cuts > 0
    assert told.corrections > 0.8 * lifts
    for one in due.rounds:
        # A month ahead, or the first night after that on which anything ran and the day was known.
        in_time = max(one.due - LEAD, one.known_on + timedelta(days=1))
        assert one.heard_on[0] <= in_time + timedelta(days=12), one
    print(
        f"{len(due.rounds)} inspections, {told.nights} nights, {told.cuts} cuts, "
        f"{told.corrections} corrections"
    )  # what the README quotes


def test_negative_control_without_the_occasion_key_it_doubles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = itertools.count()
    monkeypatch.setattr(running._Run, "_settled", lambda _run, _due, _before: False)
    blow = actions.blow

    def without_a_key(*, due: Any, **given: Any) -> Occasion:
        return blow(due=replace(due, key=f"{due.key}#{next(numbers)}"), **given)

    monkeypatch.setattr(running.actions, "blow", without_a_key)
    told = three_years(lifts=6, until=date(2026, 4, 1))
    assert told.doubled


def test_property_any_order_of_runs_whistles_once_for_each_day_and_lift() -> None:
    """Whole or by change, twice a night or after weeks: the whistles are the same."""
    whistled = []
    for seed in range(4):
        dice = random.Random(seed)
        with time_machine.travel("2026-01-01 03:00+08:00", tick=False) as clock:
            town = a_watched_town() if not whistled else town  # noqa: F821
            for n in range(8):
                a_lift(town.building("1"), months_later(date(2026, 1, 15 + n), n), f"{seed}-{n}")
            if not whistled:
                a_rule(town.community)
            night = date(2026, 1, 1)
            while night < date(2026, 9, 1):
                clock.move_to(f"{night} 03:00+08:00")
                for _ in range(dice.randrange(3)):
                    run_rules(on=night, whole=dice.random() < 0.3)
                night += timedelta(days=dice.randrange(1, 9))
            clock.move_to("2026-09-01 03:00+08:00")
            run_rules()
        with system_scope("test"):
            mine = Occasion.objects.filter(name__startswith=f"{seed}-")
            whistled.append(sorted(mine.values_list("name", "day")))
    assert [len(one) for one in whistled] == [8] * 4
    assert len({tuple(day for _, day in one) for one in whistled}) == 1
