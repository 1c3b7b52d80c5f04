"""Reading linkage runs: all of them, one, its rows by bucket, its differences by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
from linli.capabilities.record_linkage.terms import (
    Bucket,
    DifferenceChoice,
    LinkageState,
    RowAnswer,
)
from linli.core.scope import one_or_not_found
from linli.core.time import today

HEAVY = ("file", "undo")


def linkage_runs() -> QuerySet[LinkageRun]:
    """Return the linkage runs of the scope, the latest first, without their files."""
    return LinkageRun.objects.defer(*HEAVY).exclude(state=LinkageState.DROPPED).select_related("by")


def run_or_not_found(link: str) -> LinkageRun:
    """Return one linkage run of the scope."""
    linkage_run: LinkageRun = one_or_not_found(
        LinkageRun.objects.defer(*HEAVY).select_related("by"), link=link
    )
    return linkage_run


def file_of(linkage_run: LinkageRun) -> bytes:
    """Return the sealed file; empty once it was purged."""
    return bytes(LinkageRun.objects.filter(pk=linkage_run.pk).values_list("file", flat=True).get())


def rows_of(linkage_run: LinkageRun, bucket: str = "") -> QuerySet[LinkedRow]:
    """Return the rows of a list, of one bucket if asked, in the order of the sheet."""
    rows = LinkedRow.objects.filter(linkage_run=linkage_run)
    return rows.filter(bucket=bucket) if bucket else rows


def row_or_not_found(linkage_run: LinkageRun, number: int) -> LinkedRow:
    """Return one row of a list."""
    linked_row: LinkedRow = one_or_not_found(
        LinkedRow.objects.filter(linkage_run=linkage_run), number=number
    )
    return linked_row


def undecided(linkage_run: LinkageRun) -> QuerySet[LinkedRow]:
    """Return the rows that only a person can decide and nobody has."""
    return rows_of(linkage_run, Bucket.DECIDE).filter(answer=RowAnswer.OPEN)


def differences_of(rows: Iterable[LinkedRow]) -> dict[int, list[Difference]]:
    """Return the differences of some rows, by row."""
    by_row: dict[int, list[Difference]] = defaultdict(list)
    for difference in Difference.objects.filter(row__in=[row.pk for row in rows]).order_by("pk"):
        by_row[difference.row_id].append(difference)
    return by_row


def by_column(linkage_run: LinkageRun) -> list[dict[str, int | str]]:
    """Return for each fact how many differ, how many are gaps, older, and how they are chosen."""
    counted = (
        Difference.objects.filter(linkage_run=linkage_run)
        .values("field")
        .annotate(
            of=Count("pk"),
            gaps=Count("pk", filter=Q(is_gap=True)),
            older=Count("pk", filter=Q(is_older=True)),
            theirs=Count("pk", filter=Q(choice=DifferenceChoice.THEIRS)),
            ours=Count("pk", filter=Q(choice=DifferenceChoice.OURS)),
            later=Count("pk", filter=Q(choice=DifferenceChoice.LATER)),
        )
    )
    return sorted(counted, key=lambda one: -int(one["of"]))


def is_purge_due() -> bool:
    """Is there anything past its day in this scope?"""
    return LinkageRun.objects.filter(purge_on__lte=today()).exclude(file=b"", undo="").exists()
