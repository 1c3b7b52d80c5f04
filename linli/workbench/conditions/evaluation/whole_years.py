"""Questions about whole years of a covered date are asked of the year: 80后, 1950年以前出生.

A birth date in the open answers day by day; the year alone does not. Both say the same rows.
"""

from __future__ import annotations

from datetime import date

from linli.core.fields import Compare, Field, Op


def by_years(field: Field, question: Compare) -> Compare:
    """Return the same question of the year, where the date names whole years; else as it was."""
    if not field.yearly:
        return question
    match question.op, question.value:
        case Op.BETWEEN, (date() as first, date() as last) if _begins(first) and _ends(last):
            if first.year == last.year:
                return Compare(field.yearly, Op.EQ, first.year)
            return Compare(field.yearly, Op.BETWEEN, (first.year, last.year))
        case Op.GE, date() as day if _begins(day):
            return Compare(field.yearly, Op.GE, day.year)
        case Op.LT, date() as day if _begins(day):
            return Compare(field.yearly, Op.LE, day.year - 1)
        case Op.LE, date() as day if _ends(day):
            return Compare(field.yearly, Op.LE, day.year)
        case Op.GT, date() as day if _ends(day):
            return Compare(field.yearly, Op.GE, day.year + 1)
    return question


def _begins(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def _ends(day: date) -> bool:
    return (day.month, day.day) == (12, 31)
