"""Working days: the State Council's plan for each year, and what an operator adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.core.errors import Refused

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class UnknownYear(Refused):
    """Nobody has told this installation the holidays of that year."""

    def __init__(self, year: int) -> None:
        sentence = _("%(year)s年的节假日安排尚未录入，无法计算工作日") % {"year": year}
        hint = _("请管理员按国务院通知录入该年的放假和调休日期")
        super().__init__("calendar.unknown_year", sentence, hint=hint)
        self.year = year


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked.

    ``overrides`` maps a day to "is worked" and wins over everything. ``complete_years`` are years
    whose whole plan stands in the overrides: their other days follow the week. With
    ``assume_weeks`` an unknown year follows the week too, instead of being refused; use it only
    where a provisional answer is better than none, and say so (``is_known``).
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    complete_years: frozenset[int] = frozenset()
    assume_weeks: bool = False

    def is_known(self, year: int) -> bool:
        """Is the plan of this year known, published or entered?"""
        # Any day will do: a year is published as a whole.
        return year in self.complete_years or _published(date(year, 7, 1)) is not None

    def is_working_day(self, day: date) -> bool:
        """Is this day worked? Refuses for a year it does not know."""
        entered = self.overrides.get(day)
        if entered is not None:
            return entered
        if day.year not in self.complete_years:
            published = _published(day)
            if published is not None:
                return published
            if not self.assume_weeks:
                raise UnknownYear(day.year)
        return day.weekday() < SATURDAY


PUBLISHED = WorkCalendar()


def with_plan(
    calendar: WorkCalendar, year: int, holidays: Iterable[date], worked: Iterable[date]
) -> WorkCalendar:
    """Return the calendar with the whole plan of one year: days off and weekends worked."""
    plan = {**dict.fromkeys(holidays, False), **dict.fromkeys(worked, True)}
    stray = [day for day in plan if day.year != year]
    if stray:
        raise ValueError(f"{stray[0]} is not in {year}")
    others = {day: is_worked for day, is_worked in calendar.overrides.items() if day.year != year}
    return WorkCalendar({**others, **plan}, calendar.complete_years | {year}, calendar.assume_weeks)


def is_working_day(day: date, calendar: WorkCalendar = PUBLISHED) -> bool:
    """Is this day worked?"""
    return calendar.is_working_day(day)


def add_working_days(start: date, days: int, calendar: WorkCalendar = PUBLISHED) -> date:
    """Return the working day that is ``days`` working days after ``start``, which is not counted.

    Negative counts back. Zero is ``start`` itself if it is worked, else the next working day.
    """
    step = ONE_DAY if days >= 0 else -ONE_DAY
    day, left = start, abs(days)
    if left == 0 and not calendar.is_working_day(day):
        left = 1
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return day


def working_days_between(start: date, end: date, calendar: WorkCalendar = PUBLISHED) -> int:
    """Count the working days after ``start`` up to and with ``end``; negative if it lies before."""
    if end < start:
        return -working_days_between(end, start, calendar)
    span = (end - start).days
    return sum(calendar.is_working_day(start + ONE_DAY * n) for n in range(1, span + 1))


def _published(day: date) -> bool | None:
    """Ask the published plan; None when it does not reach so far."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
