"""今日: what a role sees first, one list of what is to be done, then the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.core.interface import registry, shell
from linli.core.interface.registry import Words
from linli.core.scope import scope_or_none
from linli.core.time import today
from linli.faces.web.menu import open_pages

ROWS_ON_HOME, ROWS_ON_PHONE = 6, 3  # beyond, the buttons below say how many there are
WEEK = 7


@dataclass
class TodayGroup:
    """What is late, or due today, or this week, or later; each row with: is it for a desk only?"""

    key: str
    label: Words
    rows: list[tuple[shell.TodayRow, bool]] = field(default_factory=list)

    @property
    def is_further(self) -> bool:
        """Is all of it for a desk only?"""
        return all(is_further for _row, is_further in self.rows)


@dataclass(frozen=True)
class TodayList:
    """The first rows of all sources by their day; of every source how many there are, and where."""

    groups: list[TodayGroup]
    sources: list[tuple[Words, int, str]]


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """今日: what I see first by my role, what is to be done, what is coming, my figures."""
    ask, scope = registry.ask_box(), scope_or_none()
    if ask and not any(page.url_name == ask.url_name for page in open_pages("register", scope)):
        ask = None
    context: dict[str, Any] = {
        "notices": _blocks(request, "notice"),
        "first": _blocks(request, "first"),
        "today": today_list(request, ROWS_ON_HOME),
        "has_work": bool(shell.today_sources.open_to(scope)),
        "blocks": _blocks(request, "main"),
        "tiles": _blocks(request, "tiles"),
        "ask": ask,
        "ask_href": _address(ask.url_name) if ask else "",
        "examples": ask.examples(request)[:4] if ask and ask.examples else [],
    }
    return render(request, "web/home.html", context)


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _blocks(request: HttpRequest, slot: str) -> list[dict[str, Any]]:
    blocks = registry.home_blocks(slot, scope_or_none())
    built = ((block, block.build(request)) for block in blocks)
    return [
        {"key": block.key, "template": block.template, "content": content}
        for block, content in built
        if content is not None
    ]


def today_list(request: HttpRequest, limit: int) -> TodayList:
    """Return the first rows of all sources in one list, danger and what is late on top."""
    rows: list[shell.TodayRow] = []
    sources = []
    for source in shell.today_sources.open_to(scope_or_none()):
        found: shell.TodayRows | None = source.build(request, limit)
        if found is not None and found.total:
            rows += found.rows
            sources.append((source.label, found.total, found.href))
    first = sorted(rows, key=lambda row: (not row.is_danger, row.due or date.max))[:limit]
    return TodayList(_grouped(first, today()), sources)


def _grouped(rows: Iterable[shell.TodayRow], day: date) -> list[TodayGroup]:
    groups = {
        "danger": TodayGroup("danger", _("马上处置")),
        "late": TodayGroup("late", _("逾期")),
        "today": TodayGroup("today", _("今天")),
        "week": TodayGroup("week", _("本周")),
        "later": TodayGroup("later", _("以后")),
    }
    for number, row in enumerate(rows):
        is_further = number >= ROWS_ON_PHONE and not row.is_danger
        groups[_group_of(row, day)].rows.append((row, is_further))
    return [group for group in groups.values() if group.rows]


def _group_of(row: shell.TodayRow, day: date) -> str:
    if row.is_danger:
        return "danger"
    if row.due is None:
        return "later"
    if row.due < day:
        return "late"
    if row.due == day:
        return "today"
    return "week" if row.due < day + timedelta(days=WEEK) else "later"
