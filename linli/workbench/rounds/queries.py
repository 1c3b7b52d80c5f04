"""Which buildings and doors wait, in the order they are walked; who lives behind a door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.core.paths import ancestors
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.people.models import Household
from linli.register.people.queries import oldest_first, shown_people
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Dwelling, Place
from linli.register.posts.models import User
from linli.workbench.rounds import rules
from linli.workbench.rounds.models import DoorSave
from linli.workbench.rounds.parts import RoundDoor
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import InboxDoor, inbox
from linli.workbench.tasks.terms import UNFINISHED


@dataclass
class RoundStop:
    """A door in the order of the round: what is due there, whether it was saved today."""

    place: Place
    stairwell: str
    floor: int | None
    door: str
    due: int = 0
    late: int = 0
    saved: bool = False


@dataclass
class Waiting:
    """A building where something is due."""

    building: Place
    doors: int = 0
    due: int = 0
    late: int = 0


def due_by_place(user: User) -> dict[int, tuple[int, int]]:
    """Return how many tasks wait at each place for the active posts, and how many are late."""
    return {
        door.place_id: (
            len(door.lines),
            sum(bool(line.days_left and line.days_left < 0) for line in door.lines),
        )
        for door in inbox(user).doors
    }


@dataclass(frozen=True)
class Way:
    """Today's way: how many doors wait in how many buildings, and the next door."""

    doors: int
    buildings: int
    door: InboxDoor


def way_today(user: User) -> Way | None:
    """Return today's way: doors where something is due, from the building that is begun with."""
    doors = {door.place_id: door for door in inbox(user).doors}
    saved = DoorSave.objects.filter(on=today(), place__in=doors).values_list("place_id", flat=True)
    left = set(doors) - set(saved)
    rows = Dwelling.objects.filter(place_id__in=left).values_list(
        "place_id", "building_id", "floor", "door"
    )
    by_building: dict[int, list[tuple[int, int, str]]] = {}
    for place, building, floor, door in rows:
        by_building.setdefault(building, []).append((place, floor or 0, door))
    if not by_building:
        return None

    def urgency(building: int) -> tuple[int, int, int]:
        lines = [line for place, *_where in by_building[building] for line in doors[place].lines]
        late = sum(line.days_left is not None and line.days_left < 0 for line in lines)
        return (-late, -len(by_building[building]), building)

    first = by_building[min(by_building, key=urgency)]
    place, *_where = min(
        first, key=lambda one: rules.place_in_round(stairwell="", floor=one[1], door=one[2])
    )
    return Way(sum(map(len, by_building.values())), len(by_building), doors[place])


def is_sent_to(place: Place, user: User) -> bool:
    """Does work that somebody else opened wait at a door? Then going there is no free reading."""
    waiting = Task.objects.filter(place=place, state__in=UNFINISHED)
    return bool(waiting.exclude(opened_by=user).exists())


def buildings_waiting(user: User) -> list[Waiting]:
    """Return the buildings where something is due, the fullest first."""
    due = due_by_place(user)
    rows = Dwelling.objects.filter(place_id__in=due).select_related("building")
    waiting: dict[int, Waiting] = {}
    for row in rows:
        building = waiting.setdefault(row.building_id, Waiting(row.building))
        building.doors += 1
        building.due += due[row.place_id][0]
        building.late += due[row.place_id][1]
    return sorted(
        waiting.values(),
        key=lambda building: (-building.late, -building.doors, building.building.path),
    )


def building_or_not_found(pk: int) -> Place:
    """Return a building of the scope."""
    rows = Place.objects.filter(kind="building")
    place: Place = one_or_not_found(rows, pk=pk)
    return place


def stops_of(building: Place, user: User) -> list[RoundStop]:
    """Return every door of a building in the order it is walked."""
    due = due_by_place(user)
    saved = set(
        DoorSave.objects.filter(on=today(), scope_path__startswith=building.path).values_list(
            "place_id", flat=True
        )
    )
    rows = Dwelling.objects.filter(building=building, place__ended_on__isnull=True)
    # Not always the place right above: floors of a micro-grid may lie between.
    entrances = dict(
        Place.objects.filter(kind="entrance", path__startswith=building.path).values_list(
            "path", "name"
        )
    )
    stops = []
    for row in rows.select_related("place"):
        above = (entrances[path] for path in ancestors(row.place.path) if path in entrances)
        waits, late = due.get(row.place_id, (0, 0))
        stops.append(
            RoundStop(
                row.place, next(above, ""), row.floor, row.door, waits, late, row.place_id in saved
            )
        )
    return sorted(
        stops,
        key=lambda one: rules.place_in_round(
            stairwell=one.stairwell, floor=one.floor, door=one.door
        ),
    )


def next_door(place: Place, user: User) -> Place | None:
    """Return the next door of the building where something is due and nobody was today."""
    row = Dwelling.objects.filter(place=place).select_related("building").first()
    if row is None:
        return None
    stops = stops_of(row.building, user)
    here = next((n for n, stop in enumerate(stops) if stop.place.pk == place.pk), -1)
    # On from here, then what was left out before.
    for stop in [*stops[here + 1 :], *stops[: max(here, 0)]]:
        if stop.due and not stop.saved:
            return stop.place
    return None


def door_at(place: Place, on: date) -> RoundDoor:
    """Return a door with its households and who lives there, heads first, then the oldest."""
    households = list(
        Household.objects.filter(dwelling=place, ended_on__isnull=True).order_by("number", "pk")
    )
    people = shown_people().filter(home=place, status=PersonStatus.CURRENT)
    heads = {household.head_id for household in households}
    ordered = sorted(
        people.select_related("household", "home"),
        key=lambda person: (
            person.household_id or 0,
            person.pk not in heads,
            *oldest_first(person),
        ),
    )
    return RoundDoor(place, households, ordered, on)


def is_saved(form_token: str) -> bool:
    """Was this very page saved before?"""
    return DoorSave.objects.filter(form_token=form_token).exists()


def building_of(place: Place) -> int | None:
    """Return the building of a door."""
    dwelling: int | None = (
        Dwelling.objects.filter(place=place).values_list("building_id", flat=True).first()
    )
    return dwelling
