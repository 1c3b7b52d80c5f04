"""The one tag library that every component joins."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def part(name: str, **context: Any) -> SafeString:
    """Render the template of a component."""
    return render_to_string(f"components/{name}.html", context)


def inside(content: str) -> SafeString:
    """Mark what stood between two tags as safe: the template engine has escaped it already."""
    return mark_safe(content.strip())  # noqa: S308
