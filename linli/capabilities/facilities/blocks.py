"""What 今日 and the page of a place say of the facilities there."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Least

from linli.core.time import today
from linli.register.facilities.models import Facility
from linli.register.facilities.queries import facilities
from linli.register.places.queries import below

SHOWN = 10
SHOWN_ON_HOME = 4


def next_due(rows: QuerySet[Facility]) -> QuerySet[Facility]:
    """Return the facilities that have a next day, as ``due``, in its order."""
    duty, inspection = F("next_duty_on"), F("next_inspection_on")
    due = Least(Coalesce(duty, inspection), Coalesce(inspection, duty))
    return rows.annotate(due=due).filter(due__isnull=False).order_by("due", "pk")


def dates(_request: Any) -> dict[str, Any] | None:
    """Return the next dates of what I look after."""
    rows = next_due(facilities())
    shown = list(rows[:SHOWN_ON_HOME])
    return {"facilities": shown, "total": rows.count(), "today": today()} if shown else None


def of_place(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the facilities at and below a place, the next due first."""
    here = facilities().filter(below(record.path))
    rows = list(here.order_by("next_duty_on", "next_inspection_on", "pk")[:SHOWN])
    return {"facilities": rows} if rows else None
