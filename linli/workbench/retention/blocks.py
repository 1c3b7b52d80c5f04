"""What retention shows on 今日: how many are on the list."""

from __future__ import annotations

from typing import Any

from linli.workbench.retention import queries
from linli.workbench.retention.actions import may_hold


def home(_request: Any) -> dict[str, Any] | None:
    """Return how many people's time is over soon; nothing when nobody's is."""
    if not may_hold.holds():
        return None
    number = queries.due_here().count()
    return {"people": number} if number else None
