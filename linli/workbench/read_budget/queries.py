"""Reading the account: what counts within the day, what the limit is, what was unusual."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from linli.core.scope import Scope, current_scope, use_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.queries import log_scope_of
from linli.workbench.journal.models import JournalEntry
from linli.workbench.read_budget import rules
from linli.workbench.read_budget.models import ReaderAccount, ReadLimit, ReadPerson
from linli.workbench.read_budget.terms import UNUSUAL_DAY

# Above this all rows of a user are read instead of naming each person.
FEW = 600
LOOK_BACK_DAYS, MOST_SHOWN = 7, 20


def begin(now: datetime) -> datetime:
    """Return when the day began that ends now."""
    return now - timedelta(hours=rules.WINDOW_HOURS)


@dataclass(frozen=True)
class ReadAccount:
    """Whom somebody read within the day: those who count, those noted at all, those who left."""

    counted: dict[int, datetime]
    noted: Set[int]
    taken: Set[int]


def known(user_id: int, now: datetime, people: Collection[int] | None = None) -> ReadAccount:
    """Return whom a user read within the day, of some people or of all, in one statement."""
    start = begin(now)
    rows = ReadPerson.objects.filter(user_id=user_id, noted_at__gt=start)
    if people is not None and len(people) <= FEW:
        rows = rows.filter(person__in=people)
    reads = list(rows.values_list("person", "counted_at", "taken_at"))
    return ReadAccount(
        {pk: counted for pk, counted, _taken in reads if counted is not None and counted > start},
        {pk for pk, _counted, _taken in reads},
        {pk for pk, _counted, taken in reads if taken is not None and taken > start},
    )


def read_today() -> int:
    """Return how many distinct people count for the active user within the day."""
    return len(known(current_scope().user_id or 0, timezone.now()).counted)


def taken_together(people: Collection[int]) -> int:
    """Return how many distinct people will have left in files today, with these."""
    user_id = current_scope().user_id
    before = known(user_id, timezone.now()).taken if user_id else set()
    return len(before | set(people))


def most_for(scope: Scope) -> int | None:
    """Return the limit of a scope: the nearest place up the tree that set one, else the rule's."""
    usual = rules.most_people(role=scope.role)
    if usual is None:
        return None
    read_limits = ReadLimit.objects.filter(role=scope.role, since__lte=today()).order_by(
        "since", "pk"
    )
    limits = dict(read_limits.values_list("scope_path", "most"))  # the latest of a place wins
    return max((_nearest(path, limits, usual) for path in scope.paths), default=usual)


def _nearest(path: str, limits: dict[str, int], usual: int) -> int:
    above = [limit for limit in limits if path.startswith(limit)]
    return limits[max(above, key=len)] if above else usual


def limits_set() -> QuerySet[ReadLimit]:
    """Return the limits that were set within the active scope, the latest first."""
    rows: QuerySet[ReadLimit] = ReadLimit.objects.select_related("place", "by")
    return rows.order_by("-since", "-pk")


def usual_of(reader: ReaderAccount, day: str) -> float | None:
    """Return how many people somebody reads on a usual day, this one left out."""
    return rules.usual_day(days=[n for on, n in reader.days.items() if on != day and n])


def unusual_days(user: User) -> list[JournalEntry]:
    """Return the unusual days of a week in the places whose log somebody watches over."""
    since = timezone.now() - timedelta(days=LOOK_BACK_DAYS)
    with use_scope(log_scope_of(user, today())):
        rows = JournalEntry.objects.filter(kind=UNUSUAL_DAY, at__gte=since)
        return list(rows.select_related("by").order_by("-seq")[:MOST_SHOWN])
