"""Reads of toys."""

from __future__ import annotations

from django.db.models import QuerySet
from linli.capabilities.toys.models import Toy


def toys() -> QuerySet[Toy]:
    """Return the toys of the scope."""
    return Toy.objects.order_by("name")
