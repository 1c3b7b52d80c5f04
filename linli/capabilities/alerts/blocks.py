"""What alerts say on the page of a thing: what is due, and the one form that ends it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.capabilities.alerts import rules
from linli.capabilities.alerts.queries import alerts
from linli.capabilities.alerts.queries.alert_closure import closing_of
from linli.capabilities.alerts.terms import LIVE
from linli.core.scope import current_scope


def of_thing(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the alerts that wait about a thing, each with the form its task leads to as well."""
    if current_scope().role not in rules.MAY_READ:
        return None
    rows = alerts().filter(
        subject_kind=record._meta.label_lower, subject_id=record.pk, state__in=LIVE
    )
    lines = []
    for alert in rows.order_by("day", "pk"):
        ends_here = closing_of(alert) is not None
        name = "alerts:finish" if ends_here else "alerts:alert"
        href = reverse(name, args=[alert.pk])
        lines.append({"alert": alert, "href": href, "ends_here": ends_here})
    return {"lines": lines} if lines else None
