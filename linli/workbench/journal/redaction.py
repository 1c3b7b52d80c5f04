"""Redaction: taking the words out of entries, the one way in which the journal forgets.

An act is written that names the entries by number, then their text, data, purpose and salt go, with
the photos they kept. Who did something to which record and when stays, and so does the chain:
each seal covers only a salted hash of the words, and the act says why they are missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from linli.core.actions import write_journal
from linli.core.batches import keys_in_batches
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal.hash_chain import last_number
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.rules import REDACTING, SEALED_ANEW, as_ranges


def redact_entries(
    numbers: Iterable[int], *, kind: str, data: dict[str, Any], scope_path: str, by: Any
) -> int:
    """Write the act ``kind`` and empty these entries by it; return how many there were to empty.

    Called inside an action that promises an entry of that kind. ``data`` may hold nothing personal:
    acts are never emptied themselves.
    """
    meant = _still_full(numbers)
    write_journal(kind, data={**data, "redacted": as_ranges(meant)}, scope_path=scope_path, by=by)
    act = last_number()
    for some in keys_in_batches(meant):
        rows = JournalEntry.objects.filter(seq__in=some)
        told = rows.values_list("data", flat=True)
        kept = [said["photo"] for said in told if "photo" in said]
        Attachment.objects.filter(pk__in=kept).delete()
        rows.update(text="", data={}, purpose="", salt="", redacted_by=act)
    return len(meant)


def _still_full(numbers: Iterable[int]) -> list[int]:
    full: list[int] = []
    for some in keys_in_batches(numbers):
        rows = JournalEntry.objects.filter(seq__in=some, redacted_by__isnull=True)
        rows = rows.exclude(kind__in=[*REDACTING, SEALED_ANEW])
        full += rows.order_by("seq").values_list("seq", flat=True)
    return full


def identity_of(seq: int, kind: str, record: str, at: datetime) -> str:
    """Return by what an entry is known in another copy of the journal, whatever its seal is."""
    told = json.dumps([seq, kind, record, at.astimezone(UTC).isoformat()])
    return hashlib.sha256(told.encode()).hexdigest()


def redacted_identities() -> dict[str, datetime]:
    """Return what was emptied, by identity, with the moment of the act."""
    acts = dict(JournalEntry.objects.filter(kind__in=REDACTING).values_list("seq", "at"))
    rows = JournalEntry.objects.filter(redacted_by__isnull=False).order_by("seq")
    return {
        identity_of(seq, kind, record, at): acts[act]
        for seq, kind, record, at, act in rows.values_list(
            "seq", "kind", "record", "at", "redacted_by"
        ).iterator()
        if act in acts
    }


def full_again(identities: set[str]) -> list[int]:
    """Return the numbers of entries that were emptied once and say something here."""
    if not identities:
        return []
    rows = JournalEntry.objects.filter(redacted_by__isnull=True).exclude(
        kind__in=[*REDACTING, SEALED_ANEW]
    )
    columns = rows.order_by("seq").values_list("seq", "kind", "record", "at")
    return [row[0] for row in columns.iterator() if identity_of(*row) in identities]
