"""What 走访 and the pages of a person, a household and a door say of canvasses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from linli.commons.coverage import rules
from linli.commons.coverage.models import CoverageRow
from linli.commons.coverage.queries import coverages, earlier_at, people_at, progress
from linli.commons.coverage.terms import ContactResult
from linli.core.interface.shell import Stop, Stops
from linli.core.scope import current_scope
from linli.register.people.models import Household, Person
from linli.register.places.models import Place


def stops(_request: Any, limit: int) -> Stops | None:
    """Return the canvasses that run here: how many households still wait in each."""
    running = coverages().filter(closed_on__isnull=True)
    rows = []
    for one in running[:limit]:
        left = progress(one).open
        href = reverse("canvasses:canvass", args=[one.pk])
        rows.append(
            Stop(
                one.title,
                href,
                value=ngettext("还有%(n)s户", "还有%(n)s户", left) % {"n": left} if left else "",
            )
        )
    return Stops(rows, running.count(), reverse("canvasses:list"))


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
