"""Reading coverages: who is still to be reached, how far each building is, whom to call next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.terms import OPEN, STAYS_WITH_DOOR, ContactResult
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.people.models import Household, Person
from linli.register.people.queries import lives_here, oldest_first, shown_people
from linli.register.places.models import Dwelling, Place
from linli.register.posts.models import User
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.disclosure import known, may_know


def coverages(called: str = "") -> QuerySet[Coverage]:
    """Return the coverages that reach the active scope, the latest first.

    ``called`` looks for a title.
    """
    rows: QuerySet[Coverage] = Coverage.objects.select_related("place")
    if called:
        rows = rows.filter(title__icontains=called)
    # The name of a coverage may say what its condition asks: who may not ask it is not told.
    return known(rows, "condition", of=lambda row: may_know(row["condition"]))


def coverage_or_not_found(pk: int) -> Coverage:
    """Return one coverage."""
    coverage: Coverage = one_or_not_found(coverages(), pk=pk)
    return coverage


def rows_of(coverage: Coverage) -> QuerySet[CoverageRow]:
    """Return the households of a coverage within the active scope."""
    found: QuerySet[CoverageRow] = CoverageRow.objects.filter(coverage=coverage).select_related(
        "coverage", "place", "household", "by", "held_by"
    )
    return found


def row_or_not_found(coverage: Coverage, pk: int) -> CoverageRow:
    """Return one household of a coverage."""
    row: CoverageRow = one_or_not_found(rows_of(coverage), pk=pk)
    return row


def any_row_or_not_found(pk: int) -> CoverageRow:
    """Return one household of a coverage that the reader may know of."""
    rows = CoverageRow.objects.filter(coverage__in=coverages())
    row: CoverageRow = one_or_not_found(
        rows.select_related("coverage", "place", "household"), pk=pk
    )
    return row


def doors_to_reach(coverage: Coverage) -> list[tuple[Place, int | None]]:
    """Return every door with its household that the coverage means today.

    Whoever moves in while it runs is meant too: nobody is missed.
    """
    if coverage.carries_on_id is not None:
        left = rows_left(coverage.carries_on)
        return [(row.place, row.household_id) for row in left]
    inside = Q(dwelling__path__startswith=coverage.place.path, ended_on__isnull=True)
    households = Household.objects.filter(inside, size__gt=0).select_related("dwelling")
    if not coverage.condition:
        doors_of_households = [(one.dwelling, one.pk) for one in households]
        lived_in = {place.pk for place, _household in doors_of_households}
        doors = Place.objects.filter(
            kind="dwelling", path__startswith=coverage.place.path, ended_on__isnull=True
        )
        return [*doors_of_households, *((one, None) for one in doors if one.pk not in lived_in)]
    person_keys = conditions.ids(conditions.read_json(coverage.condition))
    # SQLite bounds the parameters of a query: a longer list is compared in Python.
    people = (
        Person.objects.filter(pk__in=person_keys)
        if len(person_keys) < FEW
        else Person.objects.all()
    )
    meant = set(person_keys)
    keys = {
        household
        for pk, household in people.values_list("pk", "household_id")
        if pk in meant and household is not None
    }
    return [(one.dwelling, one.pk) for one in households if one.pk in keys]


def rows_left(coverage: Coverage) -> QuerySet[CoverageRow]:
    """Return the households a coverage has not reached."""
    return rows_of(coverage).filter(result__in=OPEN)


def not_listed(
    coverage: Coverage, meant: Sequence[tuple[Place, int | None]]
) -> list[tuple[Place, int | None]]:
    """Return those of whom a coverage means that do not stand on it yet."""
    listed = set(
        CoverageRow.objects.filter(coverage=coverage).values_list("place_id", "household_id")
    )
    return [one for one in meant if (one[0].pk, one[1]) not in listed]


def meant_by(coverage: Coverage, people: Set[int], user_id: int) -> Set[int]:
    """Return those of some people whom a coverage that somebody else opened sends one to."""
    # Somebody else's order counts as the reason to read; one's own would be a way round the
    # budget.
    if coverage.by_id == user_id or coverage.closed_on is not None:
        return set()
    households = CoverageRow.objects.filter(coverage=coverage).values("household_id")
    rows = Person.objects.filter(pk__in=people, household_id__in=households)
    return set(rows.values_list("pk", flat=True))


FEW = 900


@dataclass(frozen=True)
class Progress:
    """How far a coverage or a part of it is."""

    of: int
    by_result: dict[str, int]

    @property
    def open(self) -> int:
        """Return how many still wait."""
        return sum(self.by_result.get(one, 0) for one in OPEN)

    @property
    def over(self) -> int:
        """Return how many are done with."""
        return self.of - self.open

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Return every result with its number."""
        return [(str(one.label), self.by_result.get(one, 0)) for one in ContactResult]


def progress(coverage: Coverage, place: Place | None = None) -> Progress:
    """Count the results, of all the scope may see or of one place."""
    rows = CoverageRow.objects.filter(coverage=coverage)
    if place is not None:
        rows = rows.filter(scope_path__startswith=place.path)
    counted = dict(rows.order_by().values_list("result").annotate(n=Count("pk")))
    return Progress(sum(counted.values()), counted)


def by_building(coverage: Coverage) -> list[tuple[Place, Progress]]:
    """Return the buildings of a coverage with how far each is, in the order of the register."""
    rows = list(CoverageRow.objects.filter(coverage=coverage).values_list("place_id", "result"))
    buildings = dict(
        Dwelling.objects.filter(scope_path__startswith=coverage.place.path).values_list(
            "place_id", "building_id"
        )
    )
    counted: dict[int, Counter[str]] = {}
    for place, result in rows:
        if place in buildings:
            counted.setdefault(buildings[place], Counter())[result] += 1
    places = Place.objects.filter(pk__in=counted).order_by("path")
    return [(one, Progress(counted[one.pk].total(), dict(counted[one.pk]))) for one in places]


def to_call(coverage: Coverage, user: User) -> QuerySet[CoverageRow]:
    """Return who can be called now: those that wait, or whose day to try again has come.

    Doors without a household have nobody to call; whom a colleague has open is left to them.
    """
    if coverage.closed_on is not None:
        return rows_of(coverage).none()
    free = Q(held_until__isnull=True) | Q(held_until__lt=timezone.now()) | Q(held_by=user)
    due = Q(result=ContactResult.WAITING) | Q(result=ContactResult.ABSENT, try_on__lte=today())
    rows = rows_of(coverage).filter(free, due, household__isnull=False)
    # Who was tried least comes first: nobody is missed because others are called again.
    return rows.order_by("tries", "place__path", "pk")


MOST_EARLIER = 3


def earlier_at(
    place: Place, household: int | None, *, apart_from: int | None = None
) -> list[CoverageRow]:
    """Return when somebody refused, was out or had moved at a door, the latest first.

    A household's results go with it; at a door without one, those of the door itself.
    """
    which = Q(place=place) if household is None else Q(household=household)
    rows = CoverageRow.objects.filter(which, result__in=STAYS_WITH_DOOR)
    rows = rows.exclude(coverage=apart_from).select_related("coverage", "by", "place")
    # Whoever may not know what a coverage asks is not told its name here either.
    known = [row for row in rows if may_know(row.coverage.condition)]
    return sorted(known, key=lambda row: (row.day, row.pk), reverse=True)[:MOST_EARLIER]


def people_at(row: CoverageRow) -> Sequence[Person]:
    """Return who lives in the household, the oldest first."""
    if row.household_id is None:
        return []
    rows = shown_people().filter(lives_here(), household_id=row.household_id)
    return sorted(rows, key=oldest_first)
