"""What the pages of forms share."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from linli.capabilities.form_filling.actions.templates import may_fill
from linli.core.errors import NotFound


def fillers_only() -> None:
    """Posts that fill no forms have no such page."""
    if not may_fill.holds():
        raise NotFound()


def as_download(data: bytes, name: str) -> HttpResponse:
    """Return a file to keep."""
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    # Personal values: no browser or proxy keeps a copy.
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
