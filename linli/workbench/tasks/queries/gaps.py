"""Where nobody is responsible: seats nobody holds, tasks that have gone up, estates (P10)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.core.batch_cache import batch_cache, cached
from linli.core.paths import ancestors
from linli.core.scope import current_scope
from linli.register.places.models import Building, EstateStatement, Place
from linli.register.posts.rules import STANDS_AT
from linli.workbench.tasks.kinds import usual_role
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import held_now
from linli.workbench.tasks.rules import Stands, responsible
from linli.workbench.tasks.terms import UNFINISHED


@dataclass(frozen=True)
class UnattendedSeat:
    """A seat nobody holds, and how many tasks wait there, or are minded from above instead.

    ``own_matters`` wait though somebody sits there: all who do must not do them.
    """

    role: str
    place: Place | None
    tasks: int
    is_minded: bool = False
    own_matters: int = 0


def unattended() -> list[UnattendedSeat]:
    """Return the seats in the scope that nobody holds and where tasks wait or have gone up."""
    with batch_cache():  # who holds what, and where posts stand, is asked once
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
        .annotate(n=Count("pk"), own=Count("pk", filter=~Q(excluded_users=[])))
        .order_by("seat_place__path")
    )
    held = held_now()
    empty = [
        row for row in rows if Stands(row["seat_role"], row["seat_place__path"] or "") not in held
    ]
    places = Place.objects.in_bulk([row["seat_place_id"] for row in empty if row["seat_place_id"]])
    return [
        UnattendedSeat(
            row["seat_role"], places.get(row["seat_place_id"]), row["n"], own_matters=row["own"]
        )
        for row in empty
    ]


@dataclass(frozen=True)
class Gap:
    """A place where a post should be held and is not, or that nobody manages.

    ``gatekeeper`` and ``stated_on`` are of an estate; None when nobody has said.
    """

    place: Place
    role: str
    gatekeeper: bool | None = None
    stated_on: date | None = None


@dataclass(frozen=True)
class Estates:
    """How the estates of the scope stand: managed, stated to be without, or not yet said."""

    total: int
    unmanaged: list[Gap]
    unknown: list[Gap]

    @property
    def without_gatekeeper(self) -> int:
        """How many of those without property management are stated to have no gatekeeper."""
        return sum(gap.gatekeeper is False for gap in self.unmanaged)

    @property
    def summary(self) -> str:
        """Say in one line how many there are and how many are without."""
        counts = {"all": self.total, "n": len(self.unmanaged), "m": self.without_gatekeeper}
        return _("小区%(all)s个：%(n)s个没有物业，其中%(m)s个没有门岗") % counts


def gaps() -> list[Gap]:
    """Return the places of the scope with nobody: communities, grids, estates without property."""
    return empty_posts() + estates().unmanaged


def empty_posts() -> list[Gap]:
    """Return the communities and grids whose post nobody holds."""
    scope, held = current_scope(), held_now()
    wanted = {"community": "secretary", "grid": "grid_worker"}
    return [
        Gap(place, wanted[place.kind])
        for place in Place.objects.filter(kind__in=wanted, ended_on__isnull=True)
        if scope.holds(place.path) and Stands(wanted[place.kind], place.path) not in held
    ]


def estates() -> Estates:
    """Return the estates of the scope by whether somebody manages them (story P10).

    One counts as managed when a property manager holds a post there or at a building of it, or
    when it or one of its buildings is registered as managed; as without when that was stated.
    """
    scope = current_scope()
    rows = Place.objects.filter(kind="estate", ended_on__isnull=True)
    here = {place.path: place for place in rows if scope.holds(place.path)}
    said: dict[str, list[tuple[bool | None, bool | None]]] = defaultdict(list)
    facts = ("scope_path", "property_managed", "gatekeeper")
    for path, managed, gatekeeper in Building.objects.values_list(*facts):
        for estate in here.keys() & set(ancestors(path)):
            said[estate].append((managed, gatekeeper))
    for stands in held_now():
        if stands.role == "property_manager":
            for estate in here.keys() & {stands.path, *ancestors(stands.path)}:
                said[estate].append((True, None))
    stated = {one.scope_path: one for one in EstateStatement.objects.all()}
    unmanaged: list[Gap] = []
    unknown: list[Gap] = []
    for path, place in here.items():
        statement, known = stated.get(path), said[path]
        if statement is not None:
            known = [*known, (statement.property_managed, statement.gatekeeper)]
        gap = Gap(
            place,
            "property_manager",
            _whole([gatekeeper for _managed, gatekeeper in known]),
            statement.stated_on if statement else None,
        )
        is_managed = _whole([managed for managed, _gatekeeper in known])
        if is_managed is not True:
            (unknown if is_managed is None else unmanaged).append(gap)
    return Estates(len(here), unmanaged, unknown)


def _whole(said: list[bool | None]) -> bool | None:
    """Return what holds of a whole estate: yes when somewhere yes; what nobody said is unknown."""
    if True in said:
        return True
    return False if False in said else None
