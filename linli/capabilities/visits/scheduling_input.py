"""What is ahead in the register: whom the plans that are on mean, and the days to visit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from linli.capabilities.visits import rules
from linli.capabilities.visits.models import CarePlan, Visit
from linli.capabilities.visits.queries import last_seen, people_of
from linli.capabilities.visits.scheduling import (
    Need,
    Slot,
    is_after_a_long_break,
    phoned_in_breaks,
    spread,
)
from linli.capabilities.visits.terms import VisitState
from linli.core.batch_cache import batch_cache
from linli.core.errors import Refused
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.queries.seats import seat_of_role

AT_A_TIME = 500
HORIZON = 300  # days in which the next visit of everybody falls at the latest


@dataclass(frozen=True)
class VisitCandidate:
    """Somebody a plan means: their home, how often, and the plan that asks most."""

    person: int
    home: Place
    plan: CarePlan
    every: int
    in_person: bool
    last_on: date | None


def visit_candidates(plans: Iterable[CarePlan]) -> dict[int, VisitCandidate]:
    """Return whom the plans mean; of several plans the one that comes most often is followed.

    A plan whose condition cannot be asked any more is marked, and the others go on.
    """
    chosen: dict[int, CarePlan] = {}
    seen_in_person: set[int] = set()
    # Most often first: `setdefault` keeps that plan.
    for plan in sorted(plans, key=lambda one: (one.every, one.pk)):
        with batch_cache():
            try:
                people = people_of(plan)
            except Refused as refused:
                plan.error_text = refused.sentence[:200]
                continue
        plan.error_text = ""
        for person in people:
            chosen.setdefault(person, plan)
        seen_in_person |= set(people) if plan.in_person else set()
    return _with_homes(chosen, seen_in_person)


def _with_homes(chosen: dict[int, CarePlan], in_person: set[int]) -> dict[int, VisitCandidate]:
    people = sorted(chosen)
    seen = dict(last_seen([pk for pk in people if pk not in in_person], in_person=False))
    seen |= last_seen(sorted(in_person), in_person=True)
    candidates: dict[int, VisitCandidate] = {}
    for start in range(0, len(people), AT_A_TIME):
        part = people[start : start + AT_A_TIME]
        rows = Person.objects.filter(pk__in=part, home__isnull=False).select_related("home")
        for person in rows:
            plan = chosen[person.pk]
            candidates[person.pk] = VisitCandidate(
                person.pk,
                person.home,
                plan,
                plan.every,
                person.pk in in_person,
                seen.get(person.pk),
            )
    return candidates


def needs_of(people: Iterable[VisitCandidate]) -> list[Need]:
    """Return what the spreading takes: the door, the building and the team that goes there."""
    teams: dict[str, str] = {}
    needs = []
    with batch_cache():
        for visit_candidate in people:
            building = visit_candidate.home.path.rstrip("/").rpartition("/")[0]
            if building not in teams:
                seat = seat_of_role("grid_worker", visit_candidate.home)
                teams[building] = seat.place.path if seat.place else ""
            needs.append(
                Need(
                    visit_candidate.person,
                    visit_candidate.home.path,
                    building,
                    teams[building],
                    visit_candidate.every,
                    visit_candidate.last_on,
                )
            )
    return needs


def working_days(first: date, last: date) -> list[date]:
    """Return the working days of a period."""
    known = calendar()
    span = (last - first).days + 1
    days = [first + timedelta(days=number) for number in range(span)]
    return [day for day in days if known.is_working_day(day)]


def next_slots(
    people: dict[int, VisitCandidate], on: date, standing: list[Slot]
) -> dict[int, Slot]:
    """Return the next visit of each of these, beside the visits that stand already.

    A weekly visit that a long break of holidays would make late becomes a call in the break.
    """
    days = working_days(on, on + timedelta(days=HORIZON))
    is_working = calendar().is_working_day
    first: dict[int, Slot] = {}
    for slot in spread(needs_of(people.values()), days, taken=standing):
        first.setdefault(slot.key, slot)
    for key, slot in first.items():
        candidate = people[key]
        end = candidate.last_on + timedelta(days=candidate.every) if candidate.last_on else slot.day
        is_short = candidate.every <= rules.DAYS_A_WEEK and not candidate.in_person
        if is_short and on <= end < slot.day and is_after_a_long_break(slot.day, is_working):
            first[key] = Slot(key, end, slot.door, slot.team, by_phone=True)
    return first


def standing_slots() -> list[Slot]:
    """Return the visits that are planned already, as they fill their days."""
    rows = Visit.objects.filter(state=VisitState.PLANNED).values_list(
        "person_id", "day", "place__path", "by_phone"
    )
    teams: dict[str, str] = {}
    standing = []
    with batch_cache():
        for person, day, path, by_phone in rows:
            building = path.rstrip("/").rpartition("/")[0]
            if building not in teams:
                place = Place.objects.filter(path=path).first()
                seat = seat_of_role("grid_worker", place) if place else None
                teams[building] = seat.place.path if seat and seat.place else ""
            standing.append(Slot(person, day, path, teams[building], by_phone=by_phone))
    return standing


@dataclass(frozen=True)
class Period:
    """A plan over a period, with what it was made from."""

    slots: list[Slot]
    calls: list[Slot]
    needs: dict[int, Need]
    days: list[date]


def period_plan(plans: Iterable[CarePlan], first: date, last: date) -> Period:
    """Plan a period of the plans, as if it began today with what is known: nothing is kept."""
    needs = needs_of(visit_candidates(plans).values())
    days = working_days(first, last)
    calls = phoned_in_breaks(needs, first, last, calendar().is_working_day)
    return Period(spread(needs, days), calls, {need.key: need for need in needs}, days)
