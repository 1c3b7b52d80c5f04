"""Seats: a role at a place, who sits there today, and where nobody does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.db.models import Q, QuerySet

from linli.core.batch_cache import cached, cached_on_page
from linli.core.paths import ancestors
from linli.core.scope import current_scope, system_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.rules import (
    MAY_DISPATCH,
    SEES_CONFIDENTIAL,
    Answer,
    Asked,
    Stands,
    answering,
    chain_of,
    held_by_others,
    next_seen,
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


def holders_now(above: str = "") -> dict[Stands, frozenset[int]]:
    """Return who holds which post today, also above the active scope; or those above a path."""
    found: dict[Stands, set[int]] = defaultdict(set)
    with system_scope("who answers for a place may sit above it"):
        posts = _held()
        if above:
            posts = posts.filter(scope_path__in=[*ancestors(above), above])
        for role, path, user in posts.values_list("role", "scope_path", "user_id"):
            found[Stands(role, path)].add(user)
    return {stands: frozenset(users) for stands, users in found.items()}


def held_now(excluded: Collection[int] = ()) -> frozenset[Stands]:
    """Return every post that somebody holds today, and not only those who are excluded."""
    return held_by_others(holders=cached("tasks.holders", holders_now), excluded=excluded)


def holders(seat: Seat, excluded: Collection[int] = ()) -> list[str]:
    """Return the names of those who sit there today and may do what waits there."""
    return [user.name for user in _users(seat.role, seat.place) if user.pk not in excluded]


def users_at(task: Task) -> list[User]:
    """Return who holds the post of a task today and may do it; nobody when the post is empty."""
    with system_scope("who answers for a place may sit above it"):
        place = task.seat_place
    users = _users(task.seat_role, place)
    return [user for user in users if user.pk not in task.excluded_users]


def users_raised_to(task: Task) -> list[User]:
    """Return who holds the post today that a task was sent up to."""
    with system_scope("who answers for a place may sit above it"):
        place = task.raised_place
    return [user for user in _users(task.raised_role, place) if user.pk not in task.excluded_users]


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


def seat_up(
    role: str, place: Place, *, confidential: bool = False, excluded: Collection[int] = ()
) -> Seat | None:
    """Return the seat above a seat of this role; what is confidential goes on to who sees such."""
    asked = Asked(role, place.path, confidential=confidential, excluded=tuple(excluded))
    above = next_seen(asked, role, cached("tasks.holders", holders_now))
    return _seat(above, role, is_gap=False) if above else None


def seat_now(seat: Seat, place: Place, *, confidential: bool, excluded: Collection[int]) -> Seat:
    """Return where a task that was meant for ``seat`` goes at this moment; reads the posts anew.

    Ask while nobody else can give or end a post (``one_writer``), or it may be another by then.
    """
    at = Stands(seat.role, seat.place.path) if seat.place and not seat.is_gap else None
    asked = Asked(
        role=seat.missing or seat.role,
        path=place.path,
        chosen=at.path if at else "",
        at=at,
        confidential=confidential,
        excluded=tuple(excluded),
    )
    return _of(answering(asked, holders_now(place.path)))


def _of(answer: Answer) -> Seat:
    if answer.seat is None:
        return Seat(answer.missing, None, is_gap=True, missing=answer.missing)
    return Seat(answer.seat.role, _at(answer.seat.path), bool(answer.missing), answer.missing)


def by_hand(asked: Seat | None, seat: Seat, place: Place) -> Place | None:
    """Return where a seat stands that was given by hand and is not the nearest of its role."""
    if asked is None or asked.is_gap or seat.is_gap or seat.place is None:
        return None
    nearest = responsible(role=seat.role, path=place.path, held=holders_now(place.path)).seat
    is_usual = nearest is not None and nearest.path == seat.place.path
    return None if is_usual else seat.place


def seats_for_choice(place: Place, excluded: Collection[int] = ()) -> list[Seat]:
    """Return the seats that cover a place and somebody holds, nearest first: to hand a task to."""
    covering = sorted(
        (
            stands
            for stands in held_now(excluded)
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
    return list(cached_on_page("tasks.my_places", _my_places))


def _my_places() -> list[int]:
    rows = Place.objects.filter(path__in=current_scope().paths)
    return list(rows.values_list("pk", flat=True))


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
    return list(cached_on_page("tasks.vacant_for_me", _vacant_for_me))


def _vacant_for_me() -> list[tuple[str, int | None, bool]]:
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
