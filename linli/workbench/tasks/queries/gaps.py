"""Where nobody is responsible: seats nobody holds, tasks that have gone up, estates (P10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from linli.core.batch_cache import cached
from linli.core.scope import current_scope
from linli.register.places.models import Building, Place
from linli.register.posts.rules import STANDS_AT
from linli.workbench.tasks.kinds import usual_role
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import held_now
from linli.workbench.tasks.rules import Stands, responsible
from linli.workbench.tasks.terms import UNFINISHED


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
        (row["missing_role"] or usual_role(row["kind"]), row["place__path"])
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


def _unmanaged(held: frozenset[Stands]) -> list[Gap]:
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
