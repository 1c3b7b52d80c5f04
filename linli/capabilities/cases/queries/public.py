"""What somebody without an account may read: their own case by number and word, and places."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from linli.capabilities.cases.models import Answer, Case, Report
from linli.capabilities.cases.queries.cases import TimelineStep, timeline
from linli.capabilities.cases.queries.suggestions import similar_open
from linli.capabilities.cases.report_secrets import hash_of_secret
from linli.core.scope import system_scope
from linli.core.time import to_china
from linli.register.places.models import Place
from linli.register.places.queries import find_place

PUBLIC_KINDS = (
    "subdistrict",
    "community",
    "estate",
    "building",
    "entrance",
    "gate",
    "station",
    "hall",
)


def by_tracking(tracking: str, secret: str) -> Report | None:
    """Return the report that a number and its word open; the same work is done for a wrong one."""
    digits = "".join(letter for letter in tracking if letter.isdigit())[:20]
    with system_scope("a reporter looks at their own case by number and word"):
        rows = Report.objects.select_related("case", "case__place", "case__category")
        report: Report | None = rows.filter(tracking=digits).first()
        # Comparing always, and in constant time, hides whether such a number exists.
        wanted = report.secret_hash if report else hash_of_secret("no such report")
        fits = hmac.compare_digest(wanted, hash_of_secret(secret))
        return report if report is not None and fits else None


@dataclass(frozen=True)
class PublicCase:
    """A case as its reporter sees it."""

    case: Case
    report: Report
    steps: list[TimelineStep]
    answers: list[Answer]
    due_on: date | None
    offices: list[str]
    others: int
    received_at: datetime

    @property
    def may_speak(self) -> bool:
        """Can the reporter say now whether it helped?"""
        ended = self.case.state == "closed" and self.case.outcome in ("fixed", "unconfirmed")
        may = self.case.state == "answered" or ended
        return may and self.report.withdrawn_at is None

    @property
    def may_take_back(self) -> bool:
        """Can the reporter still take the report back?"""
        return self.case.state not in ("answered", "closed") and not self.report.withdrawn_at


def public_case(report: Report) -> PublicCase:
    """Return what a reporter is shown of their case: offices, never persons."""
    with system_scope("a reporter looks at their own case by number and word"):
        case: Case = report.case
        shares = case.handlings.select_related("task__seat_place", "party").filter(
            state__in=["assigned", "accepted", "done"]
        )
        # Where the post is and not who holds it: a grid has one worker.
        offices = [
            share.party.name if share.party else share.task.seat_place.name
            for share in shares
            if share.party or share.task.seat_place
        ]
        return PublicCase(
            case=case,
            report=report,
            steps=timeline(case),
            answers=list(case.answers.order_by("at")),
            due_on=case.due_on,
            offices=list(dict.fromkeys(offices)),
            others=case.reports.count() - 1,
            received_at=report.received_at,
        )


def public_places(parent: Place | None = None) -> list[Place]:
    """Return the places a resident may pick below one: names of common places, never of homes."""
    with system_scope("anybody may know the names of communities, estates and buildings"):
        rows = Place.objects.filter(kind__in=PUBLIC_KINDS, ended_on__isnull=True)
        if parent is None:
            return list(rows.filter(kind="subdistrict"))
        inside = rows.filter(path__gt=parent.path, path__lt=f"{parent.path}~")
        inside_places = list(inside.order_by("path"))
        # Grids and micro-grids lie between and are no names that residents know: skip over them.
        nearest: list[Place] = []
        for place in inside_places:
            if not any(place.path.startswith(above.path) for above in nearest):
                nearest.append(place)
        return nearest


def report_of(pk: int) -> Report | None:
    """Return the report whose number and word somebody has given in this session."""
    with system_scope("a reporter looks at their own case by number and word"):
        rows = Report.objects.select_related("case", "case__place", "case__category")
        report: Report | None = rows.filter(pk=pk).first()
        return report


def was_sent(client_id: str) -> bool:
    """Has this very submission arrived before?"""
    if not client_id:
        return False
    with system_scope("whether a submission has arrived before, and nothing else"):
        return bool(Report.objects.filter(client_id=client_id).exists())


@dataclass(frozen=True)
class SimilarOpenCase:
    """An open case as a stranger may know it: what kind, which building, since when."""

    pk: int
    what: str
    where: str
    since: date
    state: str


def alike_in_public(text: str, place: Place) -> list[SimilarOpenCase]:
    """Return open cases of the neighbourhood that say much the same, without their words."""
    with system_scope("a resident asks whether somebody has reported the same"):
        return [
            SimilarOpenCase(
                case.pk,
                case.category.name if case.category else gettext("一件相近的事"),
                str(_common(case.place)),
                to_china(case.received_at),
                case.get_state_display(),
            )
            for case, _score in similar_open(text, place)
        ]


def place_in_words(place: Place, words: str) -> tuple[Place, str]:
    """Return the building that the words mean, if it is one, and the words as the spot.

    What names a single door is kept at its building: the words say the rest.
    """
    spot = words.strip()
    if not spot:
        return place, ""
    with system_scope("the building a resident means by its address"):
        # By building: two doors of one building are one answer.
        meant = {building.pk: building for building in map(_common, find_place(spot, within=place))}
        return (next(iter(meant.values())) if len(meant) == 1 else place), spot


def _common(place: Place) -> Place:
    """Return a place itself, or the building of a home."""
    if place.kind in PUBLIC_KINDS:
        return place
    rows = Place.objects.filter(path__in=place.above, kind__in=PUBLIC_KINDS)
    building: Place | None = rows.order_by("-path").first()
    return building or place
