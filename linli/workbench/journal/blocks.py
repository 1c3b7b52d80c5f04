"""The journal on the page of every record: write a note, photos, what happened."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.core.interface.registry import record_address
from linli.core.scope import use_scope
from linli.core.time import today
from linli.register.posts.queries import log_scope_of, signed_in
from linli.workbench.journal.actions import may_redact, may_write_notes
from linli.workbench.journal.queries import entries_about, photos_of, shown_entry, watched_first

ON_A_RECORD = 8
WATCHED_SHOWN = 3


def watched(request: Any) -> dict[str, Any] | None:
    """Return what was last looked at, taken away and changed, for who watches over the log."""
    scope = log_scope_of(signed_in(request), today())
    if not scope.paths:
        return None
    words = {"looked": _("谁看了什么"), "left": _("什么导出去了"), "changed": _("岗位变动")}
    with use_scope(scope):
        lists = [
            (words[key], [shown_entry(row, with_text=False) for row in rows[:WATCHED_SHOWN]])
            for key, rows in watched_first().items()
        ]
    return {"lists": lists, "href": reverse("journal:logs")}


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
