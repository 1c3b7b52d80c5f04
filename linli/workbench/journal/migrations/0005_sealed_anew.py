"""Every entry is sealed anew, once: from then on its words can go and the chain stays whole.

The old chain is verified on the way. Its length, its last seal and whatever did not hold in it are
written into an entry of their own at the end, so that nothing is glossed over.
"""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

from django.db import migrations
from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.core.database import raw_sql

FIRST, AT_ONCE = "0" * 64, 1000
SEALED = (
    "UPDATE journal_journalentry SET record = %s, salt = %s, content_hash = %s,"
    " before = %s, seal = %s WHERE id = %s"
)


def _sha256(sealed: list[Any]) -> str:
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _old_seal(row: Any) -> str:
    said = [row.text, row.data, row.by_id, row.role, row.purpose]
    at = row.at.astimezone(UTC).isoformat()
    return _sha256([row.seq, row.kind, row.subject_kind, row.subject_id, *said, at, row.before])


def _new_seal(row: Any, before: str) -> tuple[str, str, str, str]:
    """Return record, salt, hash of the words and seal of an entry."""
    name = row.subject_kind.rpartition(".")[2]
    record = f"{name}:{row.subject_id}" if name and row.subject_id is not None else ""
    salt = secrets.token_hex(16)
    content = _sha256([salt, row.text, row.data, row.purpose])
    at = row.at.astimezone(UTC).isoformat()
    seal = _sha256([row.seq, row.kind, record, row.by_id, row.role, at, content, before])
    return record, salt, content, seal


def seal_anew(apps: Any, schema_editor: Any) -> None:
    """Seal the chain anew, and say at its end what it was before."""
    entries = apps.get_model("journal", "JournalEntry").objects.order_by("seq")
    old_head, new_head, last, expected = FIRST, FIRST, 0, 1
    broken: list[int] = []
    while rows := list(entries.filter(seq__gt=last)[:AT_ONCE]):
        sealed = []
        for row in rows:
            if row.seq != expected or row.before != old_head or row.seal != _old_seal(row):
                broken.append(row.seq)
            old_head, expected, last = row.seal, row.seq + 1, row.seq
            record, salt, content, seal = _new_seal(row, new_head)
            sealed.append([record, salt, content, new_head, seal, row.pk])
            new_head = seal
        with writes_allowed("seal the journal anew"):
            raw_sql.run_many(SEALED, sealed, reason="seal the journal anew")
    if last:
        _say_so(entries.model, last, {"length": last, "head": old_head, "broken": broken}, new_head)


def _say_so(model: Any, last: int, data: dict[str, Any], before: str) -> None:
    row = model(
        seq=last + 1,
        kind="journal.sealed_anew",
        data=data,
        at=timezone.now(),
        before=before,
        scope_path="/",
    )
    row.record, row.salt, row.content_hash, row.seal = _new_seal(row, before)
    with writes_allowed("seal the journal anew"):
        row.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_room_for_salted_seals")]

    operations = [migrations.RunPython(seal_anew, migrations.RunPython.noop)]
