"""What the page of a person lets one do at once."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus


def call_href(_request: Any, person: Person) -> str:
    """Return where the number of somebody who lives here is uncovered, to be called."""
    if not person.phone or person.status != PersonStatus.CURRENT:
        return ""
    return reverse("residents:reveal", args=[person.pk, "phone"])
