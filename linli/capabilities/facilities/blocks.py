"""What the page of a place says of the facilities there."""

from __future__ import annotations

from typing import Any

from linli.register.facilities.queries import facilities
from linli.register.places.queries import below

SHOWN = 10


def of_place(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the facilities at and below a place, the next due first."""
    here = facilities().filter(below(record.path))
    rows = list(here.order_by("next_duty_on", "next_inspection_on", "pk")[:SHOWN])
    return {"facilities": rows} if rows else None
