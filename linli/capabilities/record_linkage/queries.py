"""Reading fusings: the list of them, one, its rows by heap, its differences by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from linli.capabilities.record_linkage.models import Difference, FusedRow, Fusing
from linli.capabilities.record_linkage.terms import Answer, Choice, Heap, State
from linli.core.scope import one_or_not_found
from linli.core.time import today

HEAVY = ("file", "undo")


def fusings() -> QuerySet[Fusing]:
    """Return the fusings of the scope, the latest first, without their files."""
    return Fusing.objects.defer(*HEAVY).exclude(state=State.DROPPED).select_related("by")


def fusing_or_not_found(link: str) -> Fusing:
    """Return one fusing of the scope."""
    found: Fusing = one_or_not_found(Fusing.objects.defer(*HEAVY).select_related("by"), link=link)
    return found


def file_of(fusing: Fusing) -> bytes:
    """Return the sealed file; empty once it was purged."""
    return bytes(Fusing.objects.filter(pk=fusing.pk).values_list("file", flat=True).get())


def rows_of(fusing: Fusing, heap: str = "") -> QuerySet[FusedRow]:
    """Return the rows of a list, of one heap if asked, in the order of the sheet."""
    rows = FusedRow.objects.filter(fusing=fusing)
    return rows.filter(heap=heap) if heap else rows


def row_or_not_found(fusing: Fusing, number: int) -> FusedRow:
    """Return one row of a list."""
    found: FusedRow = one_or_not_found(FusedRow.objects.filter(fusing=fusing), number=number)
    return found


def undecided(fusing: Fusing) -> QuerySet[FusedRow]:
    """Return the rows that only a person can decide and nobody has."""
    return rows_of(fusing, Heap.DECIDE).filter(answer=Answer.OPEN)


def differences_of(rows: Iterable[FusedRow]) -> dict[int, list[Difference]]:
    """Return the differences of some rows, by row."""
    found: dict[int, list[Difference]] = defaultdict(list)
    for one in Difference.objects.filter(row__in=[row.pk for row in rows]).order_by("pk"):
        found[one.row_id].append(one)
    return found


def by_column(fusing: Fusing) -> list[dict[str, int | str]]:
    """Return for each fact how many differ, how many are gaps, older, and how they are chosen."""
    counted = (
        Difference.objects.filter(fusing=fusing)
        .values("field")
        .annotate(
            of=Count("pk"), gaps=Count("pk", filter=Q(is_gap=True)),
            older=Count("pk", filter=Q(is_older=True)),
            theirs=Count("pk", filter=Q(choice=Choice.THEIRS)),
            ours=Count("pk", filter=Q(choice=Choice.OURS)),
            later=Count("pk", filter=Q(choice=Choice.LATER)),
        )
    )  # fmt: skip
    return sorted(counted, key=lambda one: -int(one["of"]))


def is_purge_due() -> bool:
    """Is there anything past its day in this scope?"""
    return Fusing.objects.filter(purge_on__lte=today()).exclude(file=b"", undo="").exists()
