"""The subdistrict gives a form out: first its price tag, then how far each community is."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.capabilities.form_filling import actions, presenters, queries
from linli.capabilities.form_filling.catalogue.burden import communities, price_of
from linli.capabilities.form_filling.forms import IssueForm
from linli.capabilities.form_filling.pages.common import fillers_only
from linli.core.errors import NotFound, Refused
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import tell


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, link: str) -> HttpResponse:
    """What the form costs, and to whom it is given."""
    fillers_only()
    sheet = queries.sheet_or_not_found(link)
    by = signed_in(request)
    if not actions.issuing.may_issue(sheet=sheet, by=by):
        raise NotFound()
    places = communities(sheet.place)
    chosen = [one.pk for one in places]
    form = IssueForm(
        request.POST or None, places=[(one.pk, one.name) for one in places],
        initial={"asked_by": sheet.asked_by, "basis": sheet.basis, "due_on": sheet.due_on,
                 "places": chosen},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            given = actions.issue_form(
                sheet=sheet, places=[one for one in places if one.pk in typed["places"]],
                asked_by=typed["asked_by"], basis=typed["basis"], due_on=typed["due_on"], by=by,
                again=typed["again"],
            )  # fmt: skip
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("已下发"))
            return redirect("form_filling:issued", given.link)
    context = {"sheet": sheet, "form": form, "price": price_of(sheet, places)}
    return render(request, "form_filling/issue.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, link: str) -> HttpResponse:
    """How far each community is with a form that was given out."""
    fillers_only()
    given = queries.issue_or_not_found(link)
    sheets = queries.sheets_of_issue(given)
    done = sum(one.state in ("handed_in", "accepted") for one in sheets)
    context = {"issue": given, "lines": presenters.lines(sheets), "done": done, "total": len(sheets)}
    return render(request, "form_filling/issued.html", context)
