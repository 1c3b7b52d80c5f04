"""The limits of a subdistrict: what holds, and changing one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.core.errors import Refused
from linli.core.interface.view_models import Cell, Column
from linli.register.places.queries import places_in_scope
from linli.register.posts.queries import signed_in
from linli.register.posts.terms import Role
from linli.workbench.read_budget import actions, queries, rules
from linli.workbench.read_budget.forms import LimitForm
from linli.workbench.web.action_page import add_refusal, require_role

KINDS = ("subdistrict", "community", "grid", "estate")
MOST_SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """Show what holds everywhere and what was set for a place; set another."""
    require_role(rules.MAY_SET_LIMITS)
    form = LimitForm(request.POST or None, places=places_in_scope().filter(kind__in=KINDS))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_limit(**form.cleaned_data, by=signed_in(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已改上限"))
            return redirect("read_budget:limits")
    context = {
        "form": form,
        "usual_columns": [Column(_("岗位")), Column(_("24小时内最多"), "number")],
        "usual_rows": [
            [Cell(str(Role(role).label)), Cell(str(most))]
            for role, most in rules.MOST_PEOPLE.items()
        ],
        "set_columns": [
            Column(_("哪里")),
            Column(_("岗位")),
            Column(_("24小时内最多"), "number"),
            Column(_("从哪天起")),
            Column(_("谁定的")),
        ],
        "set_rows": [
            [
                Cell(str(read_limit.place)),
                Cell(read_limit.get_role_display()),
                Cell(str(read_limit.most)),
                Cell(read_limit.since.isoformat()),
                Cell(str(read_limit.by or "—")),
            ]
            for read_limit in queries.limits_set()[:MOST_SHOWN]
        ],
    }
    return render(request, "read_budget/limits.html", context, status=422 if form.errors else 200)
