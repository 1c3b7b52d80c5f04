"""Reading lists that were brought, and which numbers of other offices were taken before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db.models import QuerySet

from linli.capabilities.cases.models import Report
from linli.core.scope import one_or_not_found, system_scope
from linli.core.time import today
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.terms import ListState

AT_ONCE = 500
HEAVY = ("file", "plan", "rejected_rows")


def lists() -> QuerySet[HotlineList]:
    """Return the lists of the scope, the latest first, without their files."""
    rows: QuerySet[HotlineList] = HotlineList.objects.exclude(state=ListState.DROPPED)
    return rows.defer(*HEAVY).select_related("by", "place")


def list_or_not_found(link: str) -> HotlineList:
    """Return one list of the scope."""
    hotline_list: HotlineList = one_or_not_found(
        HotlineList.objects.select_related("by", "place"), link=link
    )
    return hotline_list


def reports_of_list(hotline_list: HotlineList) -> QuerySet[Report]:
    """Return what was taken from a list, in its order."""
    rows: QuerySet[Report] = Report.objects.filter(batch=hotline_list.batch)
    return rows.select_related("case__category", "case__place", "first_case").order_by("pk")


def reports_by_mark(marks: Collection[str]) -> dict[str, Report]:
    """Return the reports of the scope that carry one of these marks, with their cases."""
    reports: dict[str, Report] = {}
    for some in _in_parts(sorted(marks)):
        rows = Report.objects.filter(client_id__in=some)
        for row in rows.select_related("case__category", "case__place"):
            reports[row.client_id or ""] = row
    return reports


def marks_taken(marks: Collection[str]) -> set[str]:
    """Return which marks were taken anywhere: a number of a hotline comes in once in a town."""
    taken: set[str] = set()
    with system_scope("whether a number of a hotline was taken anywhere, and nothing else"):
        for some in _in_parts(sorted(marks)):
            rows = Report.objects.filter(client_id__in=some)
            taken.update(mark for mark in rows.values_list("client_id", flat=True) if mark)
    return taken


def lists_to_purge() -> list[HotlineList]:
    """Return the lists whose file has been kept long enough."""
    due = HotlineList.objects.filter(purge_on__lte=today())
    return [
        hotline_list
        for hotline_list in due.iterator(chunk_size=20)
        if hotline_list.file or hotline_list.plan or hotline_list.rejected_rows
    ]


def _in_parts(marks: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(marks), AT_ONCE):
        yield marks[start : start + AT_ONCE]
