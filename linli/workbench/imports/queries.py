"""Reading imports: the list, one of them, its rows by fate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from linli.core.runtime.liveness import is_held
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.workbench.imports.encrypted_rows import decode_row
from linli.workbench.imports.models import Batch, ImportRow
from linli.workbench.imports.rules import was_interrupted
from linli.workbench.imports.terms import ImportState

HEAVY = ("file", "undo")
RUN = "import"


def batches() -> QuerySet[Batch]:
    """Return the imports of the scope, the latest first, without their files."""
    return Batch.objects.defer(*HEAVY).exclude(state=ImportState.DROPPED).select_related("by")


def batch_or_not_found(link: str) -> Batch:
    """Return one import of the scope."""
    rows = Batch.objects.defer(*HEAVY).select_related("by")
    batch: Batch = one_or_not_found(rows, link=link)
    return batch


def is_stopped(batch: Batch) -> bool:
    """Was an import that should be going on interrupted? Nothing of it was written."""
    began = batch.claimed_at
    return began is not None and was_interrupted(
        began=began, now=timezone.now(), is_alive=is_held(RUN, batch.pk)
    )


def file_of(batch: Batch) -> bytes:
    """Return the sealed file; empty once it was purged."""
    return bytes(Batch.objects.filter(pk=batch.pk).values_list("file", flat=True).get())


def rows_of(batch: Batch, fates: Sequence[str]) -> QuerySet[ImportRow]:
    """Return the rows of an import with one of these fates, in the order of the sheet."""
    return ImportRow.objects.filter(batch=batch, fate__in=list(fates)).order_by("number")


def doubtful_rows(batch: Batch) -> QuerySet[ImportRow]:
    """Return the rows that are imported with something left out."""
    return ImportRow.objects.filter(batch=batch, has_doubt=True).order_by("number")


def told_of(row: ImportRow) -> dict[str, Any]:
    """Return what is kept of a row, opened."""
    return decode_row(row.told)


def is_purge_due() -> bool:
    """Is there anything past its day in this scope?"""
    return Batch.objects.filter(purge_on__lte=today()).exclude(file=b"", undo="").exists()
