"""What 走访 and the page of a resident say of visits and promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from linli.capabilities.visits import rules
from linli.capabilities.visits.queries import of_person as about
from linli.capabilities.visits.queries import planned_visits
from linli.core.interface.shell import Stop, Stops
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus

AHEAD = 7  # days: this week's visits


def stops(_request: Any, limit: int) -> Stops | None:
    """Return whom to visit this week, by door, without names: these stand on the visit's page."""
    day = today()
    due = planned_visits().filter(day__lte=day + timedelta(days=AHEAD))
    rows = [
        Stop(
            str(visit.place),
            reverse("visits:visit", args=[visit.pk]),
            value=f"{visit.day:%m-%d}",
            is_late=visit.until < day,
        )
        for visit in due.order_by("day", "place__path", "pk")[:limit]
    ]
    return Stops(rows, due.count(), reverse("visits:home"))


def of_person(_request: Any, person: Person) -> dict[str, Any] | None:
    """Return the next and the last visit and what was promised, for those who visit."""
    if current_scope().role not in rules.MAY_VISIT or person.status != PersonStatus.CURRENT:
        return None
    facts = about(person)
    return {**vars(facts), "person": person}
