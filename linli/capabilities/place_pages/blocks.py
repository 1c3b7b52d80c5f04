"""What places show on 今日: the doors of a lead, from the front."""

from __future__ import annotations

from typing import Any

from linli.capabilities.place_pages.queries.elevation import front_of
from linli.register.places.queries import roots

MOST_DOORS = 200  # more are no neighbours; the pages of the places show them


def doors(_request: Any) -> dict[str, Any] | None:
    """Return the front of my doors: one tap opens a door, where 见到了 and the rest stand."""
    fronts = [front_of(place) for place in roots()]
    shown = [front for front in fronts if 0 < front.doors <= MOST_DOORS]
    return {"fronts": [front.view for front in shown]} if shown else None
