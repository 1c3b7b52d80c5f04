"""The address under which residents reach this installation, for the links in messages."""

from __future__ import annotations

from django.conf import settings


def link_of(token: str) -> str:
    """Return the personal link of a token; empty when no outside address is set."""
    origins: list[str] = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}/n/{token}/" if origins else ""
