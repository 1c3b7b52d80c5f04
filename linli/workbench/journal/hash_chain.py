"""Sealing and verifying: a changed, missing or swapped entry is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, models
from django.utils import timezone

from linli.core.actions import JournalDraft
from linli.core.database import raw_sql
from linli.core.scope import current_scope, system_scope
from linli.workbench.journal.models import JournalEntry, Mention, Photo
from linli.workbench.journal.queries import ERASED, PHOTO_KEPT

FIRST = "0" * 64
WHOLE_INSTALLATION = "/"


def seal_of(entry: JournalEntry) -> str:
    """Return the SHA-256 of what the entry says and of the seal before it."""
    sealed = [
        entry.seq,
        entry.kind,
        entry.subject_kind,
        entry.subject_id,
        entry.text,
        entry.data,
        entry.by_id,
        entry.role,
        entry.purpose,
        # One moment, one text, in whatever zone it was read.
        entry.at.astimezone(UTC).isoformat(),
        entry.before,
    ]
    # One spelling only: PostgreSQL's jsonb does not keep the order of keys.
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def keep(entry: JournalDraft) -> None:
    """Append one entry to the chain; the unique number decides who is next."""
    scope = current_scope()
    about: Any = entry.about
    with system_scope("the journal is one chain for the whole installation"):
        seq, seal = _last()
        row = JournalEntry(
            seq=seq + 1,
            kind=entry.kind,
            subject_kind=about._meta.label_lower if isinstance(about, models.Model) else "",
            subject_id=about.pk if isinstance(about, models.Model) else None,
            text=entry.text,
            data=entry.data,
            by_id=entry.by.pk if entry.by is not None else scope.user_id,
            role=scope.role,
            # SQLite would take a longer text than the column says; PostgreSQL refuses it.
            purpose=scope.purpose[:120],
            at=timezone.now(),
            before=seal,
            scope_path=entry.scope_path or WHOLE_INSTALLATION,
        )
        row.seal = seal_of(row)
        row.save(force_insert=True)
        _mention(row, entry.also)


def _mention(row: JournalEntry, also: tuple[Any, ...]) -> None:
    """Point from other records to the entry, each once and never from its own subject."""
    keys = dict.fromkeys((record._meta.label_lower, record.pk) for record in also)
    keys.pop((row.subject_kind, row.subject_id), None)
    if keys:
        Mention.objects.bulk_create(
            [
                Mention(entry=row, subject_kind=kind, subject_id=pk, scope_path=row.scope_path)
                for kind, pk in keys
            ]
        )


def _last() -> tuple[int, str]:
    """Return number and seal of the last entry: one short statement, for it runs at every step."""
    if connection.vendor == "postgresql":
        # Two writers wait for each other here; SQLite has one writer at a time anyway.
        raw_sql.run("SELECT pg_advisory_xact_lock(7201)", reason="one journal chain")
    rows = raw_sql.run(
        "SELECT seq, seal FROM journal_journalentry ORDER BY seq DESC LIMIT 1",
        reason="one journal chain",
    )
    return (int(rows[0][0]), str(rows[0][1])) if rows else (0, FIRST)


@dataclass(frozen=True)
class Broken:
    """One place where the chain does not hold."""

    seq: int
    why: str


def verify() -> Iterator[Broken]:
    """Walk the whole chain and yield every break: missing, changed or unsealed entries."""
    with system_scope("verify the journal"):
        before, expected, erased = FIRST, 1, _photos_erased()
        for entry in JournalEntry.objects.order_by("seq").iterator(chunk_size=2000):
            if entry.seq != expected:
                yield Broken(expected, "missing")
            if entry.before != before:
                yield Broken(entry.seq, "out of order")
            if entry.seal != seal_of(entry):
                yield Broken(entry.seq, "changed")
            elif entry.kind == PHOTO_KEPT and (why := _wrong_with_photo(entry.data, erased)):
                yield Broken(entry.seq, why)
            # Going on from what is there reports one break once, not for every later entry.
            before, expected = entry.seal, entry.seq + 1


def _wrong_with_photo(sealed: dict[str, Any], erased: set[int]) -> str:
    """Compare a photo with the hash that was sealed when it was kept; "" when it is the same."""
    if "sha256" not in sealed:
        return ""  # kept before the hash was sealed
    photo = Photo.objects.filter(pk=sealed["photo"]).first()
    if photo is None:
        return "" if sealed["photo"] in erased else "photo missing"
    same = hashlib.sha256(bytes(photo.picture)).hexdigest() == sealed["sha256"]
    return "" if same else "photo changed"


def _photos_erased() -> set[int]:
    """Return the photos that went when somebody's data was deleted: sealed entries name them."""
    rows = JournalEntry.objects.filter(kind=ERASED).values_list("data", flat=True)
    return {photo for data in rows for photo in data.get("photos", ())}


def is_cut(length: int, head: str) -> bool:
    """Does the chain no longer hold the entry that was written down elsewhere as its last?

    ``head`` may be the beginning of the seal. A chain that has grown since still holds it.
    """
    if length == 0:
        return False
    with system_scope("was the journal cut"):
        entry = JournalEntry.objects.filter(seq=length).first()
        return entry is None or not entry.seal.startswith(head)


def length_and_head() -> tuple[int, str]:
    """Return how many entries there are and the last seal: written down elsewhere, it shows a cut.

    A chain whose tail was cut off is whole in itself; only this pair, kept apart, tells.
    """
    with system_scope("how long is the journal"):
        last = JournalEntry.objects.order_by("-seq").first()
        return (last.seq, last.seal) if last else (0, FIRST)
