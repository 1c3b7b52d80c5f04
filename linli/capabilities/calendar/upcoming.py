"""What is coming in the active scope: deadlines, duties of facilities, other dates of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.core.interface.registry import record_address
from linli.register.facilities.models import Duty, Facility
from linli.register.facilities.rules import months_later
from linli.register.facilities.terms import DutyKind
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.queries import tasks
from linli.workbench.tasks.terms import UNFINISHED

MOST = 2000


@dataclass(frozen=True)
class Coming:
    """One thing on one day; with ``months`` or ``days`` it comes back, counted from ``anchor``."""

    key: str
    day: date
    title: str
    where: str
    href: str
    discreet: str  # the same without anybody's name
    months: int = 0
    days: int = 0
    anchor: date | None = None
    person: int | None = None  # who is named in the title
    is_cut: bool = False  # no thing, but the word that more came after this day than is listed


def everything(*, since: date, until: date, seats: Q | None = None) -> Iterator[Coming]:
    """Return what comes between two days; ``seats`` narrows it to the tasks of a post.

    What comes back is returned once, from its next day on, also when that lies before ``since``.
    """
    yield from _tasks(seats, since, until)
    if seats is None:
        yield from _duties(until)
        yield from _dates(since, until)


def _listed(rows: QuerySet[Any], day: str, show: Callable[[Any], Coming]) -> Iterator[Coming]:
    """Return the first rows; where there are more, say after which day they are missing."""
    last = None
    for number, row in enumerate(rows.order_by(day, "pk")[: MOST + 1]):
        if number == MOST and last is not None:
            words = _("太多了，%(day)s起的没有列全") % {"day": last.isoformat()}
            yield Coming(f"cut-{day}-{last}", last, words, "", "", words, is_cut=True)
            return
        last = getattr(row, day)
        yield show(row)


def _tasks(seats: Q | None, since: date, until: date) -> Iterator[Coming]:
    # What this post may see of tasks, not all that lie in its place: a title says who needs what.
    unfinished = tasks().filter(seats or Q(), state__in=UNFINISHED, due_on__range=(since, until))

    def show(task: Any) -> Coming:
        kind = KINDS.get(task.kind)
        term = _(kind.outside or kind.term) if kind else _("待办")
        # Only what is about a thing is named outside: a title without a name may tell a need too.
        is_open = task.person_id is None and task.subject_kind.startswith("facilities.")
        return Coming(
            f"task-{task.pk}",
            task.due_on,
            task.title,
            str(task.place),
            record_address("tasks.task", task.pk),
            task.title if is_open else term,
            person=task.person_id,
        )

    return _listed(unfinished.select_related("place"), "due_on", show)


def _duties(until: date) -> Iterator[Coming]:
    # Every duty comes back: one whose day lies before the period may fall into it again.
    duties = Duty.objects.filter(ended=False, facility__ended_on__isnull=True, due_on__lte=until)

    def show(duty: Duty) -> Coming:
        title = f"{duty.facility.name} · {duty.name}"
        href = record_address("facilities.facility", duty.facility_id)
        return Coming(
            f"duty-{duty.pk}",
            duty.due_on,
            title,
            str(duty.facility.place),
            href,
            title,
            duty.months,
            duty.days,
            duty.anchor_on,
        )

    return _listed(duties.select_related("facility__place"), "due_on", show)


def _dates(since: date, until: date) -> Iterator[Coming]:
    facilities = Facility.objects.filter(ended_on__isnull=True).select_related("place")
    inspected = Duty.objects.filter(kind=DutyKind.INSPECTION, ended=False).values("facility")
    for column, words in (
        ("next_inspection_on", _("检验")),
        ("expires_on", _("有效期至")),
        ("contract_until", _("合同到期")),
        ("papers_until", _("证件有效期")),
    ):
        rows = facilities.filter(**{f"{column}__range": (since, until)})
        if column == "next_inspection_on":
            # Those with a cycle are listed as duties already.
            rows = rows.exclude(pk__in=inspected)
        yield from _listed(rows, column, partial(_date, column, words))


def _date(column: str, words: str, facility: Facility) -> Coming:
    title = f"{facility.name} · {words}"
    href = record_address("facilities.facility", facility.pk)
    return Coming(
        f"{column}-{facility.pk}",
        getattr(facility, column),
        title,
        str(facility.place),
        href,
        title,
    )


def days_of(one: Coming, first: date, last: date) -> Iterator[date]:
    """Return the days of something between two days."""
    day, times = one.day, 0
    anchor = one.anchor or one.day
    while day <= last:
        if day >= first:
            yield day
        if one.days:
            day += timedelta(days=one.days)
        elif one.months:
            times += 1
            # From the anchor: the 31st stays the 31st after a month that has none.
            start = (one.day.year - anchor.year) * 12 + one.day.month - anchor.month
            day = months_later(anchor, start + times * one.months)
        else:
            return


def by_day(first: date, last: date, *, seats: Q | None = None) -> list[tuple[date, list[Coming]]]:
    """Return what comes between two days, a day at a time."""
    days: dict[date, list[Coming]] = {}
    for coming in everything(seats=seats, since=first, until=last):
        for day in days_of(coming, first, last):
            days.setdefault(day, []).append(coming)
    return sorted(days.items())
