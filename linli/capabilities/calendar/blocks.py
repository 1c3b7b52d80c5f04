"""What the calendar shows on 今日: the week, a day a field that opens its list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from linli.capabilities.calendar.upcoming import by_day
from linli.core.time import today

DAYS = 7


def week(_request: Any) -> dict[str, Any] | None:
    """Return how much lies on each of the coming days; nothing when there is nothing."""
    first = today()
    days = [first + timedelta(days=n) for n in range(DAYS)]
    numbers = {day: sum(not one.is_cut for one in rows) for day, rows in by_day(first, days[-1])}
    if not any(numbers.values()):
        return None
    here = reverse("calendar:month")
    return {
        "days": [(day, numbers.get(day, 0), f"{here}?month={day:%Y-%m}&day={day}") for day in days]
    }
