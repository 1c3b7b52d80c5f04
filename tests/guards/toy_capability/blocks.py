"""What toys plug into the shell: a row of 今日, a stop of 走访, a figure, a tab of a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from linli.capabilities.toys.queries import toys

from linli.core.interface.shell import Stop, Stops, TodayRow, TodayRows
from linli.core.paths import counted_below


def due(_request: Any, limit: int) -> TodayRows:
    """Return the toys to be fetched back."""
    here = reverse("toys:list")
    return TodayRows(
        [TodayRow(f"收回{toy.name}", here) for toy in toys()[:limit]], toys().count(), here
    )


def stops(_request: Any, limit: int) -> Stops:
    """Return the doors where a toy is."""
    here = reverse("toys:list")
    return Stops([Stop(f"去取{toy.name}", here) for toy in toys()[:limit]], toys().count(), here)


def count(places: Sequence[Any]) -> Mapping[int, int]:
    """Count the toys of each place."""
    return counted_below(places, toys().values_list("scope_path", flat=True))


def listed(_place: Any) -> str:
    """Return the list of toys."""
    return reverse("toys:list")


def of_place(_request: Any, place: Any) -> dict[str, Any]:
    """Return the toys of a place."""
    return {"toys": toys().filter(place=place)}
