"""What the pages of a person, a household and a door say of canvasses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.commons.coverage import rules
from linli.commons.coverage.models import CoverageRow
from linli.commons.coverage.queries import earlier_at, people_at
from linli.commons.coverage.terms import ContactResult
from linli.core.scope import current_scope
from linli.register.people.models import Household, Person
from linli.register.places.models import Place


def of_door(_request: Any, record: Any) -> dict[str, Any] | None:
    """Return when somebody refused, was out or had moved there, and a move still to be recorded."""
    where = _door_of(record)
    if where is None or current_scope().role not in rules.MAY_CANVASS:
        return None
    earlier = earlier_at(*where)
    return {"earlier": earlier, "moved_href": _moved_href(earlier)} if earlier else None


def _door_of(record: Any) -> tuple[Place, int | None] | None:
    if isinstance(record, Person) and record.is_living_here and record.household_id:
        return record.home, record.household_id
    if isinstance(record, Household):
        return record.dwelling, record.pk
    if isinstance(record, Place) and record.kind == "dwelling":
        return record, None
    return None


def _moved_href(earlier: list[CoverageRow]) -> str:
    latest = earlier[0]
    if latest.result != ContactResult.MOVED or not people_at(latest):
        return ""
    return reverse("canvasses:moved", args=[latest.pk])
