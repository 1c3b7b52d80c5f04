"""Who calls, as far as the network tells: for limits, never for rights."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def caller_address(request: HttpRequest) -> str:
    """Return the internet address that a request comes from.

    Behind HTTPS there is a proxy of our own (LINLI_HTTPS): it adds the caller at the end of
    X-Forwarded-For. What stands before that the caller may have written.
    """
    if settings.BEHIND_HTTPS:
        told = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if told:
            return told[:45]
    return str(request.META.get("REMOTE_ADDR", ""))
