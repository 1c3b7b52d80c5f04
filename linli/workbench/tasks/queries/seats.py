"""Seats: a role at a place, who sits there today, and where nobody does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q, QuerySet

from linli.core.batch_cache import cached
from linli.core.scope import current_scope, system_scope
from linli.core.time import today
from linli.register.places.models import Building, Place
from linli.register.posts.models import Post, User
from linli.register.posts.rules import STANDS_AT
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.rules import (
    MAY_DISPATCH,
    SEES_CONFIDENTIAL,
    Stands,
    chain_of,
    next_up,
    responsible,
)
from linli.workbench.tasks.terms import UNFINISHED


@dataclass(frozen=True)
class Seat:
    """A role at a place, whoever holds it; ``is_gap`` when it stands in for an empty post.

    ``missing`` is the role that was asked for and nobody holds.
    """

    role: str
    place: Place | None
    is_gap: bool = False
    missing: str = ""

    @property
    def words(self) -> str:
        """Say the seat as people do: the place and the role."""
        from linli.register.posts.terms import Role

        label = str(Role(self.role).label) if self.role else ""
        return f"{self.place.name} · {label}" if self.place else label


def _held() -> QuerySet[Post]:
    day = today()
    return Post.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=day),
        from_date__lte=day,
        ended_at__isnull=True,
        # A user who was blocked sits nowhere, whatever the days of the post say.
        user__is_active=True,
    )


def held_now() -> set[Stands]:
    """Return every post that somebody holds today, also above the active scope."""
    return cached("tasks.held_now", _all_held)


def _all_held() -> set[Stands]:
    with system_scope("who answers for a place may sit above it"):
        return {Stands(*pair) for pair in _held().values_list("role", "scope_path")}


def holders(seat: Seat) -> list[str]:
    """Return the names of those who sit there today."""
    return [user.name for user in _users(seat.role, seat.place)]


def users_at(task: Task) -> list[User]:
    """Return who holds the post of a task today; nobody when the post is empty."""
    with system_scope("who answers for a place may sit above it"):
        place = task.seat_place
    return _users(task.seat_role, place)


def _users(role: str, place: Place | None) -> list[User]:
    if place is None:
        return []
    with system_scope("who answers for a place may sit above it"):
        rows = _held().filter(role=role, scope_path=place.path).select_related("user")
        return [post.user for post in rows.order_by("pk") if post.user]


def _seat(held: Stands | None, role: str, *, is_gap: bool) -> Seat:
    if held is None:
        return Seat(role, None, is_gap=True, missing=role)
    place = cached(("seat", held.path), lambda: _at(held.path))
    return Seat(held.role, place, is_gap, missing=role if is_gap else "")


def _at(path: str) -> Place:
    with system_scope("the place of a post may lie above the scope"):
        place: Place = Place.objects.get(path=path)
        return place


def seat_for(kind: str, place: Place) -> Seat:
    """Return the seat that answers for this kind of task at a place, the nearest up the tree."""
    return seat_of_role(KINDS[kind].role, place)


def seat_of_role(role: str, place: Place) -> Seat:
    """Return the nearest seat up the tree whose role answers, or stands in for, ``role``."""
    answer = responsible(role=role, path=place.path, held=held_now())
    return _seat(answer.seat, role, is_gap=answer.is_gap)


def seat_up(role: str, place: Place, *, confidential: bool = False) -> Seat | None:
    """Return the seat above a seat of this role; what is confidential goes on to who sees such."""
    held = held_now()
    above = next_up(role=role, path=place.path, held=held)
    while confidential and above and above.role not in SEES_CONFIDENTIAL:
        above = next_up(role=above.role, path=place.path, held=held)
    return _seat(above, role, is_gap=False) if above else None


def seats_for_choice(place: Place) -> list[Seat]:
    """Return the seats that cover a place and somebody holds, nearest first: to hand a task to."""
    covering = sorted(
        (
            stands
            for stands in held_now()
            if place.path.startswith(stands.path) and chain_of(stands.role)
        ),
        key=lambda one: (-len(one.path), one.role),
    )
    with system_scope("the place of a post may lie above the scope"):
        places = {
            one.path: one for one in Place.objects.filter(path__in={s.path for s in covering})
        }
    # An auditor looks on and does no tasks.
    return [Seat(one.role, places[one.path]) for one in covering if one.role != "auditor"]


def my_places() -> list[int]:
    """Return the keys of the places where the active scope's posts stand."""
    scope = current_scope()
    return list(Place.objects.filter(path__in=scope.paths).values_list("pk", flat=True))


def is_mine(task: Task) -> bool:
    """Does the active scope sit where this task belongs, or stand in for an empty seat?"""
    scope = current_scope()
    if task.seat_role == scope.role and task.seat_place_id in my_places():
        return True
    seat = (task.seat_role, task.seat_place_id, task.confidential)
    return seat in vacant_for_me()


def still_holds(user: User, task: Task) -> bool:
    """Does somebody still sit where this task can be done: its own seat, or dispatching there?"""
    with system_scope("who answers for a place may sit above it"):
        posts = list(_held().filter(user=user).values_list("role", "scope_path"))
    place = task.seat_place
    at = place.path if place else ""
    return any(
        (role == task.seat_role and path == at)
        or (role in MAY_DISPATCH and task.place.path.startswith(path))
        for role, path in posts
    )


def seat_for_record(record: models.Model, place: Place) -> Seat:
    """Return the seat that already deals with a confidential record, else who leads at its place.

    For a task that is its own seat; else the seat of the first open task about the record.
    """
    if isinstance(record, Task):
        return Seat(record.seat_role, record.seat_place, record.is_gap)
    task = (
        Task.objects.filter(
            subject_kind=record._meta.label_lower,
            subject_id=record.pk,
            confidential=True,
            state__in=UNFINISHED,
            seat_place__isnull=False,
        )
        .select_related("seat_place")
        .order_by("pk")
        .first()
    )
    return Seat(task.seat_role, task.seat_place) if task else seat_of_role("secretary", place)


def vacant_for_me() -> list[tuple[str, int | None, bool]]:
    """Return the empty seats with open tasks for which the active scope is next up the tree.

    What is confidential there (the third value) goes to the next one that sees such.
    """
    scope = current_scope()
    seats = list(
        Task.objects.filter(state__in=UNFINISHED)
        .values_list("seat_role", "seat_place_id", "seat_place__path", "confidential")
        .distinct()
        .order_by()
    )
    held = held_now()
    vacant = []
    for role, place_id, path, hidden in seats:
        if place_id is None or path is None or Stands(role, path) in held:
            continue
        above = responsible(role=role, path=path, held=held).seat
        while hidden and above is not None and above.role not in SEES_CONFIDENTIAL:
            above = next_up(role=above.role, path=path, held=held)
        if above is not None and above.role == scope.role and above.path in scope.paths:
            vacant.append((role, place_id, hidden))
    return vacant


@dataclass(frozen=True)
class UnattendedSeat:
    """A seat nobody holds, and how many tasks wait there, or are minded from above instead."""

    role: str
    place: Place | None
    tasks: int
    is_minded: bool = False


def unattended() -> list[UnattendedSeat]:
    """Return the seats in the scope that nobody holds and where tasks wait or have gone up."""
    return _left_alone() + _gone_up()


def _gone_up() -> list[UnattendedSeat]:
    """Return the empty posts whose tasks another minds: by the missing role and its place."""
    held = held_now()
    rows = Task.objects.filter(state__in=UNFINISHED, is_gap=True, seat_place__isnull=False)
    wanted = [
        (row["missing_role"] or _usual_role(row["kind"]), row["place__path"])
        for row in rows.values("kind", "missing_role", "place__path")
    ]
    # The task notes the gap of the day it was opened; the post may have been filled since.
    counted = Counter(
        (role, _where_it_stands(role, path))
        for role, path in wanted
        if role and responsible(role=role, path=path, held=held).is_gap
    )
    places = {
        place.path: place for place in Place.objects.filter(path__in={p for _r, p in counted})
    }
    return [
        UnattendedSeat(role, places[path], n, is_minded=True)
        for (role, path), n in sorted(counted.items(), key=lambda pair: (pair[0][1], pair[0][0]))
        if path in places
    ]


def _usual_role(kind: str) -> str:
    # Tasks opened before the missing role was stored tell it only by their kind.
    return KINDS[kind].role if kind in KINDS else ""


def _where_it_stands(role: str, path: str) -> str:
    """Return the path of the place above where such a post would stand; else the place itself."""
    kinds = STANDS_AT.get(role, ())
    posts = cached(("stands", kinds), lambda: _paths_of(kinds))
    return max((post for post in posts if path.startswith(post)), key=len, default=path)


def _paths_of(kinds: tuple[str, ...]) -> list[str]:
    places = Place.objects.filter(kind__in=kinds, ended_on__isnull=True)
    return list(places.values_list("path", flat=True))


def _left_alone() -> list[UnattendedSeat]:
    """Return the seats where tasks wait and nobody sits, and tasks without a seat."""
    rows = (
        Task.objects.filter(state__in=UNFINISHED)
        .values("seat_role", "seat_place_id", "seat_place__path")
        .annotate(n=Count("pk"))
        .order_by("seat_place__path")
    )
    held = held_now()
    empty = [
        row for row in rows if Stands(row["seat_role"], row["seat_place__path"] or "") not in held
    ]
    places = Place.objects.in_bulk([row["seat_place_id"] for row in empty if row["seat_place_id"]])
    return [
        UnattendedSeat(row["seat_role"], places.get(row["seat_place_id"]), row["n"])
        for row in empty
    ]


@dataclass(frozen=True)
class Gap:
    """A place where a post should be held and is not, or that nobody manages."""

    place: Place
    role: str
    has_gatekeeper: bool = True


def gaps() -> list[Gap]:
    """Return the places of the scope with nobody: communities, grids, estates without property.

    An estate counts as managed when a property manager holds a post there or at a building of it,
    or when one of its buildings is registered as managed (story P10).
    """
    scope = current_scope()
    held = held_now()
    wanted = {"community": "secretary", "grid": "grid_worker"}
    empty_posts = []
    for place in Place.objects.filter(kind__in=wanted, ended_on__isnull=True):
        role = wanted[place.kind]
        if scope.holds(place.path) and Stands(role, place.path) not in held:
            empty_posts.append(Gap(place, role))
    return empty_posts + _unmanaged(held)


def _unmanaged(held: set[Stands]) -> list[Gap]:
    scope = current_scope()
    managers = [stands.path for stands in held if stands.role == "property_manager"]
    facts = list(Building.objects.values_list("scope_path", "property_managed", "gatekeeper"))
    unmanaged = []
    for estate in Place.objects.filter(kind="estate", ended_on__isnull=True):
        if not scope.holds(estate.path):
            continue
        inside = [fact for fact in facts if fact[0].startswith(estate.path)]
        is_managed = any(path.startswith(estate.path) for path in managers)
        if is_managed or any(fact[1] for fact in inside):
            continue
        if inside and all(fact[1] is None for fact in inside):
            continue  # nobody has said yet: unknown is not "without"
        unmanaged.append(Gap(estate, "property_manager", any(fact[2] for fact in inside)))
    return unmanaged
