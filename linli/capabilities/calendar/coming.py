"""What is coming in the active scope: deadlines, duties of facilities, other dates of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.core.registry import record_address
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


def everything(*, seats: Q | None = None, until: date | None = None) -> Iterator[Coming]:
    """Return what is coming; ``seats`` narrows it to the tasks of a post, without facilities."""
    yield from _tasks(seats, until)
    if seats is None:
        yield from _duties(until)
        yield from _dates(until)


def _tasks(seats: Q | None, until: date | None) -> Iterator[Coming]:
    found = tasks().filter(seats or Q(), state__in=UNFINISHED, due_on__isnull=False)
    if until is not None:
        found = found.filter(due_on__lte=until)
    for task in found.select_related("place").order_by("due_on", "pk")[:MOST]:
        kind = KINDS.get(task.kind)
        term = _(kind.term) if kind else _("待办")
        is_open = task.person_id is None and task.subject_kind.startswith("facilities.")
        if task.due_on is None:
            continue
        yield Coming(
            f"task-{task.pk}", task.due_on, task.title, str(task.place),
            record_address("tasks.task", task.pk), task.title if is_open else term,
        )  # fmt: skip


def _duties(until: date | None) -> Iterator[Coming]:
    found = Duty.objects.filter(ended=False, facility__ended_on__isnull=True)
    if until is not None:
        found = found.filter(due_on__lte=until)
    for one in found.select_related("facility__place").order_by("due_on", "pk")[:MOST]:
        title = f"{one.facility.name} · {one.name}"
        href = record_address("facilities.facility", one.facility_id)
        yield Coming(
            f"duty-{one.pk}", one.due_on, title, str(one.facility.place), href, title,
            one.months, one.days, one.anchor_on,
        )  # fmt: skip


def _dates(until: date | None) -> Iterator[Coming]:
    found = Facility.objects.filter(ended_on__isnull=True).select_related("place")
    inspected = Duty.objects.filter(kind=DutyKind.INSPECTION, ended=False).values("facility")
    for column, words in (
        ("next_inspection_on", _("检验")), ("expires_on", _("有效期至")),
        ("contract_until", _("合同到期")),
    ):  # fmt: skip
        rows = found.filter(**{f"{column}__isnull": False}).order_by(column, "pk")
        if until is not None:
            rows = rows.filter(**{f"{column}__lte": until})
        if column == "next_inspection_on":
            rows = rows.exclude(pk__in=inspected)
        for one in rows[:MOST]:
            title = f"{one.name} · {words}"
            href = record_address("facilities.facility", one.pk)
            yield Coming(
                f"{column}-{one.pk}", getattr(one, column), title, str(one.place), href, title
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
            start = (one.day.year - anchor.year) * 12 + one.day.month - anchor.month
            day = months_later(anchor, start + times * one.months)
        else:
            return


def by_day(first: date, last: date, *, seats: Q | None = None) -> list[tuple[date, list[Coming]]]:
    """Return what comes between two days, a day at a time."""
    found: dict[date, list[Coming]] = {}
    for one in everything(seats=seats, until=last):
        for day in days_of(one, first, last):
            found.setdefault(day, []).append(one)
    return sorted(found.items())
