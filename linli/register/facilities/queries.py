"""Facilities of the scope."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from linli.core.scope import one_or_not_found
from linli.register.facilities.models import Duty, Facility, FacilityPaper

MOST_WORDS = 6


def facilities() -> QuerySet[Facility]:
    """Return what is in use, by place."""
    rows = Facility.objects.filter(ended_on__isnull=True).select_related("place", "maintainer")
    return rows.order_by("scope_path", "name", "pk")


def facilities_found(asked: str) -> QuerySet[Facility]:
    """Return what is in use and fits every word: its name, code, kind, or the address it is at."""
    rows = facilities()
    for word in asked.split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(name__contains=word)
            | Q(code__contains=word)
            | Q(kind__contains=word)
            | Q(place__address__contains=word)
        )
    return rows


def facility_or_not_found(pk: int) -> Facility:
    """Return one facility of the scope, also one that is no longer used."""
    facility: Facility = one_or_not_found(
        Facility.objects.select_related("place", "maintainer"), pk=pk
    )
    return facility


def duty_or_not_found(facility: Facility, pk: int) -> Duty:
    """Return one duty of a facility."""
    duty: Duty = one_or_not_found(Duty.objects.select_related("facility"), facility=facility, pk=pk)
    return duty


def duties_of(facility: Facility) -> QuerySet[Duty]:
    """Return what must still be done for a facility."""
    rows: QuerySet[Duty] = Duty.objects.filter(facility=facility, ended=False)
    return rows.order_by("pk")


def papers_of(facility: Facility) -> QuerySet[FacilityPaper]:
    """Return the papers of a facility, those that hold first, without their files."""
    facility_papers: QuerySet[FacilityPaper] = FacilityPaper.objects.filter(facility=facility)
    return facility_papers.defer("file")


def paper_or_not_found(facility: Facility, pk: int) -> FacilityPaper:
    """Return one paper of a facility, with its file."""
    facility_paper: FacilityPaper = one_or_not_found(
        FacilityPaper.objects.select_related("facility"), facility=facility, pk=pk
    )
    return facility_paper


def kinds() -> list[str]:
    """Return the kinds that stand in the scope."""
    rows = Facility.objects.filter(ended_on__isnull=True).order_by("kind")
    return list(rows.values_list("kind", flat=True).distinct())
