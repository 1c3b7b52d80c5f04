"""What the page of a person lets those who fill forms do at once."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.register.people.models import Person


def fill_href(_request: Any, person: Person) -> str:
    """Return where a form is filled for somebody."""
    return f"{reverse('form_filling:all')}?person={person.pk}"
