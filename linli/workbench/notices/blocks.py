"""What notices show on 今日: calls to make, messages to decide about, messages to me."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.core.interface.shell import Stop, Stops
from linli.register.posts.models import User
from linli.workbench.notices import queries
from linli.workbench.notices.actions import may_send


def home(request: Any) -> dict[str, Any] | None:
    """Return the figures; nothing when there is nothing to do."""
    if not isinstance(request.user, User):
        return None
    figures = {"unread": queries.unread(request.user)}
    if may_send.holds():
        figures |= {
            "to_call": queries.call_list().count(),
            "to_settle": queries.to_settle().count(),
        }
    return figures if any(figures.values()) else None


def stops(_request: Any, limit: int) -> Stops | None:
    """Return who is still to be called, door by door, without names or numbers."""
    rows = queries.call_list()
    shown = [
        Stop(
            delivery.notice.subject,
            reverse("notices:call", args=[delivery.pk]),
            by="call",
            note=str(delivery.person.home) if delivery.person and delivery.person.home else "",
            is_late=delivery.urgent,
        )
        for delivery in rows.select_related("notice")[:limit]
    ]
    return Stops(shown, rows.count(), reverse("notices:calls"))


MOST_ON_A_RECORD = 5


def told_about(request: Any, record: Any) -> dict[str, Any] | None:
    """Return who was told what about a record; of a person, what they were told."""
    if not may_send.holds():
        return None
    rows = list(queries.deliveries_about(record)[:MOST_ON_A_RECORD])
    return {"rows": rows} if rows else None
