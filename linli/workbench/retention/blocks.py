"""What retention shows on 今日, and on the file of somebody who left."""

from __future__ import annotations

from typing import Any

from linli.workbench.retention import queries
from linli.workbench.retention.actions import may_hold
from linli.workbench.retention.rules import kept_until


def home(_request: Any) -> dict[str, Any] | None:
    """Return how many people's time is over soon; nothing when nobody's is."""
    if not may_hold.holds():
        return None
    number = queries.due_here().count()
    return {"people": number} if number else None


def of_person(_request: Any, person: Any) -> dict[str, Any] | None:
    """Return until when data of somebody who left is kept, and whether its end was asked for."""
    if not may_hold.holds() or person.status not in queries.LEFT:
        return None
    due = queries.due_here().filter(person=person.pk).first()
    left = queries.day_left(person)
    return {"due": due, "kept_until": kept_until(left_on=left) if left else None}
