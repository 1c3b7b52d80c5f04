"""Ages in full years (周岁), and the bounds on birth dates that say the same.

Comparisons over stored birth dates use the bounds, so that every engine agrees and no age is
stored that grows old. Somebody born on 29 February has the birthday on 1 March in other years;
this is what ``birth_date <= date - N years`` says in PostgreSQL, DuckDB and here alike.
"""

from __future__ import annotations

from datetime import date, timedelta


def age_on(birth: date, day: date) -> int:
    """Return the age in full years on a day; negative before the birth."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def born_on_or_before(age: int, day: date) -> date:
    """Return the latest birth date of those who are at least ``age`` on ``day``."""
    year = day.year - age
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February has no counterpart in that year
        return date(year, 2, 28)


def birth_bounds(
    *, at_least: int | None = None, at_most: int | None = None, day: date
) -> tuple[date | None, date | None]:
    """Return (born after, born on or before) for an age from ``at_least`` to ``at_most``.

    The first bound is exclusive, the second inclusive; None means unbounded.
    """
    after = None if at_most is None else born_on_or_before(at_most + 1, day)
    until = None if at_least is None else born_on_or_before(at_least, day)
    return after, until


def next_month(day: date) -> tuple[date, date]:
    """Return the first and the last day of the calendar month after a day."""
    # The 28th stands in every month, and four days later it is the next one.
    first = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def years_before(last: date, years: int) -> date:
    """Return the last day of the same month so many years earlier."""
    month = date(last.year - years, last.month, 28)
    return next_month(month)[0] - timedelta(days=1)


def turns_next_month(birth: date, day: date) -> int | None:
    """Return the age somebody reaches in the coming calendar month, None for who reaches none.

    Somebody born on 29 February reaches it in February.
    """
    first, _last = next_month(day)
    return (
        first.year - birth.year
        if birth.month == first.month and birth.year <= first.year
        else (None)
    )
