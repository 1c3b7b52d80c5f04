"""What a capability plugs into the shell: rows of 今日, stops of 走访, verbs, figures, searches.

Like the pages and blocks of ``registry.py`` they are registered in ``ready()``; what is called
later is given by its dotted path within the app, so that starting imports none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from linli.core.dotted_paths import function_at
from linli.core.interface.registry import AlreadyRegistered, May, Words

if TYPE_CHECKING:  # the models of scope.py are not ready when apps.py is read
    from django.db.models import QuerySet

    from linli.core.scope import Scope


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def order(self) -> int: ...
    @property
    def may(self) -> May | None: ...


Entry = TypeVar("Entry", bound=_Keyed)
Row = TypeVar("Row")


class Entries(Generic[Entry]):
    """Things under a key, in their order, for those whose scope may have them."""

    def __init__(self, what: str) -> None:
        """Name what is kept, for the error when two apps claim one key."""
        self.what = what
        self._all: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        """Keep one more; raises AlreadyRegistered when its key is taken."""
        if entry.key in self._all:
            raise AlreadyRegistered(f"{self.what} {entry.key}")
        self._all[entry.key] = entry
        return entry

    def all(self) -> list[Entry]:
        """Return everything in order."""
        return sorted(self._all.values(), key=lambda one: (one.order, one.key))

    def open_to(self, scope: Scope | None) -> list[Entry]:
        """Return what the holder of this scope may have; whoever acts on it asks again."""
        return [
            one for one in self.all() if one.may is None or (scope is not None and one.may(scope))
        ]


@dataclass(frozen=True)
class TodayRow:
    """One thing to be done, as 今日 lists it: in its group by the day, the urgent first."""

    title: str
    href: str
    due: date | None = None
    note: str = ""
    icon: str = "checklist"
    is_danger: bool = False
    clock: str = ""  # words instead of the day, where a thing is counted in minutes


@dataclass(frozen=True)
class FirstRows(Generic[Row]):
    """The first rows of one source, how many there are in all, and the page with all of them."""

    rows: Sequence[Row]
    total: int
    href: str = ""


@dataclass(frozen=True)
class Stop:
    """One door to go to or one call to make."""

    title: str
    href: str
    by: str = "door"  # or "call"
    note: str = ""
    value: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class SearchHit:
    """One thing that was found; ``is_sure`` when what was typed names it alone."""

    label: str
    href: str
    note: str = ""
    icon: str = "search"
    is_sure: bool = False


TodayRows = FirstRows[TodayRow]
Stops = FirstRows[Stop]
SearchHits = FirstRows[SearchHit]


def first_hits(
    rows: QuerySet[Any], limit: int, hit: Callable[[Any], SearchHit], href: str = ""
) -> SearchHits:
    """Return the first rows as hits; they are counted only where there are more than those."""
    shown = list(rows[: limit + 1])
    total = len(shown) if len(shown) <= limit else rows.count()
    return SearchHits([hit(row) for row in shown[:limit]], total, href)


@dataclass(frozen=True)
class Source:
    """Something that is asked for rows: for 今日, 走访 or the search."""

    key: str
    label: Words
    build: Callable[..., Any]
    may: May | None
    order: int


@dataclass(frozen=True)
class QuickVerb:
    """One verb of ＋记: what is written down on the way."""

    key: str
    label: Words
    icon: str
    url_name: str
    may: May | None
    order: int


@dataclass(frozen=True)
class RecordVerb:
    """One verb on the page of a record; ``href(request, record)`` is "" where it does not fit."""

    key: str
    record: str
    label: Words
    icon: str
    href: Callable[[Any, Any], str]
    may: May | None
    order: int


@dataclass(frozen=True)
class PlaceFigure:
    """One number per place, for the matrix of an office; each cell opens its list.

    ``count(places)`` gives {key of a place: number} over all that lies below each;
    ``href(place)`` is the list that has as many rows.
    """

    key: str
    label: Words
    count: Callable[[Sequence[Any]], Mapping[int, int]]
    href: Callable[[Any], str]
    may: May | None
    order: int


today_sources: Entries[Source] = Entries("source of 今日")
stop_sources: Entries[Source] = Entries("source of 走访")
search_sources: Entries[Source] = Entries("search source")
quick_verbs: Entries[QuickVerb] = Entries("quick verb")
public_entries: Entries[QuickVerb] = Entries("public entry")
place_figures: Entries[PlaceFigure] = Entries("place figure")
_record_verbs: Entries[RecordVerb] = Entries("record verb")


def register_today(
    key: str, *, label: Words, build: str, may: May | None = None, order: int = 50
) -> Source:
    """Add rows to 今日: ``build(request, limit)`` gives TodayRows, or None for nothing."""
    return today_sources.add(Source(key, label, function_at(build), may, order))


def register_stops(
    key: str, *, label: Words, build: str, may: May | None = None, order: int = 50
) -> Source:
    """Add doors and calls to 走访: ``build(request, limit)`` gives Stops, or None for nothing."""
    return stop_sources.add(Source(key, label, function_at(build), may, order))


def register_search(
    key: str, *, label: Words, find: str, may: May | None = None, order: int = 50
) -> Source:
    """Add a group to the one search: ``find(words, limit)`` gives SearchHits, or None for nothing.

    It answers as the list of its app does: what may not be seen there is not found here.
    """
    return search_sources.add(Source(key, label, function_at(find), may, order))


def register_quick_verb(
    key: str, *, label: Words, icon: str, url_name: str, may: May | None = None, order: int = 50
) -> QuickVerb:
    """Add a verb to ＋记."""
    return quick_verbs.add(QuickVerb(key, label, icon, url_name, may, order))


def register_public_entry(
    key: str, *, label: Words, icon: str, url_name: str, order: int = 50
) -> QuickVerb:
    """Offer residents, who have no account, a page; it stands beside the sign-in."""
    return public_entries.add(QuickVerb(key, label, icon, url_name, None, order))


def register_record_verb(
    key: str,
    *,
    record: str,
    label: Words,
    icon: str,
    href: str,
    may: May | None = None,
    order: int = 50,
) -> RecordVerb:
    """Offer a verb on the pages of one kind of record ("people.person")."""
    return _record_verbs.add(RecordVerb(key, record, label, icon, function_at(href), may, order))


def record_verbs(record: str, scope: Scope | None) -> list[RecordVerb]:
    """Return the verbs for one kind of record that this scope may use, in order."""
    return [one for one in _record_verbs.open_to(scope) if one.record == record]


def register_place_figure(
    key: str, *, label: Words, count: str, href: str, may: May | None = None, order: int = 50
) -> PlaceFigure:
    """Add a column to the matrix of places that an office sees first."""
    return place_figures.add(
        PlaceFigure(key, label, function_at(count), function_at(href), may, order)
    )
