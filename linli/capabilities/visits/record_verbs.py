"""What the page of a person lets those who visit do at once."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus


def visit_href(_request: Any, person: Person) -> str:
    """Return where a visit that nobody had planned is written down."""
    is_here = person.status == PersonStatus.CURRENT
    return reverse("visits:person", args=[person.pk]) if is_here else ""
