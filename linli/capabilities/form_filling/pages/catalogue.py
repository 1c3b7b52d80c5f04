"""The catalogue of forms, and what was asked this year."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.capabilities.form_filling import queries
from linli.capabilities.form_filling.catalogue import yearly_report
from linli.capabilities.form_filling.pages.common import fillers_only
from linli.core.time import today
from linli.workbench.conditions.own_fields import dictionary

A_PAGE = 30
MOST_SHOWN = 40


@login_required
@never_cache
@require_safe
def form_templates(request: HttpRequest) -> HttpResponse:
    """Every form the subdistrict knows by its shape."""
    fillers_only()
    page = Paginator(queries.form_templates(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "form_filling/catalogue.html", {"page": page})


@login_required
@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """How often each fact was asked this year, and what nobody ever used."""
    fillers_only()
    words = dictionary()
    forms = yearly_report.handed_in()
    rows = []
    for asked_this_year in yearly_report.asked_this_year(forms)[:MOST_SHOWN]:
        subject, _dot, key = asked_this_year.key.partition(".")
        label = words.field(subject, key).label if words.has(subject, key) else key
        rows.append((label, asked_this_year.times, asked_this_year.cells))
    context = {
        "year": today().year,
        "rows": rows,
        "empty": yearly_report.never_used(forms)[:MOST_SHOWN],
        "unopened": yearly_report.unopened(forms)[:MOST_SHOWN],
    }
    return render(request, "form_filling/yearly_report.html", context)
