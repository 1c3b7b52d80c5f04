"""The events other programs can hear of: an app registers its own in its ``apps.py``."""

from __future__ import annotations

from django.utils.functional import Promise

EVENTS: dict[str, str | Promise] = {}  # in the order in which an officer ticks them
USUAL: set[str] = set()


def register_event(key: str, *, term: str | Promise, usual: bool = False) -> None:
    """Let programs hear of an event; a usual one is ticked on the empty form."""
    EVENTS[key] = term
    if usual:
        USUAL.add(key)
