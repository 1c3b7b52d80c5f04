"""Whose drafts a browser may show: a mark of the user that a shared phone can only compare."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from linli.workbench.submissions.rules import DRAFT_DAYS as DRAFT_DAYS

MARK_LENGTH = 16


def owner_of(request: HttpRequest) -> str:
    """Return the mark of the signed-in user; nobody's is empty."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac("linli.drafts", str(user.pk), algorithm="sha256").hexdigest()[:MARK_LENGTH]
