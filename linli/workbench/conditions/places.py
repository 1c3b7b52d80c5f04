"""Names of places in the active scope, for canonical text and for sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db.models import Q

from linli.core.errors import NotFound
from linli.core.fields import AllOf, AnyOf, Compare, Dictionary, Has, Kind, Node, Not
from linli.core.paths import ancestors
from linli.core.scope import Scope, current_scope
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

# There is a first grid in every community and a house 3 in every estate: the address says which.
NAMED_BY_ADDRESS = frozenset(
    {
        PlaceKind.GRID,
        PlaceKind.MICRO_GRID,
        PlaceKind.BUILDING,
        PlaceKind.ENTRANCE,
        PlaceKind.DWELLING,
    }
)


def spoken_name(kind: str, name: str, address: str) -> str:
    """Return what a place is called in a condition."""
    return address if kind in NAMED_BY_ADDRESS and address else name


FEW_OF = frozenset({PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY})


@dataclass
class _KnownPlaces:
    """What was read of places: each by its path, and the only one of a level with a name."""

    rows: dict[str, tuple[str, str, str] | None] = field(default_factory=dict)
    only: dict[tuple[str, str], str] = field(default_factory=dict)
    is_of_a_page: bool = False
    has_read_few: bool = False

    def read_few(self) -> None:
        """Read the levels of which there are few all at once, for a page that may name many."""
        if self.has_read_few or not self.is_of_a_page:
            return
        self.has_read_few = True
        there = Place.objects.filter(kind__in=FEW_OF, ended_on__isnull=True).order_by()
        for path, kind, name, address in there.values_list("path", "kind", "name", "address"):
            self.rows[path] = (kind, name, address)
            # Of two with one name neither is the only one.
            self.only[kind, name] = "" if (kind, name) in self.only else path

    def read(self, paths: Iterable[str]) -> None:
        """Read the places that were not read yet: kind, name, address; None where there is none."""
        missing = set(paths) - self.rows.keys()
        if missing:
            places = Place.objects.filter(path__in=missing).order_by()
            # What is not there is noted too, and not asked for again.
            self.rows |= dict.fromkeys(missing)
            for path, *columns in places.values_list("path", "kind", "name", "address"):
                self.rows[path] = (columns[0], columns[1], columns[2])


_named: ContextVar[dict[Scope, _KnownPlaces] | None] = ContextVar("linli_place_names", default=None)


@contextmanager
def named_once() -> Iterator[None]:
    """Inside the block every place is named once for each scope: for a page that only reads."""
    token = _named.set({})
    try:
        yield
    finally:
        _named.reset(token)


def _known() -> _KnownPlaces:
    by_scope = _named.get()
    return (
        _KnownPlaces()
        if by_scope is None
        else by_scope.setdefault(current_scope(), _KnownPlaces(is_of_a_page=True))
    )


def name_together(paths: Iterable[str]) -> None:
    """Name many places at once, for a page that is about to say each of them."""
    known, wanted = _known(), set(paths)
    known.read(wanted)
    rows = [row for path in wanted if (row := known.rows[path])]
    called = {(kind, spoken_name(kind, name, address)) for kind, name, address in rows}
    names = {name for _kind, name in called}
    there = Place.objects.filter(
        Q(name__in=names) | Q(address__in=names),
        kind__in={kind for kind, _name in called},
        ended_on__isnull=True,
    ).order_by()
    paths_of: dict[tuple[str, str], list[str]] = {one: [] for one in called}
    for path, kind, name, address in there.values_list("path", "kind", "name", "address"):
        paths_of.get((kind, spoken_name(kind, name, address)), []).append(path)
    known.only |= {one: paths[0] if len(paths) == 1 else "" for one, paths in paths_of.items()}


class NamesInScope:
    """Place names of the database, both ways, remembered for one question or one page."""

    def __init__(self) -> None:
        self._known = _known()

    def name_of(self, path: str) -> str:
        """Return what a place is called, "" if this scope has none there."""
        if path not in self._known.rows:
            self._known.read_few()
        self._known.read([path])
        row = self._known.rows[path]
        return spoken_name(*row) if row else ""

    def path_of(self, level: str, name: str) -> str:
        """Return the path of the only place of a level with that name, else ""."""
        only = self._known.only
        if level in FEW_OF and (level, name) not in only:
            self._known.read_few()
        if (level, name) not in only:
            called = Q(name=name)
            if level in NAMED_BY_ADDRESS:
                called = Q(address=name) | Q(address="", name=name)
            places = Place.objects.filter(called, kind=level, ended_on__isnull=True)
            # Two are enough to know that the name is not the only one.
            paths = list(places.order_by("path").values_list("path", flat=True)[:2])
            only[level, name] = paths[0] if len(paths) == 1 else ""
        return only[level, name]


def places_asked(node: Node, subject: str, dictionary: Dictionary) -> set[tuple[str, str]]:
    """Return (level, path) of every place a condition names."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return {one for part in parts for one in places_asked(part, subject, dictionary)}
        case Not(part):
            return places_asked(part, subject, dictionary)
        case Has(key, where, _):
            relation = dictionary.subject(subject).relation(key)
            return places_asked(where, relation.target, dictionary) if relation else set()
        case Compare(key, _, value):
            one = dictionary.field(subject, key)
            if one.kind is Kind.PLACE:
                paths = value if isinstance(value, tuple) else (value,)
                return {(one.level, str(path)) for path in paths}
    return set()


def check_places(node: Node, subject: str, dictionary: Dictionary) -> None:
    """Refuse a place that is not there, or not for this post: both look the same."""
    named = places_asked(node, subject, dictionary)
    if not named:
        return
    known = _known()
    known.read(path for _, path in named)
    if any(row is None or row[0] != level for level, path in named for row in [known.rows[path]]):
        raise NotFound("条件里的地方没有找到，或不在您的范围内")


def names_above(paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return for each path the names of the places at and above it by level."""
    paths = set(paths)
    wanted = {above for path in paths for above in (*ancestors(path), path)}
    kinds = [kind for kind in PlaceKind if kind != PlaceKind.DWELLING]
    known = {
        path: (kind, spoken_name(kind, name, address))
        for path, kind, name, address in Place.objects.filter(
            path__in=wanted, kind__in=kinds
        ).values_list("path", "kind", "name", "address")
    }
    return {
        path: dict(known[above] for above in (*ancestors(path), path) if above in known)
        for path in paths
    }
