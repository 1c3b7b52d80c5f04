"""The board of the joint-duty station: what is open, late, waiting, unconfirmed; never who is best.

Everything is counted by place, category and week; nothing by person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.queries.cases import cases
from linli.capabilities.cases.terms import (
    ACTIVE_HANDLINGS,
    OPEN_STATES,
    CaseState,
    Outcome,
)
from linli.core.paths import path_after
from linli.core.time import to_china, today
from linli.register.places.models import Place
from linli.register.posts.terms import Role

WEEKS = 8
BEFORE_ANSWER = ("received", "assigned", "accepted", "in_hand", "handled")


@dataclass(frozen=True)
class Row:
    """One line of the board: what is counted, and how much of it."""

    label: str
    open: int
    late: int
    pk: int | None = None

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
    waiting_for: list[tuple[str, int]] = field(default_factory=list)
    by_place: list[Row] = field(default_factory=list)
    by_category: list[Row] = field(default_factory=list)
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
    late = unfinished.filter(state__in=BEFORE_ANSWER, due_on__lt=today())
    return Board(
        open=sum(states.values()),
        late=late.count(),
        received=states[CaseState.RECEIVED],
        handled=states[CaseState.HANDLED],
        answered=states[CaseState.ANSWERED],
        reopened=unfinished.filter(reopened_times__gt=0).count(),
        waiting_for=_waiting(unfinished),
        by_place=_by_place(unfinished, place),
        by_category=_by_category(unfinished),
        outcomes=_outcomes(seen, days),
        weeks=_weeks(seen),
    )


def _waiting(unfinished: QuerySet[Case]) -> list[tuple[str, int]]:
    """Say for which post or party matters wait: the role and its place, never a name."""
    shares = Handling.objects.filter(
        case__in=unfinished.values("pk"), state__in=ACTIVE_HANDLINGS
    ).values_list("party__name", "task__seat_role", "task__seat_place__name")
    counted: Counter[str] = Counter()
    for party, role, place in shares:
        label = str(Role(role).label) if role else _("无人负责")
        counted[party or f"{place} · {label}" if place else party or label] += 1
    return counted.most_common(12)


def _children(place: Place | None) -> list[Place]:
    kinds = ("community", "estate", "grid")
    if place is not None:
        return list(Place.objects.filter(parent=place, ended_on__isnull=True).order_by("path"))
    for kind in kinds:
        found = list(Place.objects.filter(kind=kind, ended_on__isnull=True).order_by("path"))
        if len(found) > 1:
            return found
    return []


def _by_place(unfinished: QuerySet[Case], place: Place | None) -> list[Row]:
    rows = list(unfinished.values_list("scope_path", "due_on", "state"))
    day, made = today(), []
    for child in _children(place):
        inside = [row for row in rows if row[0].startswith(child.path)]
        if inside:
            late = sum(
                1 for _path, due, state in inside if due and due < day and state in BEFORE_ANSWER
            )
            made.append(Row(child.name, len(inside), late, child.pk))
    return sorted(made, key=lambda row: (-row.late, -row.open))


def _by_category(unfinished: QuerySet[Case]) -> list[Row]:
    rows = unfinished.values_list("category_id", "category__name", "due_on", "state")
    day = today()
    opened: Counter[tuple[int | None, str]] = Counter()
    late: Counter[tuple[int | None, str]] = Counter()
    for pk, name, due, state in rows:
        key = (pk, name or _("未分类"))
        opened[key] += 1
        late[key] += bool(due and due < day and state in BEFORE_ANSWER)
    return [Row(key[1], count, late[key], key[0]) for key, count in opened.most_common(15)]


def _outcomes(seen: QuerySet[Case], days: int) -> list[tuple[str, str, int]]:
    """Count how matters ended, each outcome by itself: no sum of them is ever made."""
    since = today() - timedelta(days=days)
    counted = dict(
        seen.filter(state=CaseState.CLOSED, closed_at__date__gte=since)
        .values_list("outcome").annotate(n=Count("pk")).order_by()
    )  # fmt: skip
    return [(str(one.value), str(one.label), counted.get(one.value, 0)) for one in Outcome]


def _weeks(seen: QuerySet[Case]) -> list[Week]:
    monday = today() - timedelta(days=today().weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    came: Counter[date] = Counter()
    ended: Counter[date] = Counter()

    def week_of(moment: Any) -> date:
        day = to_china(moment)
        return day - timedelta(days=day.weekday())

    for moment in seen.filter(received_at__date__gte=first).values_list("received_at", flat=True):
        came[week_of(moment)] += 1
    for closed in seen.filter(closed_at__date__gte=first).values_list("closed_at", flat=True):
        ended[week_of(closed)] += 1
    mondays = [first + timedelta(weeks=n) for n in range(WEEKS)]
    return [Week(day, came[day], ended[day]) for day in mondays]
