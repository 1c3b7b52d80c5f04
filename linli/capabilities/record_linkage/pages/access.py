"""Who may see the pages of linkage runs, and what they ask before a change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linli.capabilities.record_linkage.actions import may_fuse
from linli.capabilities.record_linkage.models import LinkageRun
from linli.core.errors import NotFound


def linkers_only() -> None:
    """Posts that may not link lists have no such page."""
    if not may_fuse():
        raise NotFound()


def confirm_page(
    request: HttpRequest,
    linkage_run: LinkageRun,
    question: str,
    button: str,
    note: str,
    tone: str = "",
) -> HttpResponse:
    """Ask before something that changes a lot."""
    context = {
        "question": question,
        "button": button,
        "note": note,
        "tone": tone,
        "cancel_href": reverse("record_linkage:show", args=[linkage_run.link]),
    }
    return render(request, "web/confirm_page.html", context)
