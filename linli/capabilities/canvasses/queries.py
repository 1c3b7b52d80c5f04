"""Reading canvasses: who is still to be reached, the board of a building, the next to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.canvasses.models import Canvass, CanvassStop
from linli.capabilities.canvasses.terms import OPEN, ContactResult
from linli.core.interface.view_models import DwellingTile, Elevation, Legend
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.people.models import Household, Person
from linli.register.people.queries import oldest_first, shown_people
from linli.register.people.terms import PersonStatus
from linli.register.places.elevation import Flat, entrances_of, flats_of, floors_of
from linli.register.places.models import Dwelling, Place
from linli.register.posts.models import User
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.disclosure import known, may_know

TONES: dict[str, str] = {
    ContactResult.WAITING: "off",
    ContactResult.REACHED: "on",
    ContactResult.REFUSED: "vacant",
    ContactResult.ABSENT: "alert",
    ContactResult.MOVED: "unknown",
}
# Of several households behind one door the one that needs somebody most is shown.
WORST = (
    ContactResult.ABSENT,
    ContactResult.WAITING,
    ContactResult.REFUSED,
    ContactResult.REACHED,
    ContactResult.MOVED,
)


def canvasses() -> QuerySet[Canvass]:
    """Return the canvasses that reach the active scope, the latest first."""
    rows: QuerySet[Canvass] = Canvass.objects.select_related("place")
    # The name of a canvass may say what its condition asks: who may not ask it is not told.
    return known(rows, "condition", of=lambda row: may_know(row["condition"]))


def canvass_or_not_found(pk: int) -> Canvass:
    """Return one canvass."""
    canvass: Canvass = one_or_not_found(canvasses(), pk=pk)
    return canvass


def stops_of(canvass: Canvass) -> QuerySet[CanvassStop]:
    """Return the households of a canvass within the active scope."""
    canvass_stops: QuerySet[CanvassStop] = CanvassStop.objects.filter(
        canvass=canvass
    ).select_related("place", "household", "by", "held_by")
    return canvass_stops


def stop_or_not_found(canvass: Canvass, pk: int) -> CanvassStop:
    """Return one household of a canvass."""
    canvass_stop: CanvassStop = one_or_not_found(stops_of(canvass), pk=pk)
    return canvass_stop


def doors_to_canvass(canvass: Canvass) -> list[tuple[Place, int | None]]:
    """Return every door with its household that the canvass means today.

    Whoever moves in while it runs is meant too: nobody is missed.
    """
    inside = Q(dwelling__path__startswith=canvass.place.path, ended_on__isnull=True)
    households = Household.objects.filter(inside, size__gt=0).select_related("dwelling")
    if not canvass.condition:
        doors_of_households = [(one.dwelling, one.pk) for one in households]
        lived_in = {place.pk for place, _household in doors_of_households}
        doors = Place.objects.filter(
            kind="dwelling", path__startswith=canvass.place.path, ended_on__isnull=True
        )
        return [*doors_of_households, *((one, None) for one in doors if one.pk not in lived_in)]
    person_keys = conditions.ids(conditions.read_json(canvass.condition))
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


def not_listed(
    canvass: Canvass, meant: Sequence[tuple[Place, int | None]]
) -> list[tuple[Place, int | None]]:
    """Return those of whom a canvass means that do not stand on it yet."""
    listed = set(
        CanvassStop.objects.filter(canvass=canvass).values_list("place_id", "household_id")
    )
    return [one for one in meant if (one[0].pk, one[1]) not in listed]


def meant_by(canvass: Canvass, people: Set[int], user_id: int) -> Set[int]:
    """Return those of some people whom a canvass that somebody else opened sends one to."""
    # Somebody else's order counts as the reason to read; one's own would be a way round the
    # budget.
    if canvass.by_id == user_id or canvass.closed_on is not None:
        return set()
    households = CanvassStop.objects.filter(canvass=canvass).values("household_id")
    rows = Person.objects.filter(pk__in=people, household_id__in=households)
    return set(rows.values_list("pk", flat=True))


FEW = 900


@dataclass(frozen=True)
class Progress:
    """How far a canvass or a part of it is."""

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


def progress(canvass: Canvass, place: Place | None = None) -> Progress:
    """Count the results, of all the scope may see or of one place."""
    rows = CanvassStop.objects.filter(canvass=canvass)
    if place is not None:
        rows = rows.filter(scope_path__startswith=place.path)
    counted = dict(rows.order_by().values_list("result").annotate(n=Count("pk")))
    return Progress(sum(counted.values()), counted)


def by_building(canvass: Canvass) -> list[tuple[Place, Progress]]:
    """Return the buildings of a canvass with how far each is, in the order of the register."""
    rows = list(CanvassStop.objects.filter(canvass=canvass).values_list("place_id", "result"))
    buildings = dict(
        Dwelling.objects.filter(scope_path__startswith=canvass.place.path).values_list(
            "place_id", "building_id"
        )
    )
    counted: dict[int, Counter[str]] = {}
    for place, result in rows:
        if place in buildings:
            counted.setdefault(buildings[place], Counter())[result] += 1
    places = Place.objects.filter(pk__in=counted).order_by("path")
    return [(one, Progress(counted[one.pk].total(), dict(counted[one.pk]))) for one in places]


def board(canvass: Canvass, building: Place) -> Elevation:
    """Return the building from the front, each door with where it stands."""
    rows = stops_of(canvass).filter(scope_path__startswith=building.path)
    at: dict[int, list[CanvassStop]] = {}
    for row in rows:
        at.setdefault(row.place_id, []).append(row)
    flats = [flat for flat in flats_of(building) if flat.pk in at]
    now = timezone.now()

    def door_of(flat: Flat) -> DwellingTile:
        stop = min(at[flat.pk], key=lambda one: WORST.index(ContactResult(one.result)))
        text = _door_text(stop, now)
        says = str(ContactResult(stop.result).label)
        href = reverse("canvasses:stop", args=[canvass.pk, stop.pk])
        return DwellingTile(flat.door, TONES[stop.result], f"{says} {text}".strip(), text, href)

    counted = Counter(row.result for row in rows)
    legend = [Legend(TONES[one], one.label, counted[one]) for one in ContactResult if counted[one]]
    caption = _("%(place)s的走访进度") % {"place": building}
    return Elevation(caption, floors_of(flats, door_of), legend, entrances_of(flats))


def _door_text(stop: CanvassStop, now: datetime) -> str:
    if stop.held_until is not None and stop.held_until > now and stop.result in OPEN:
        return stop.held_by.name[:3] if stop.held_by else ""
    if stop.result == ContactResult.ABSENT and stop.try_on is not None:
        return f"{stop.try_on:%m-%d}"
    return ""


def to_call(canvass: Canvass, user: User) -> QuerySet[CanvassStop]:
    """Return who can be called now: those that wait, or whose day to try again has come.

    Doors without a household have nobody to call; whom a colleague has open is left to them.
    """
    free = Q(held_until__isnull=True) | Q(held_until__lt=timezone.now()) | Q(held_by=user)
    due = Q(result=ContactResult.WAITING) | Q(result=ContactResult.ABSENT, try_on__lte=today())
    rows = stops_of(canvass).filter(free, due, household__isnull=False)
    # Who was tried least comes first: nobody is missed because others are called again.
    return rows.order_by("tries", "place__path", "pk")


def people_at(stop: CanvassStop) -> Sequence[Person]:
    """Return who lives in the household, the oldest first."""
    if stop.household_id is None:
        return []
    rows = shown_people().filter(household_id=stop.household_id, status=PersonStatus.CURRENT)
    return sorted(rows, key=oldest_first)
