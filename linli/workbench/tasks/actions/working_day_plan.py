"""The working days of a year are entered, and what was counted without them is counted anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.time import add_working_days, to_china
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.journal.hash_chain import one_writer
from linli.workbench.tasks import rules
from linli.workbench.tasks.actions.transition_checks import write_task_journal
from linli.workbench.tasks.kinds import tell_listeners
from linli.workbench.tasks.models import Task, YearPlan
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent

may_set_working_days = role_in(rules.MAY_SET_WORKING_DAYS)


@dataclass(frozen=True)
class EnteredPlan:
    """A year's plan, and how many open tasks have another day by it."""

    plan: YearPlan
    recounted: int


@action(
    "working_days.enter",
    term=gettext_noop("录入工作日安排"),
    may=may_set_working_days,
    journal="working_days.entered",
)
def enter_year(
    *, year: int, holidays: list[date], worked: list[date], source: str, by: User | None
) -> EnteredPlan:
    """Enter a year's days off and weekends worked; open tasks counted through it get their day."""
    stray = [day for day in [*holidays, *worked] if day.year != year]
    if stray:
        names = {"day": stray[0].isoformat(), "year": year}
        raise Refused("calendar.other_year", _("%(day)s不在%(year)s年") % names, "holidays")
    both = set(holidays) & set(worked)
    if both:
        names = {"day": min(both).isoformat()}
        raise Refused("calendar.both", _("%(day)s既放假又上班") % names, "worked")
    if len(source.strip()) < rules.SHORTEST_REASON:
        raise Refused("calendar.source", _("请写明通知的文号"), "source")
    plan, _made = YearPlan.objects.update_or_create(
        year=year,
        defaults={
            "holidays": sorted(day.isoformat() for day in set(holidays)),
            "worked": sorted(day.isoformat() for day in set(worked)),
            "source": source.strip(),
        },
    )
    recounted = _recount(year, by)
    write_journal(
        "working_days.entered", text=f"{year} · {source}", data={"recounted": recounted}, by=by
    )
    return EnteredPlan(plan, recounted)


def _recount(year: int, by: User | None) -> int:
    """Count the days of open tasks anew that nobody set by hand and that this year reaches."""
    known = calendar()
    waiting = Task.objects.filter(
        state__in=UNFINISHED,
        counted_days__isnull=False,
        due_on__gte=date(year, 1, 1),
        opened_at__year__lte=year,
    )
    changed = 0
    for task in waiting.select_related("place", "person").order_by("pk"):
        due = add_working_days(to_china(task.opened_at), task.counted_days, known)
        if due != task.due_on:
            recount_task(task=task, due_on=due, by=by)
            changed += 1
    return changed


@action(
    "task.recount",
    term=gettext_noop("重算期限"),
    may=may_set_working_days,
    journal="task.recounted",
)
def recount_task(*, task: Task, due_on: date, by: User | None) -> Task:
    """Give a task the day that the working days of the year now say."""
    before, task.due_on, task.changed_at = task.due_on, due_on, timezone.now()
    one_writer()
    # The day alone: somebody may be taking the task at this moment.
    Task.objects.filter(pk=task.pk).update(due_on=due_on, changed_at=task.changed_at)
    write_task_journal("task.recounted", task, by, before=str(before), due=str(due_on))
    tell_listeners(task, TaskEvent.RECOUNTED, by)
    return task
