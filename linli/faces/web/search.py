"""The one search: a word finds people, places, matters, things, and pages; grouped by source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.core.errors import Refused
from linli.core.interface import registry, shell
from linli.core.interface.registry import Words
from linli.core.interface.shell import SearchHit
from linli.core.scope import Scope, scope_or_none

A_GROUP, ALONE = 5, 200  # hits of a group, and of one that stands alone
LONGEST = 80


@dataclass(frozen=True)
class FoundRow:
    """One hit as it is shown; ``number`` tells the rows of a page apart."""

    number: int
    hit: SearchHit


@dataclass(frozen=True)
class FoundGroup:
    """What one source found: the first hits, how many in all, where all of them stand."""

    key: str
    label: Words
    rows: list[FoundRow]
    total: int
    href: str = ""
    refused: str = ""

    @property
    def has_more(self) -> bool:
        """Are there more than are shown?"""
        return self.total > len(self.rows)

    @property
    def is_sure(self) -> bool:
        """Does what was typed name something here and nothing else?"""
        return any(row.hit.is_sure for row in self.rows)


@dataclass(frozen=True)
class Found:
    """The answer to what was typed."""

    asked: str
    groups: list[FoundGroup]
    ask_href: str
    is_too_short: bool
    has_post: bool
    only: str = ""

    @property
    def total(self) -> int:
        """How many hits there are in all."""
        return sum(group.total for group in self.groups)


def found(asked: str, scope: Scope | None, only: str = "") -> Found:
    """Ask every source that this scope may ask, or ``only`` one; what is sure stands first."""
    is_too_short = len(asked) == 1 and asked.isascii()
    has_post = scope is not None and scope.role != "none"
    groups = []
    if asked and has_post and not is_too_short:
        asked_of = [one for one in shell.search_sources.open_to(scope) if only in ("", one.key)]
        answers = [_group(one, asked, ALONE if only else A_GROUP) for one in asked_of]
        groups = [group for group in answers if group is not None]
    # Sorting is stable: within the sure and the others the order of the sources stays.
    groups.sort(key=lambda group: not group.is_sure)
    ask_href = _ask_href(asked, scope) if asked else ""
    return Found(asked, _numbered(groups), ask_href, is_too_short, has_post, only)


def _group(source: shell.Source, asked: str, limit: int) -> FoundGroup | None:
    """Ask one source; when it refuses (the day's budget is used up) the others still answer."""
    try:
        hits = source.build(asked, limit)
    except Refused as refused:
        return FoundGroup(source.key, source.label, [], 0, refused=refused.sentence)
    if hits is None or not hits.rows:
        return None
    rows = sorted(hits.rows[:limit], key=lambda hit: not hit.is_sure)
    numbered = [FoundRow(0, hit) for hit in rows]
    # A source without a list of its own has all of them on this page.
    alone = f"{reverse('web:find')}?{urlencode({'q': asked, 'only': source.key})}"
    return FoundGroup(source.key, source.label, numbered, hits.total, hits.href or alone)


def _numbered(groups: list[FoundGroup]) -> list[FoundGroup]:
    numbers: Iterator[int] = count()
    return [
        replace(group, rows=[replace(row, number=next(numbers)) for row in group.rows])
        for group in groups
    ]


def _ask_href(asked: str, scope: Scope | None) -> str:
    """Return where the same words are asked as a condition, for who may ask."""
    ask = registry.ask_box()
    if ask is None or not any(
        page.url_name == ask.url_name and page.is_open_to(scope) for page in registry.pages()
    ):
        return ""
    try:
        return f"{reverse(ask.url_name)}?{urlencode({ask.parameter: asked})}"
    except NoReverseMatch:
        return ""


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").split())[:LONGEST]


@login_required
@never_cache
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Show what was found, on a page of its own."""
    only = request.GET.get("only", "")[:40]
    return render(
        request, "web/find.html", {"found": found(_asked(request), scope_or_none(), only)}
    )


@login_required
@never_cache
@require_GET
def part(request: HttpRequest) -> HttpResponse:
    """Give the same as a list below the field, while somebody types."""
    return render(request, "web/find_part.html", {"found": found(_asked(request), scope_or_none())})
