"""Handing a case out: category, who leads, who helps, by when."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.cases.actions import assign_case, may_dispatch, set_category
from linli.capabilities.cases.forms.workers import DispatchForm
from linli.capabilities.cases.queries import case_or_not_found, suggest
from linli.core.errors import NotFound, Refused
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal
from linli.workbench.web.edit_form import editing, status_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose category, lead and helpers, and hand the case out."""
    case = case_or_not_found(pk)
    if not may_dispatch.holds():
        raise NotFound()
    form = DispatchForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        by = signed_in(request)
        try:
            # Both or neither: the category decides the days that the assignment counts.
            with editing(request, form):
                cleaned = form.cleaned_data
                if cleaned["category"] and cleaned["category"] != case.category:
                    set_category(case=case, category=cleaned["category"], by=by)
                assign_case(case=case, by=by, shares=form.chosen())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            seat = form.chosen()[0].seat
            names = {"who": seat.words if seat else ""}
            messages.success(request, _("已分派给%(who)s") % names)
            return redirect("cases:case", case.pk)
    suggested = suggest(case.text, case.place, title=case.title) if case.category is None else None
    context = {"case": case, "form": form, "told": suggested}
    return render(request, "cases/dispatch.html", context, status=status_of(form))
