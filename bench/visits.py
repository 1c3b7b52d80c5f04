"""Visits: 3,000 residents in special care over a quarter, beside a plan made date by date."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from typing import Any

from bench.measuring import Section, once_s, peak_mib
from bench.sections import _built, _django

PEOPLE, DAYS = 3_000, 90
LIMIT_S = 30
EVEN = 0.2


def visits() -> Section:
    """Plan a quarter from the register, and compare with each in turn on the day it falls due."""
    os.environ["LINLI_DATA"] = str(_built(int(os.environ["BENCH_PEOPLE"])))
    _django()
    from linli.core.scope import system_scope

    with system_scope("the bench"):
        return _measured()


def _measured() -> Section:
    from linli.capabilities.visits.scheduling import measured, spread
    from linli.capabilities.visits.scheduling_input import needs_of, working_days
    from linli.core.time import today

    first = today()
    section = Section(f"Visits: {PEOPLE:,} residents over {DAYS} days")
    people, read = _three_thousand(), 0.0
    read, needs = once_s(lambda: needs_of(people))
    days = working_days(first, first + timedelta(days=DAYS - 1))
    ours, plan = once_s(lambda: spread(needs, days))
    theirs, naive = once_s(lambda: _date_by_date(needs, days))
    by_key = {need.key: need for need in needs}
    good, plain = measured(plan, by_key, days), measured(naive, by_key, days)
    section.add("doors, buildings and teams read", read, "s")
    section.add(
        "planned",
        ours,
        "s",
        limit=LIMIT_S,
        note=f"{good.visits} visits in {len(days)} working days",
    )
    section.add("the same beside the naive plan", ours, "s", "date by date", theirs)
    section.add("the day furthest from even", 100 * good.unevenness, "%", limit=100 * EVEN)
    section.add(
        "the same beside the naive plan",
        100 * good.unevenness,
        "%",
        "date by date",
        100 * plain.unevenness,
    )
    section.add(
        "rounds longer than asked",
        good.late,
        "rounds",
        limit=0,
        note=f"date by date: {plain.late}, a working day or two each",
    )
    section.add(
        "trips",
        good.trips,
        "trips",
        "date by date",
        plain.trips,
        note="two at one door on one day are one trip",
    )
    section.add(
        "days on which a team of one has more than its even share and one door",
        _over(plan, days),
        "team-days",
        "date by date",
        _over(naive, days),
    )
    section.peak_mib = peak_mib()
    return section


def _three_thousand() -> list[Any]:
    """The oldest who live alone, with rounds of a week, a month and a quarter."""
    from linli.capabilities.visits.models import CarePlan
    from linli.capabilities.visits.scheduling_input import VisitCandidate
    from linli.core.time import today
    from linli.register.people.models import Person

    rows = Person.objects.filter(status="current", birth_date__isnull=False, home__isnull=False)
    found = rows.select_related("home").order_by("birth_date", "pk")[:PEOPLE]
    day = today()
    made = []
    for n, person in enumerate(found):
        every = (7, 30, 90)[0 if n % 5 == 0 else 1 if n % 5 < 3 else 2]
        last = None if n % 10 == 9 else day - timedelta(days=n % every + 1)
        made.append(VisitCandidate(person.pk, person.home, CarePlan(), every, False, last))
    return made


def _date_by_date(needs: list[Any], days: list[date]) -> list[Any]:
    """Each on the day it falls due or the next working day, whatever else that day holds."""
    from linli.capabilities.visits.scheduling import Slot

    slots = []
    for need in needs:
        due = need.last_on + timedelta(days=need.every) if need.last_on else days[0]
        while due <= days[-1]:
            day = next(one for one in days if one >= due)
            slots.append(Slot(need.key, day, need.door, need.team))
            due = day + timedelta(days=need.every)
    return slots


def _over(slots: list[Any], days: list[date]) -> int:
    trips = Counter((team, day) for day, team, _door in {(s.day, s.team, s.door) for s in slots})
    whole: Counter[str] = Counter()
    for (team, _day), n in trips.items():
        whole[team] += n
    return sum(n > whole[team] / len(days) * (1 + EVEN) + 1 for (team, _day), n in trips.items())


SECTIONS = {"visits": visits}
