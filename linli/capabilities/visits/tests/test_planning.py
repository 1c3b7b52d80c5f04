"""Spreading visits: cadence met, days alike, doors together, whatever the order."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.capabilities.visits.scheduling import Need, measured, phoned_in_breaks, spread, window
from linli.core.time import is_working_day

START = date(2026, 4, 1)


def working(first: date, count: int) -> list[date]:
    days, day = [], first
    while len(days) < count:
        if is_working_day(day):
            days.append(day)
        day += timedelta(days=1)
    return days


DAYS = working(START, 60)


def neighbourhood(people: int, *, teams: int = 10, seed: int = 7) -> list[Need]:
    draw = random.Random(seed)
    made = []
    for key in range(people):
        building = f"{key % teams}/{draw.randrange(8)}"
        door = f"{building}/{draw.randrange(40)}/"
        every = draw.choice([7, 7, 30, 30, 30, 90, 90, 90, 90, 14])
        last = START - timedelta(days=draw.randrange(every + 20)) if draw.random() < 0.8 else None
        made.append(Need(key, door, building, str(key % teams), every, last))
    return made


def test_a_quarter_is_even_and_nobody_waits_longer_than_their_round() -> None:
    needs = neighbourhood(900)
    plan = spread(needs, DAYS)
    found = measured(plan, {need.key: need for need in needs}, DAYS)
    assert found.late == 0
    assert found.unevenness <= 0.2
    assert found.trips < found.visits


def test_a_plan_made_day_after_day_without_looking_is_uneven() -> None:
    """The negative control: each in turn from the first day on is far from even."""
    from linli.capabilities.visits.scheduling import Slot

    needs = neighbourhood(900)
    naive = [
        Slot(need.key, DAYS[index], need.door, need.team)
        for need in needs
        for index in range(0, len(DAYS), need.step)
    ]
    assert measured(naive, {need.key: need for need in needs}, DAYS).unevenness > 1


def test_two_at_one_door_are_one_trip() -> None:
    needs = [Need(1, "1/2/3/", "1/2", "1", 7), Need(2, "1/2/3/", "1/2", "1", 30)]
    plan = spread(needs, DAYS)
    weekly = {one.day for one in plan if one.key == 1}
    assert {one.day for one in plan if one.key == 2} <= weekly


def test_whoever_has_waited_longest_comes_first() -> None:
    waiting = Need(1, "1/2/3/", "1/2", "1", 30, START - timedelta(days=200))
    others = [
        Need(key, f"1/2/{key}/", "1/2", "1", 30, START - timedelta(days=31)) for key in range(2, 60)
    ]
    plan = spread([*others, waiting], DAYS)
    assert next(one.day for one in plan if one.key == 1) <= DAYS[1]


def test_the_weekly_are_phoned_once_in_a_long_holiday() -> None:
    week, month = Need(1, "1/2/3/", "1/2", "1", 7), Need(2, "1/2/4/", "1/2", "1", 30)
    calls = phoned_in_breaks([week, month], date(2026, 9, 20), date(2026, 10, 20), is_working_day)
    assert [call.key for call in calls] == [1]
    assert date(2026, 10, 1) < calls[0].day < date(2026, 10, 8)
    assert calls[0].by_phone


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 120), st.integers(1, 5), st.integers(0, 10_000))
def test_any_neighbourhood_gets_every_cadence(people: int, teams: int, seed: int) -> None:
    needs = neighbourhood(people, teams=teams, seed=seed)
    draw = random.Random(seed)
    shuffled = draw.sample(needs, len(needs))
    plan = spread(needs, DAYS)
    assert plan == spread(shuffled, DAYS)
    assert measured(plan, {need.key: need for need in needs}, DAYS).late == 0
    assert all(one.day in DAYS for one in plan)


@given(st.integers(1, 366), st.integers(0, 400))
def test_the_first_visit_is_never_after_its_day(every: int, ago: int) -> None:
    last = START - timedelta(days=ago)
    need = Need(1, "1/", "1", "1", every, last)
    end = last + timedelta(days=every)
    numbers = window(need, DAYS)
    assert len(numbers) >= 1
    assert all(DAYS[number] > last for number in numbers)
    if DAYS[0] <= end <= DAYS[-1]:
        assert all(DAYS[number] <= end for number in numbers)


@given(st.integers(1, 8) | st.integers(1, 366), st.integers(0, 90))
def test_the_next_visit_is_always_after_the_last_one(every: int, on: int) -> None:
    """Also before days off, when no working day is left of the round."""
    last = date(2026, 8, 1) + timedelta(days=on)
    days = working(last, 40)  # planned anew on the evening of the visit
    need = Need(1, "1/2/3/", "1/2", "1", every, last)
    first = spread([need], days)[0].day
    assert first > last
    assert first <= max(last + timedelta(days=every), next(day for day in days if day > last))


@pytest.mark.parametrize(
    ("every", "last", "following"),
    [
        (7, date(2026, 9, 30), date(2026, 10, 8)),  # seven days off in between
        (1, date(2026, 10, 16), date(2026, 10, 19)),  # a Friday and the Monday after it
        (2, date(2026, 10, 16), date(2026, 10, 19)),
        (2, date(2026, 10, 12), date(2026, 10, 13)),
    ],
)
def test_before_days_off_the_next_visit_is_after_them(
    every: int, last: date, following: date
) -> None:
    need = Need(1, "1/2/3/", "1/2", "1", every, last)
    days = working(last, 40)
    plan = spread([need], days)
    assert plan[0].day == following
    assert measured(plan, {1: need}, days).late == 0


def test_visited_on_the_last_day_of_a_period_is_planned_after_it() -> None:
    need = Need(1, "1/2/3/", "1/2", "1", 7, START)
    assert spread([need], [START]) == []
