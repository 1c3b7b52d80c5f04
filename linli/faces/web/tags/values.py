"""Components for single values: chips, freshness, source, covered values, progress."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from linli.core.time import due_words, today
from linli.faces.web.rules import is_stale
from linli.faces.web.tags.library import inside, register


@register.simple_block_tag
def chips(content: str, label: str = "") -> SafeString:
    """Set chips in a row that wraps; ``label`` is for those who hear the page."""
    return format_html('<ul class="chips" aria-label="{}">{}</ul>', label, inside(content))


@register.inclusion_tag("components/chip.html")
def chip(
    text: str,
    remove_href: str = "",
    remove_name: str = "",
    remove_value: str = "",
    href: str = "",
    tone: str = "",
) -> dict[str, Any]:
    """One condition or word: plain, removable, a link, or marked as not understood."""
    return {
        "text": text,
        "remove_href": remove_href,
        "remove_name": remove_name,
        "remove_value": remove_value,
        "href": href,
        "tone": tone,
    }


@register.inclusion_tag("components/freshness.html")
def freshness(confirmed_on: date | datetime | None) -> dict[str, Any]:
    """Say when a fact was last confirmed; half a year is marked as old."""
    day = confirmed_on.date() if isinstance(confirmed_on, datetime) else confirmed_on
    now = today()
    stale = is_stale(confirmed_on=day, on=now)
    return {"day": day, "words": _how_long_ago(day, now), "stale": stale}


def _how_long_ago(day: date | None, now: date) -> str:
    if day is None:
        return gettext("从未核实")
    days = (now - day).days
    if days <= 0:
        return gettext("今天核实")
    if days < 31:
        return ngettext("%(n)s天前核实", "%(n)s天前核实", days) % {"n": days}
    if days < 365:
        months = days // 30
        return ngettext("%(n)s个月前核实", "%(n)s个月前核实", months) % {"n": months}
    years = days // 365
    return ngettext("%(n)s年前核实", "%(n)s年前核实", years) % {"n": years}


@register.inclusion_tag("components/source.html")
def source(words: str) -> dict[str, Any]:
    """Say where a fact comes from."""
    return {"words": words}


@register.inclusion_tag("components/masked.html")
def masked(text: str, label: str, reveal_href: str = "") -> dict[str, Any]:
    """A covered value and the way to ask for it."""
    return {"text": text, "label": label, "reveal_href": reveal_href}


@register.inclusion_tag("components/revealed.html")
def revealed(text: str, label: str, seconds: int = 60, after: str = "") -> dict[str, Any]:
    """A value shown for a minute, then covered again by ``after``."""
    return {"text": text, "label": label, "seconds": seconds, "after": after or "****"}


@register.inclusion_tag("components/progress.html")
def progress(value: int, of: int, label: str) -> dict[str, Any]:
    """How far something has come, in words and as a bar."""
    return {"value": value, "of": of, "label": label}


register.filter("due_words", due_words)
