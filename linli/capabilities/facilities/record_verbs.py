"""What the page of a facility lets one do at once."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.core.interface.registry import record_address
from linli.register.facilities.models import Facility
from linli.register.facilities.queries import duties_of
from linli.register.facilities.terms import DutyKind
from linli.register.parties.queries import number


def inspect_href(_request: Any, facility: Facility) -> str:
    """Return where the next inspection is written down; of several the one due first."""
    if facility.ended_on is not None:
        return ""
    due = duties_of(facility).filter(kind=DutyKind.INSPECTION).order_by("due_on", "pk").first()
    return reverse("facilities:finish", args=[facility.pk, due.pk]) if due else ""


def maintainer_href(_request: Any, facility: Facility) -> str:
    """Call who maintains it; without a number of its own, its page with its contacts."""
    if facility.maintainer is None or facility.ended_on is not None:
        return ""
    dialled = number(facility.maintainer.phone).dialled if facility.maintainer.phone else ""
    return f"tel:{dialled}" if dialled else record_address("parties.party", facility.maintainer_id)
