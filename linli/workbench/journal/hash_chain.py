"""Sealing and verifying: a changed, missing or swapped entry is found."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from linli.core.actions import JournalDraft
from linli.core.canonical_json import canonical_text
from linli.core.database import raw_sql
from linli.core.record_keys import is_key_of, record_key
from linli.core.scope import current_scope, system_scope
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal.models import JournalEntry, Mention
from linli.workbench.journal.queries import PHOTO_KEPT
from linli.workbench.journal.rules import ERASED, REDACTING, SEALED_ANEW, numbers_in

FIRST = "0" * 64
WHOLE_INSTALLATION = "/"


def content_hash_of(entry: JournalEntry) -> str:
    """Return the salted SHA-256 of what the entry says: without the salt nobody can try words."""
    return _sha256([entry.salt, entry.text, entry.data, entry.purpose])


def seal_of(entry: JournalEntry) -> str:
    """Return the SHA-256 of what stays, of the hash of the words, and of the seal before."""
    return _sha256(
        [
            entry.seq,
            entry.kind,
            entry.record,
            entry.by_id,
            entry.role,
            # One moment, one text, in whatever zone it was read.
            entry.at.astimezone(UTC).isoformat(),
            entry.content_hash,
            entry.before,
        ]
    )


def _sha256(sealed: list[Any]) -> str:
    return hashlib.sha256(canonical_text(sealed).encode()).hexdigest()


def keep(entry: JournalDraft) -> None:
    """Append one entry to the chain; the unique number decides who is next."""
    scope = current_scope()
    about: Any = entry.about
    with system_scope("the journal is one chain for the whole installation"):
        seq, seal = _last()
        row = JournalEntry(
            seq=seq + 1,
            kind=entry.kind,
            record=record_key(about),
            subject_kind=about._meta.label_lower if isinstance(about, models.Model) else "",
            subject_id=about.pk if isinstance(about, models.Model) else None,
            text=entry.text,
            data=entry.data,
            by_id=entry.by.pk if entry.by is not None else scope.user_id,
            role=scope.role,
            # SQLite would take a longer text than the column says; PostgreSQL refuses it.
            purpose=scope.purpose[:120],
            at=timezone.now(),
            salt=secrets.token_hex(16),
            before=seal,
            scope_path=entry.scope_path or WHOLE_INSTALLATION,
        )
        row.content_hash = content_hash_of(row)
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


def one_writer() -> None:
    """Wait until no other action is writing, and let none write until this one ends.

    For what must be decided by what others have written; ask before locking any row. It is the
    lock of the chain, which every action takes at its entry: a lock of its own would cross it.
    """
    # SQLite has one writer at a time anyway.
    if connection.vendor == "postgresql":
        raw_sql.run("SELECT pg_advisory_xact_lock(7201)", reason="one journal chain")


def _last() -> tuple[int, str]:
    """Return number and seal of the last entry: one short statement, for it runs at every step."""
    one_writer()
    rows = raw_sql.run(
        "SELECT seq, seal FROM journal_journalentry ORDER BY seq DESC LIMIT 1",
        reason="one journal chain",
    )
    return (int(rows[0][0]), str(rows[0][1])) if rows else (0, FIRST)


def last_number() -> int:
    """Return the number of the last entry; within a transaction that wrote one, of that."""
    return _last()[0]


@dataclass(frozen=True)
class Broken:
    """One place where the chain does not hold."""

    seq: int
    why: str


def verify() -> Iterator[Broken]:
    """Walk the whole chain and yield every break: missing, changed or unsealed entries.

    What was emptied holds as long as a later entry of the chain says that it emptied it.
    """
    with system_scope("verify the journal"):
        before, expected = FIRST, 1
        emptied = redacted_by_acts()
        photos_gone = _photos_erased()
        for entry in JournalEntry.objects.order_by("seq").iterator(chunk_size=2000):
            if entry.seq != expected:
                yield Broken(expected, "missing")
            if entry.before != before:
                yield Broken(entry.seq, "out of order")
            if why := _wrong_with(entry, emptied.get(entry.seq), photos_gone):
                yield Broken(entry.seq, why)
            # Going on from what is there reports one break once, not for every later entry.
            before, expected = entry.seal, entry.seq + 1
        yield from _broken_before_sealing_anew()


def _wrong_with(entry: JournalEntry, act: int | None, photos_gone: set[int]) -> str:
    """Return what does not hold about one entry, "" when all does."""
    if entry.seal != seal_of(entry):
        return "changed"
    if not is_key_of(entry.record, entry.subject_kind, entry.subject_id):
        return "changed"
    if entry.redacted_by is not None:
        is_empty = not (entry.text or entry.data or entry.purpose or entry.salt)
        return "" if is_empty and entry.redacted_by == act else "redacted by nobody"
    if entry.content_hash != content_hash_of(entry):
        return "changed"
    return _wrong_with_photo(entry.data, photos_gone) if entry.kind == PHOTO_KEPT else ""


def redacted_by_acts() -> dict[int, int]:
    """Return every number that an act of the chain says it redacted, with that of the act."""
    rows = JournalEntry.objects.filter(kind__in=REDACTING).order_by("seq")
    return {
        seq: act
        for act, data in rows.values_list("seq", "data")
        for seq in numbers_in(data.get("redacted", []))
    }


def acts() -> dict[int, tuple[str, datetime, int]]:
    """Return the entries that emptied others: kind, moment, how many are empty because of it."""
    with system_scope("which acts emptied entries"):
        rows = JournalEntry.objects.filter(redacted_by__isnull=False).order_by()
        counted = Counter(rows.values_list("redacted_by", flat=True))
        told = JournalEntry.objects.filter(seq__in=counted).order_by("seq")
        return {
            seq: (kind, at, counted[seq]) for seq, kind, at in told.values_list("seq", "kind", "at")
        }


def _wrong_with_photo(sealed: dict[str, Any], erased: set[int]) -> str:
    """Compare a photo with the hash that was sealed when it was kept; "" when it is the same."""
    if "sha256" not in sealed:
        return ""  # kept before the hash was sealed
    photo = Attachment.objects.filter(pk=sealed["photo"]).first()
    if photo is None:
        return "" if sealed["photo"] in erased else "photo missing"
    return "" if photo.is_unchanged(sealed["sha256"]) else "photo changed"


def _photos_erased() -> set[int]:
    """Return the photos that went before their entries went with them: sealed entries name them."""
    rows = JournalEntry.objects.filter(kind=ERASED).values_list("data", flat=True)
    return {photo for data in rows for photo in data.get("photos", ())}


def _broken_before_sealing_anew() -> Iterator[Broken]:
    """Repeat what did not hold when the chain was sealed anew: that must not be forgotten."""
    for data in JournalEntry.objects.filter(kind=SEALED_ANEW).values_list("data", flat=True):
        yield from (Broken(seq, "changed before it was sealed anew") for seq in data["broken"])


def is_cut(length: int, head: str) -> bool:
    """Does the chain no longer hold the entry that was written down elsewhere as its last?

    ``head`` may be the beginning of the seal. A chain that has grown since still holds it.
    """
    if length == 0:
        return False
    with system_scope("was the journal cut"):
        for then in JournalEntry.objects.filter(kind=SEALED_ANEW).values_list("data", flat=True):
            # Noted down before every entry was sealed anew: the old end was noted then, too.
            if then["length"] == length and str(then["head"]).startswith(head):
                return False
        entry = JournalEntry.objects.filter(seq=length).first()
        return entry is None or not entry.seal.startswith(head)


def is_older_than_seals(length: int) -> bool:
    """Was an end of this length noted before every entry was sealed anew, and not as the last?"""
    with system_scope("was the journal sealed anew since"):
        thens = JournalEntry.objects.filter(kind=SEALED_ANEW).values_list("data", flat=True)
        return any(length < then["length"] for then in thens)


def length_and_head() -> tuple[int, str]:
    """Return how many entries there are and the last seal: written down elsewhere, it shows a cut.

    A chain whose tail was cut off is whole in itself; only this pair, kept apart, tells.
    """
    with system_scope("how long is the journal"):
        last = JournalEntry.objects.order_by("-seq").first()
        return (last.seq, last.seal) if last else (0, FIRST)
