"""What the page of a door or a building says of the round."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.core.scope import current_scope
from linli.workbench.rounds import rules


def of_place(_request: Any, record: Any) -> dict[str, Any] | None:
    """Return where the round of this place begins, for those who go from door to door."""
    names = {"dwelling": "rounds:door", "building": "rounds:building"}
    if current_scope().role not in rules.MAY_GO_ROUND or record.kind not in names:
        return None
    if not current_scope().holds(record.path):
        return None
    return {"href": reverse(names[record.kind], args=[record.pk])}
