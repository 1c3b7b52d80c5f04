"""What somebody without an account may read: their own matter by number and word, and places."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from linli.capabilities.cases.actions.taking import hash_of_secret
from linli.capabilities.cases.models import Answer, Case, Report
from linli.capabilities.cases.queries.cases import TimelineStep, timeline
from linli.core.scope import system_scope
from linli.register.places.models import Place

PUBLIC_KINDS = (
    "subdistrict", "community", "estate", "building", "entrance", "gate", "station", "hall",
)  # fmt: skip


def by_tracking(tracking: str, secret: str) -> Report | None:
    """Return the report that a number and its word open; the same work is done for a wrong one."""
    digits = "".join(letter for letter in tracking if letter.isdigit())[:20]
    with system_scope("a reporter looks at their own matter by number and word"):
        rows = Report.objects.select_related("case", "case__place", "case__category")
        found: Report | None = rows.filter(tracking=digits).first()
        wanted = found.secret_hash if found else hash_of_secret("no such report")
        fits = hmac.compare_digest(wanted, hash_of_secret(secret))
        return found if found is not None and fits else None


@dataclass(frozen=True)
class PublicCase:
    """A matter as its reporter sees it."""

    case: Case
    report: Report
    steps: list[TimelineStep]
    answers: list[Answer]
    due_on: date | None
    offices: list[str]
    others: int
    received_at: datetime


def public_case(report: Report) -> PublicCase:
    """Return what a reporter is shown of their matter: offices, never persons."""
    with system_scope("a reporter looks at their own matter by number and word"):
        case: Case = report.case
        shares = case.handlings.select_related("task__seat_place", "party").filter(
            state__in=["assigned", "accepted", "done"]
        )
        offices = [
            share.party.name if share.party else share.task.seat_place.name
            for share in shares
            if share.party or share.task.seat_place
        ]
        return PublicCase(
            case=case, report=report, steps=timeline(case),
            answers=list(case.answers.order_by("at")), due_on=case.due_on,
            offices=list(dict.fromkeys(offices)), others=case.reports.count() - 1,
            received_at=report.received_at,
        )  # fmt: skip


def public_places(parent: Place | None = None) -> list[Place]:
    """Return the places a resident may pick below one: names of common places, never of homes."""
    with system_scope("anybody may know the names of communities, estates and buildings"):
        rows = Place.objects.filter(kind__in=PUBLIC_KINDS, ended_on__isnull=True)
        if parent is None:
            return list(rows.filter(kind="subdistrict"))
        inside = rows.filter(path__gt=parent.path, path__lt=f"{parent.path}~")
        found = list(inside.order_by("path"))
        # Grids and micro-grids lie between and are no names that residents know: skip over them.
        nearest: list[Place] = []
        for place in found:
            if not any(place.path.startswith(above.path) for above in nearest):
                nearest.append(place)
        return nearest
