"""The list of cases, with the filters a station works by."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.cases.actions import may_dispatch, may_take
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.case_list import (
    BEHIND_BARS,
    UNCOUNTED,
    Listed,
    filter_chips,
    list_address,
    listed,
    views,
)
from linli.capabilities.cases.queries.case_status import danger_of_case, days_left
from linli.capabilities.cases.terms import CaseOutcome, CaseState
from linli.core.errors import NotFound
from linli.core.interface import registry
from linli.core.interface.record_lists import ListRow, RecordList
from linli.core.interface.view_models import Cell, Tab
from linli.core.scope import current_scope
from linli.core.time import due_words, to_china

A_PAGE = 50


@login_required
@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """List cases: open ones first, by what they wait for."""
    if not may_take.holds():
        raise NotFound()
    found = listed(request.GET)
    pages = Paginator(found.shown.select_related("place", "category"), A_PAGE)
    # How many were finished at a place with one seat would be the number of whoever holds it.
    pages.hides_total = found.view in UNCOUNTED  # type: ignore[attr-defined]
    page = pages.get_page(request.GET.get("page"))
    clock = days_left(page)
    context = {
        "view": found.view,
        "tabs": _tabs(found),
        "asked": found.asked,
        "here": found.here,
        "may_dispatch": may_dispatch.holds(),
        "more_pages": _more_pages(),
        "chips": filter_chips(found),
        "kept": found.filters,
        "cases": RecordList(
            caption=views()[found.view][0],
            sorting=found.sorting,
            rows=[_row(case, clock.get(case.pk)) for case in page],
            found=None if found.view in UNCOUNTED else pages.count,
            key="cases.all",
            page=page,
            empty=_("没有找到") if found.asked else _("这里没有办件"),
            empty_note=_("换个词试试，或看看“已结”") if found.asked else "",
        ),
    }
    return render(request, "cases/all.html", context)


def _more_pages() -> list[registry.Page]:
    return [page for page in registry.pages("cases.all") if page.is_open_to(current_scope())]


def _tabs(found: Listed) -> list[Tab]:
    return [
        Tab(
            label,
            list_address(key, found.filters),
            current=key == found.view,
            count=None if key in UNCOUNTED else found.rows.filter(which).count(),
        )
        for key, (label, which) in views().items()
        if key == found.view or key not in BEHIND_BARS
    ]


def _row(case: Case, days: int | None) -> ListRow:
    danger = danger_of_case(case)
    note = danger or (_("保密") if case.confidential else "")
    cells = {
        "title": Cell(case.title, note=note, tone="bad" if danger else ""),
        "due": _due(case, days),
        "state": _stands(case),
        "place": str(case.place),
        "category": _(case.category.name) if case.category else _("未分类"),
        "came": to_china(case.received_at).strftime("%m-%d"),
        "number": case.number,
    }
    return ListRow(case.pk, reverse("cases:case", args=[case.pk]), cells)


def _due(case: Case, days: int | None) -> Cell:
    """Say by when, in the clock of whoever acts, or since when it is answered or closed."""
    if case.state == CaseState.CLOSED and case.closed_at:
        return Cell(_("%(day)s结案") % {"day": to_china(case.closed_at).strftime("%m-%d")})
    if case.state == CaseState.ANSWERED and case.answered_at:
        return Cell(_("%(day)s答复") % {"day": to_china(case.answered_at).strftime("%m-%d")})
    return Cell(due_words(days), tone="bad" if days is not None and days < 0 else "")


def _stands(case: Case) -> str:
    """Say in a word where a case stands."""
    closed = case.state == CaseState.CLOSED
    words = str(CaseOutcome(case.outcome).label) if closed else case.get_state_display()
    if case.reopened_times:
        again = case.reopened_times
        words += " · " + ngettext("重开%(n)s次", "重开%(n)s次", again) % {"n": again}
    return words
