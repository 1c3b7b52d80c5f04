"""The journal on the page of every record: write a note, photos, what happened."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.core.interface.registry import record_address
from linli.workbench.journal.actions import may_redact, may_write_notes
from linli.workbench.journal.queries import entries_about, photos_of

ON_A_RECORD = 8


def journal(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the latest entries of a record; reads of covered values stand in their own list."""
    label = record._meta.label_lower
    args = [label, record.pk]
    entries = entries_about(record, limit=ON_A_RECORD + 1, with_looks=False)
    has_page = bool(record_address(label, record.pk))
    return {
        "entries": entries[:ON_A_RECORD],
        "more_href": reverse("journal:about", args=args) if len(entries) > ON_A_RECORD else "",
        "note_href": (
            reverse("journal:note", args=args) if has_page and may_write_notes.holds() else ""
        ),
        "photos": photos_of(record),
        "may_redact": may_redact.holds(),
    }
