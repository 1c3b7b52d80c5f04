"""The list of cases, with the filters a station works by."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.cases.actions import may_dispatch, may_take
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import cases, categories
from linli.capabilities.cases.queries.board import BEFORE_ANSWER, own_level, within
from linli.capabilities.cases.terms import OPEN_STATES, CaseOutcome, CaseState
from linli.core.errors import NotFound
from linli.core.interface import registry
from linli.core.interface.view_models import Tab
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.places.queries import place_or_not_found

A_PAGE = 30
MOST_ASKED = 60


def _views() -> dict[str, tuple[Any, Q]]:
    return {
        "": (_("未结"), Q(state__in=OPEN_STATES)),
        "received": (_("待分派"), Q(state=CaseState.RECEIVED)),
        # The same condition as on the board: its figures lead here and must be the same.
        "late": (_("逾期"), Q(state__in=BEFORE_ANSWER, due_on__lt=today())),
        "handled": (_("待答复"), Q(state=CaseState.HANDLED)),
        "answered": (_("待确认"), Q(state=CaseState.ANSWERED)),
        "closed": (_("已结"), Q(state=CaseState.CLOSED)),
    }


@login_required
@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """List cases: open ones first, by what they wait for."""
    if not may_take.holds():
        raise NotFound()
    views = _views()
    view = request.GET.get("view", "")
    view = view if view in views else ""
    place = request.GET.get("place", "")
    here = place_or_not_found(int(place)) if place.isdigit() else None
    category = request.GET.get("category", "")
    searched = request.GET.get("q", "").strip()[:MOST_ASKED]
    own = request.GET.get("level") == "own"
    narrowed = own_level(cases(), here) if own else within(cases(), here)
    rows = _searched(narrowed, searched, category)
    filters = {"place": place if here else "", "q": searched, "category": category}
    filters |= {"level": "own" if own else ""}
    filters = {key: value for key, value in filters.items() if value}
    shown = rows.filter(views[view][1]).select_related("place", "category")
    order = ("-closed_at",) if view == "closed" else ("due_on", "pk")
    pages = Paginator(shown.order_by(*order), A_PAGE)
    # How many were finished at a place with one seat would be the number of whoever holds it.
    pages.hides_total = view == "closed"  # type: ignore[attr-defined]
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "tabs": _tabs(rows, view, filters),
        "view": view,
        "asked": searched,
        "here": here,
        "may_dispatch": may_dispatch.holds(),
        "day": today(),
        "more_pages": _more_pages(),
        "chips": _chips(view, filters, str(here.name) if here else ""),
        "kept": filters,
        "lines": [(case, _note(case)) for case in page],
    }
    return render(request, "cases/all.html", context)


def _more_pages() -> list[registry.Page]:
    return [page for page in registry.pages("cases.all") if page.is_open_to(current_scope())]


def _searched(rows: QuerySet[Case], asked: str, category: str) -> QuerySet[Case]:
    for word in asked.split():
        # Workers quote the whole number, day and all, or only its end.
        number = word.rpartition("-")[2]
        fits = Q(title__contains=word) | Q(text__contains=word) | Q(spot__contains=word)
        if number.isdigit():
            # Fifteen digits: a longer number does not fit the databases' integers and would fail
            # there.
            fits |= Q(pk=int(number[:15])) | Q(reports__outside_number=word)
        rows = rows.filter(fits)
    if category.isdigit():
        rows = rows.filter(category_id=int(category[:15]))
    elif category == "none":
        rows = rows.filter(category__isnull=True)
    return rows.distinct() if asked else rows


def _address(view: str, kept: dict[str, str]) -> str:
    """Return the address of a view that keeps what was asked for."""
    query = kept | ({"view": view} if view else {})
    return reverse("cases:all") + (f"?{urlencode(query)}" if query else "")


def _chips(view: str, kept: dict[str, str], here: str) -> list[tuple[str, str]]:
    """Return what narrows the list down, each with the address without it."""
    names = {
        "place": here,
        "level": _("本级"),
        "category": _category_name(kept.get("category", "")),
    }
    return [
        (name, _address(view, {other: value for other, value in kept.items() if other != key}))
        for key, name in names.items()
        if key in kept
    ]


def _category_name(asked: str) -> str:
    named = categories(also_retired=True).filter(pk=int(asked[:15])) if asked.isdigit() else ()
    return next((one.name for one in named), _("未分类"))


def _tabs(rows: QuerySet[Case], view: str, kept: dict[str, str]) -> list[Tab]:
    return [
        Tab(
            label,
            _address(key, kept),
            current=key == view,
            count=None if key == "closed" else rows.filter(which).count(),
        )
        for key, (label, which) in _views().items()
    ]


def _note(case: Case) -> str:
    """Say in one line where a case stands."""
    parts = [str(case.place), _(case.category.name) if case.category else _("未分类")]
    if case.state == CaseState.CLOSED:
        parts.append(str(CaseOutcome(case.outcome).label))
    else:
        parts.append(case.get_state_display())
    if case.reopened_times:
        parts.append(
            ngettext("重开%(n)s次", "重开%(n)s次", case.reopened_times) % {"n": case.reopened_times}
        )
    return " · ".join(parts)
