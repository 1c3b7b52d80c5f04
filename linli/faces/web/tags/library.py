"""The one tag library that every component joins."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

CARE_COOKIE = "linli_care"
register = template.Library()


def is_care(context: Context) -> bool:
    """Is the page drawn as 关怀版? A component knows the request of its page, not its variables."""
    request = getattr(context, "request", None) or context.get("request")
    return request is not None and request.COOKIES.get(CARE_COOKIE) == "on"


def part(name: str, **context: Any) -> SafeString:
    """Render the template of a component."""
    return render_to_string(f"components/{name}.html", context)


def inside(content: str) -> SafeString:
    """Mark what stood between two tags as safe: the template engine has escaped it already."""
    return mark_safe(content.strip())  # noqa: S308
