"""Saved questions and lists on their way out, as this post may see them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from django.db.models import Q, QuerySet

from linli.capabilities.reports import rules
from linli.capabilities.reports.models import ExportRequest, SavedReport
from linli.capabilities.reports.terms import ExportState
from linli.core.paths import ancestors
from linli.core.scope import current_scope, one_or_not_found, system_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.places.queries import places_in_scope
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import Post, User
from linli.register.posts.rules import MAY_EXPORT
from linli.workbench.conditions.disclosure import known, may_know

FINER = {
    PlaceKind.SUBDISTRICT: PlaceKind.COMMUNITY,
    PlaceKind.COMMUNITY: PlaceKind.GRID,
    PlaceKind.GRID: PlaceKind.MICRO_GRID,
    PlaceKind.ESTATE: PlaceKind.BUILDING,
}


def saved_reports(user: User) -> QuerySet[SavedReport]:
    """Return one's own saved questions and those shared in this scope."""
    rows: QuerySet[SavedReport] = SavedReport.objects.select_related("by")
    rows = rows.filter(Q(by=user) | Q(shared=True), ended=False)
    return known(rows, "condition", "columns", "sort", of=_may_know)


def _may_know(row: Mapping[str, Any]) -> bool:
    """A name may say what its question asks or lists: who may not ask it is not told the name."""
    return may_know(row["condition"], shows=row["columns"], asks=[row["sort"]])


def saved_report(link: str, user: User) -> SavedReport:
    """Return the question behind a link; out of scope or not shared is not found."""
    rows: QuerySet[SavedReport] = SavedReport.objects.filter(Q(by=user) | Q(shared=True), link=link)
    return one_or_not_found(known(rows, "condition", "columns", "sort", of=_may_know), link=link)


def own_exports(user: User) -> QuerySet[ExportRequest]:
    """Return the lists that somebody asked for."""
    rows: QuerySet[ExportRequest] = ExportRequest.objects.select_related("consent_by")
    return known(rows.filter(by=user), "condition", "columns", "sort", of=_may_know)


def exports_to_decide(user: User) -> QuerySet[ExportRequest]:
    """Return the long lists that wait for this post's consent."""
    rows: QuerySet[ExportRequest] = ExportRequest.objects.select_related("by")
    if current_scope().role not in MAY_EXPORT:
        return rows.none()
    rows = rows.filter(state=ExportState.WAITING).exclude(by=user)
    return known(rows, "condition", "columns", "sort", of=_may_know)


def export_request(link: str) -> ExportRequest:
    """Return one list on its way out, if it lies in the scope."""
    rows: QuerySet[ExportRequest] = ExportRequest.objects.select_related("by").filter(link=link)
    return one_or_not_found(known(rows, "condition", "columns", "sort", of=_may_know), link=link)


def second_people(export: ExportRequest) -> list[str]:
    """Return the names of those who could consent: same place or above, today."""
    with system_scope("who could consent to a list leaving"):
        posts = Post.objects.filter(
            Q(to_date__isnull=True) | Q(to_date__gte=today()),
            scope_path__in=[*ancestors(export.scope_path), export.scope_path],
            role__in=MAY_EXPORT,
            from_date__lte=today(),
            user__is_active=True,
            # By user and not by post: one person may hold two.
        ).exclude(user_id=export.by_id)
        return sorted({str(post.user) for post in posts.select_related("user") if post.user})


def places_to_choose() -> list[Place]:
    """Return the places one level below this post's own, for narrowing a question."""
    scope = current_scope()
    mine = Place.objects.filter(path__in=scope.paths, ended_on__isnull=True)
    finer = {FINER.get(PlaceKind(place.kind)) for place in mine} - {None}
    if not finer:
        return []
    return list(places_in_scope().filter(kind__in=finer).order_by("path"))


def meant_by(export: ExportRequest, people: Set[int], user_id: int) -> Set[int]:
    """Return whom a list on its way out means beyond the budget: all, once a second consented."""
    agreed = rules.is_agreed(by=user_id, consent_by=export.consent_by_id)
    return people if agreed else set()
