"""Days, ages and working days, as they are counted in China."""

from linli.core.time.ages import age_on, birth_bounds, born_on_or_before
from linli.core.time.duration import due_words, elapsed_words, minutes_since
from linli.core.time.parsing import NotADate, ParsedDate, Precision, parse_date, parse_moment
from linli.core.time.partial import PartialDate, day_from, day_words, with_precision
from linli.core.time.today import CHINA, now, to_china, today
from linli.core.time.working_days import (
    UnknownYear,
    WorkCalendar,
    add_working_days,
    is_working_day,
    working_days_between,
)

__all__ = [
    "CHINA",
    "NotADate",
    "ParsedDate",
    "PartialDate",
    "Precision",
    "UnknownYear",
    "WorkCalendar",
    "add_working_days",
    "age_on",
    "birth_bounds",
    "born_on_or_before",
    "day_from",
    "day_words",
    "due_words",
    "elapsed_words",
    "is_working_day",
    "minutes_since",
    "now",
    "parse_date",
    "parse_moment",
    "to_china",
    "today",
    "with_precision",
    "working_days_between",
]
