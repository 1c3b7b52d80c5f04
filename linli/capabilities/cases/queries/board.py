"""The board of the joint-duty station: what is open, late, waiting, unconfirmed; never who is best.

Everything is counted by place, category and week; nothing by person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.case_status import (
    BEFORE_ANSWER,
    danger_of_case,
    is_late,
    open_dangers,
)
from linli.capabilities.cases.queries.cases import cases
from linli.capabilities.cases.queries.responsible_parties import Waiting, waiting
from linli.capabilities.cases.terms import OPEN_STATES, CaseOutcome, CaseState
from linli.core.paths import path_after
from linli.core.time import to_china, today
from linli.register.places.models import Place

WEEKS = 8
TREND_WEEKS = 4
MOST_CATEGORIES = 15  # what is beyond stands in one row


@dataclass(frozen=True)
class BoardRow:
    """One line of the board: what is counted, and how much of it."""

    label: str
    open: int
    late: int
    pk: int | None = None
    came: int = 0  # in the last four weeks
    before: int = 0  # in the four weeks before
    kind: str = "place"  # "own": in none of the places beside it; "rest": beyond the list

    @property
    def note(self) -> str:
        """Say what is late, and whether more or less comes in than before."""
        late = ngettext("逾期%(n)s件", "逾期%(n)s件", self.late) % {"n": self.late}
        parts = [late] if self.late else []
        if self.came or self.before:
            words = {"came": self.came, "before": self.before}
            parts.append(_("近四周收到%(came)s件，前四周%(before)s件") % words)
        return " · ".join(parts)

    @property
    def pk_text(self) -> str:
        """Return the key as it stands in an address."""
        return "none" if self.pk is None else str(self.pk)


@dataclass(frozen=True)
class Week:
    """What came in and what ended in one week; ``starts`` is its Monday."""

    starts: date
    came: int
    ended: int


@dataclass(frozen=True)
class Board:
    """The station's board."""

    open: int
    late: int
    received: int
    handled: int
    answered: int
    reopened: int
    dangers: list[tuple[Case, str]] = field(default_factory=list)
    waiting_for: list[Waiting] = field(default_factory=list)
    by_place: list[BoardRow] = field(default_factory=list)
    by_category: list[BoardRow] = field(default_factory=list)
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)


def within(rows: QuerySet[Any], place: Place | None) -> QuerySet[Any]:
    """Return the rows at a place and below."""
    if place is None:
        return rows
    return rows.filter(scope_path__gte=place.path, scope_path__lt=path_after(place.path))


def board(place: Place | None = None, *, days: int = 90) -> Board:
    """Return the board of a place, or of the whole scope; outcomes are of the last ``days``."""
    seen = within(cases(), place)
    unfinished = seen.filter(state__in=OPEN_STATES)
    states: Counter[str] = Counter(
        dict(unfinished.values_list("state").annotate(n=Count("pk")).order_by())
    )
    late = unfinished.filter(is_late())
    came = _came(seen)
    return Board(
        open=sum(states.values()),
        late=late.count(),
        received=states[CaseState.RECEIVED],
        handled=states[CaseState.HANDLED],
        answered=states[CaseState.ANSWERED],
        reopened=unfinished.filter(reopened_times__gt=0).count(),
        waiting_for=waiting(unfinished),
        dangers=[
            (case, danger_of_case(case))
            for case in within(open_dangers(), place).select_related("place")
        ],
        by_place=_by_place(unfinished, place, came),
        by_category=_by_category(unfinished, came),
        outcomes=_outcomes(seen, days),
        weeks=_weeks(seen, came),
    )


def _children(place: Place | None) -> list[Place]:
    kinds = ("community", "estate", "grid")
    if place is not None:
        return list(Place.objects.filter(parent=place, ended_on__isnull=True).order_by("path"))
    # A scope of one community is split by its estates, one of one estate by its grids.
    for kind in kinds:
        places = list(Place.objects.filter(kind=kind, ended_on__isnull=True).order_by("path"))
        if len(places) > 1:
            return places
    return []


@dataclass(frozen=True)
class _Came:
    """A case that came in on a day: of which kind, and where."""

    day: date
    category: int | None
    path: str


def _first_week() -> date:
    return today() - timedelta(days=today().weekday(), weeks=WEEKS - 1)


def _came(seen: QuerySet[Case]) -> list[_Came]:
    rows = seen.filter(received_at__date__gte=_first_week())
    fields = ("received_at", "category_id", "scope_path")
    return [_Came(to_china(at), kind, path) for at, kind, path in rows.values_list(*fields)]


def _trend(some: Iterable[_Came]) -> tuple[int, int]:
    """Return how many came in the last four weeks and in the four before."""
    since = today() - timedelta(weeks=TREND_WEEKS)
    before = since - timedelta(weeks=TREND_WEEKS)
    days = [one.day for one in some]
    return sum(day > since for day in days), sum(before < day <= since for day in days)


def own_level(rows: QuerySet[Any], place: Place | None) -> QuerySet[Any]:
    """Return the rows within a place that lie in none of the places the board splits it into."""
    for child in _children(place):
        rows = rows.exclude(scope_path__gte=child.path, scope_path__lt=path_after(child.path))
    return within(rows, place)


def _by_place(unfinished: QuerySet[Case], place: Place | None, came: list[_Came]) -> list[BoardRow]:
    """Split what is open by place; what lies in none of them has its own row: they add up."""
    rows = list(unfinished.values_list("scope_path", "due_on", "state"))
    children = _children(place)
    lines = [_place_row(child.name, (child.path,), rows, came, child.pk) for child in children]
    lines = sorted((line for line in lines if line.open), key=lambda row: (-row.late, -row.open))
    paths = tuple(child.path for child in children)
    elsewhere = [row for row in rows if not row[0].startswith(paths)]
    if elsewhere:
        more = [one for one in came if not one.path.startswith(paths)]
        lines.append(replace(_place_row(_own_name(place), ("",), elsewhere, more), kind="own"))
    return lines


def _own_name(place: Place | None) -> str:
    return _("%(place)s本身") % {"place": place.name} if place else _("本级（不在下面各处）")


def _place_row(
    name: str,
    paths: tuple[str, ...],
    rows: Iterable[tuple[str, date | None, str]],
    came: Iterable[_Came],
    pk: int | None = None,
) -> BoardRow:
    inside = [(due, state) for path, due, state in rows if path.startswith(paths)]
    day = today()
    late = sum(1 for due, state in inside if due and due < day and state in BEFORE_ANSWER)
    trend = _trend(one for one in came if one.path.startswith(paths))
    return BoardRow(name, len(inside), late, pk, *trend)


def _by_category(unfinished: QuerySet[Case], came: list[_Came]) -> list[BoardRow]:
    rows = unfinished.values_list("category_id", "category__name", "due_on", "state")
    day = today()
    opened: Counter[tuple[int | None, str]] = Counter()
    late: Counter[tuple[int | None, str]] = Counter()
    for pk, name, due, state in rows:
        key = (pk, name or _("未分类"))
        opened[key] += 1
        late[key] += bool(due and due < day and state in BEFORE_ANSWER)
    shown = opened.most_common(MOST_CATEGORIES)
    lines = [
        BoardRow(
            key[1], n, late[key], key[0], *_trend(one for one in came if one.category == key[0])
        )
        for key, n in shown
    ]
    if rest := opened.total() - sum(n for _key, n in shown):
        rest_late = late.total() - sum(line.late for line in lines)
        names = {"n": len(opened) - len(shown)}
        lines.append(BoardRow(_("其余%(n)s类") % names, rest, rest_late, kind="rest"))
    return lines


def _outcomes(seen: QuerySet[Case], days: int) -> list[tuple[str, str, int]]:
    """Count how cases ended, each outcome by itself: no sum of them is ever made."""
    since = today() - timedelta(days=days)
    counted = dict(
        seen.filter(state=CaseState.CLOSED, closed_at__date__gte=since)
        .values_list("outcome")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [(str(one.value), str(one.label), counted.get(one.value, 0)) for one in CaseOutcome]


def _weeks(seen: QuerySet[Case], came: list[_Came]) -> list[Week]:
    first = _first_week()
    ended: Counter[date] = Counter()
    for closed in seen.filter(closed_at__date__gte=first).values_list("closed_at", flat=True):
        if closed is not None:
            ended[_monday(to_china(closed))] += 1
    mondays = [first + timedelta(weeks=n) for n in range(WEEKS)]
    arrived = Counter(_monday(one.day) for one in came)
    return [Week(day, arrived[day], ended[day]) for day in mondays]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
