"""The working days of this installation: the published plan and what an operator entered."""

from __future__ import annotations

from datetime import date

from linli.core.batch_cache import cached
from linli.core.time import WorkCalendar, today
from linli.workbench.tasks.models import YearPlan


def calendar() -> WorkCalendar:
    """Return the calendar deadlines are counted by.

    A year nobody has entered follows the week, so that no matter waits for the plan; the operator
    is told (``unknown_year_ahead``) and the days are counted anew when it is entered.
    """
    return cached("tasks.calendar", _entered)


def _entered() -> WorkCalendar:
    overrides: dict[date, bool] = {}
    years = set()
    for plan in YearPlan.objects.all():
        years.add(plan.year)
        overrides |= {date.fromisoformat(day): False for day in plan.holidays}
        overrides |= {date.fromisoformat(day): True for day in plan.worked}
    return WorkCalendar(overrides, frozenset(years), assume_weeks=True)


def unknown_year_ahead(on: date | None = None) -> int | None:
    """Return this or the coming year if its days off are not known though deadlines reach it.

    The State Council announces the coming year's plan in October or November.
    """
    day = on or today()
    ahead = [day.year, day.year + 1] if day.month >= 11 else [day.year]
    known = calendar()
    return next((year for year in ahead if not known.is_known(year)), None)
