"""How it goes, by place: promises kept and how it felt, apart, and never by worker."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.capabilities.visits import queries, rules
from linli.capabilities.visits.forms import PeriodForm
from linli.workbench.web.action_page import require_role


@login_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the communities of the scope one under another in the order of the register."""
    require_role(rules.MAY_SEE_FIGURES)
    usual = PeriodForm.past_quarter()
    form = PeriodForm(request.GET if "since" in request.GET else usual)
    if form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    else:
        since, until = date.fromisoformat(usual["since"]), date.fromisoformat(usual["until"])
    rows = queries.figures(queries.communities_here(), since, until)
    context = {
        "form": form,
        "since": since,
        "until": until,
        "rows": rows,
        "words": [one for row in rows for one in row.words],
        "fewest": rules.FEWEST_SHOWN,
    }
    return render(request, "visits/figures.html", context, status=422 if form.errors else 200)
