"""Reads of toys."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from linli.capabilities.toys.models import Toy

from linli.core.interface.shell import SearchHit, SearchHits, first_hits


def toys() -> QuerySet[Toy]:
    """Return the toys of the scope."""
    return Toy.objects.order_by("name")


def find_toys(words: str, limit: int) -> SearchHits:
    """Return the toys of the scope by name, for the one search."""
    rows, href = toys().filter(name__contains=words), reverse("toys:list")
    return first_hits(rows, limit, lambda toy: SearchHit(toy.name, href, icon="gift"), href)


def bring_href(_request: Any, _place: Any) -> str:
    """Return where a toy is brought to a place."""
    return reverse("toys:list")
