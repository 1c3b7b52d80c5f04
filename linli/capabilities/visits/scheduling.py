"""Spread visits over days: every cadence met, every day alike, one trip for one door.

Plain Python over plain values, so that three thousand residents over a quarter take a moment.
Rounds are working days that divide one another (`rules.STEPS`): whoever gets the lightest day of
their round keeps it, and no later round can make a heap of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from linli.capabilities.visits import rules

LONG_BREAK = 5  # days off in a row; whoever is visited every week is phoned in it
SAME_BUILDING = 0.45  # of a door: how much fuller a day may be to save a walk


@dataclass(frozen=True)
class Need:
    """Somebody to visit: ``key`` the person, every so many days, last seen on a day."""

    key: int
    door: str
    building: str
    team: str
    every: int
    last_on: date | None = None

    @property
    def step(self) -> int:
        """Return the round in working days."""
        return rules.working_days_between_visits(every=self.every)


@dataclass(frozen=True)
class Slot:
    """A visit on a day; ``by_phone`` in a long break of holidays."""

    key: int
    day: date
    door: str
    team: str
    by_phone: bool = False


class Load:
    """How many doors a team goes to on each working day, and where."""

    def __init__(self, days: Sequence[date], taken: Iterable[Slot] = ()) -> None:
        self.days = list(days)
        self.doors: dict[str, list[int]] = defaultdict(lambda: [0] * len(self.days))
        self.all = [0] * len(self.days)
        self.at: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.walks: set[tuple[str, str, int]] = set()
        for slot in taken:
            index = self.index_of(slot.day)
            if index is not None:
                self.add(slot.team, slot.door, _building_of(slot.door), index)

    def index_of(self, day: date) -> int | None:
        """Return the number of a working day, None when it is not one of them."""
        index = bisect_left(self.days, day)
        return index if index < len(self.days) and self.days[index] == day else None

    def add(self, team: str, door: str, building: str, index: int) -> None:
        """Note a trip; the same door on the same day is no other trip."""
        if door in self.at[(team, index)]:
            return
        self.at[(team, index)].add(door)
        self.doors[team][index] += 1
        self.all[index] += 1
        self.walks.add((team, building, index))

    def cost(self, need: Need, index: int) -> tuple[float, float, int]:
        """Say how full the days are on which a round starting at ``index`` falls."""
        falls = range(index, len(self.days), need.step)
        if not falls:
            return (0.0, 0.0, index)
        mine, team, building = self.doors[need.team], need.team, need.building
        near = sum((team, building, fall) in self.walks for fall in falls)
        door = sum(need.door in self.at[(team, fall)] for fall in falls)
        # The same door outweighs everything: one trip for one door.
        full = sum(mine[fall] for fall in falls) - SAME_BUILDING * near - len(self.days) * door
        return (full / len(falls), sum(self.all[fall] for fall in falls) / len(falls), index)


def _building_of(door: str) -> str:
    return door.rstrip("/").rpartition("/")[0]


def spread(
    needs: Iterable[Need], days: Sequence[date], *, taken: Iterable[Slot] = ()
) -> list[Slot]:
    """Return every visit of a period, by day; ``days`` are its working days in order.

    ``taken`` are visits that stand already and are not moved: they only fill their days.
    """
    if not days:
        return []
    load = Load(days, taken)
    slots: list[Slot] = []
    for need in sorted(needs, key=lambda one: _order(one, days[0])):
        may = window(need, days)
        if not may:
            continue  # visited on the last day of the period: the next visit lies after it
        first = min(may, key=lambda index: load.cost(need, index))
        for index in range(first, len(days), need.step):
            load.add(need.team, need.door, need.building, index)
            slots.append(Slot(need.key, days[index], need.door, need.team))
    return sorted(slots, key=lambda one: (one.day, one.team, one.door, one.key))


def _order(need: Need, start: date) -> tuple[int, int, str, int]:
    """Short rounds first, then whoever has waited longest: they get the earliest light day."""
    slack = (need.last_on + timedelta(days=need.every) - start).days if need.last_on else 0
    return (need.step, max(slack, -need.every), need.door, need.key)


def window(need: Need, days: Sequence[date]) -> range:
    """Return the working days on which the first visit may fall, as their numbers.

    Not before half of the round is over, not after its end, and always on a later day than the
    last visit; where no working day is left before the end it is the first one afterwards.
    Whoever is overdue or was never visited comes within one round, for all cannot come on the
    first day.
    """
    last = min(need.step, len(days)) - 1
    if need.last_on is None:
        return range(last + 1)
    end = need.last_on + timedelta(days=need.every)
    latest = bisect_right(days, end) - 1
    if latest < 0:
        return range(last + 1)
    after = bisect_right(days, need.last_on)
    if latest < after:
        return range(after, min(after + 1, len(days)))
    half = bisect_left(days, need.last_on + timedelta(days=(need.every + 1) // 2))
    earliest = max(after, min(half, latest))
    return range(earliest, min(latest, earliest + last) + 1)


def phoned_in_breaks(
    needs: Iterable[Need], first: date, last: date, is_working: Callable[[date], bool]
) -> list[Slot]:
    """Return the calls of long holidays: whoever is visited every week is phoned once in each."""
    weekly = sorted(
        (one for one in needs if one.every <= rules.DAYS_A_WEEK),
        key=lambda one: (one.team, one.door, one.key),
    )
    slots: list[Slot] = []
    for rest in _breaks(first, last, is_working):
        middle = rest[1:-1]
        for number, need in enumerate(weekly):
            day = middle[number % len(middle)]
            slots.append(Slot(need.key, day, need.door, need.team, by_phone=True))
    return sorted(slots, key=lambda one: (one.day, one.team, one.door, one.key))


def _breaks(first: date, last: date, is_working: Callable[[date], bool]) -> list[list[date]]:
    breaks: list[list[date]] = []
    run: list[date] = []
    day = first
    while day <= last + timedelta(days=1):
        if day <= last and not is_working(day):
            run.append(day)
        else:
            if len(run) >= LONG_BREAK:
                breaks.append(run)
            run = []
        day += timedelta(days=1)
    return breaks


def is_after_a_long_break(day: date, is_working: Callable[[date], bool]) -> bool:
    """Do so many days off lie just before this day that the weekly are phoned in them?"""
    return not any(is_working(day - timedelta(days=n)) for n in range(1, LONG_BREAK + 1))


def _starts_late(need: Need, first: int, days: Sequence[date]) -> bool:
    end = need.last_on + timedelta(days=need.every) if need.last_on else days[0]
    after = bisect_right(days, need.last_on) if need.last_on else 0
    return first - after >= need.step and days[first] > end


@dataclass(frozen=True)
class ScheduleQuality:
    """How good a plan is: gaps too long, trips, and how far the fullest day is from even."""

    visits: int
    trips: int
    late: int
    unevenness: float  # the largest distance of a day from the mean, as a part of it


def measured(
    slots: Sequence[Slot], needs: Mapping[int, Need], days: Sequence[date]
) -> ScheduleQuality:
    """Measure a plan: trips are doors a day; late is a gap longer than its round allows.

    A gap is counted in working days, as the round is: holidays lengthen it for everybody.
    """
    trips = {(one.day, one.team, one.door) for one in slots}
    a_day = [0] * len(days)
    numbers = {day: number for number, day in enumerate(days)}
    for day, _team, _door in trips:
        a_day[numbers[day]] += 1
    mean = sum(a_day) / len(days) if days else 0.0
    seen: dict[int, list[int]] = defaultdict(list)
    for slot in slots:
        seen[slot.key].append(numbers[slot.day])
    late = 0
    for key, need in needs.items():
        on = sorted(seen.get(key, []))
        allowed = need.step
        inner = sum(after - before > allowed for before, after in pairwise(on))
        tail = len(days) - on[-1] > allowed if on else len(days) > allowed
        late += inner + bool(tail) + bool(on and _starts_late(need, on[0], days))
    far = max((abs(one - mean) for one in a_day), default=0.0)
    return ScheduleQuality(len(slots), len(trips), late, far / mean if mean else 0.0)
