"""Where alerts stand, in the words that every list shows."""

from __future__ import annotations

from collections.abc import Collection

from linli.capabilities.alerts.queries.presenters import alerts
from linli.capabilities.alerts.terms import AlertState


def where_they_stand(keys: Collection[int]) -> dict[int, str]:
    """Return the states of those alerts that this post may see, in words."""
    rows = alerts().filter(pk__in=keys).values_list("pk", "state")
    return {pk: str(AlertState(state).label) for pk, state in rows}
