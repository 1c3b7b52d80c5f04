"""Whose time is over soon and why somebody waits; holding; what was deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.core.fields.field import KEPT_YEARS
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Column
from linli.core.scope import one_or_not_found
from linli.register.people.models import Person
from linli.register.posts.queries import signed_in
from linli.workbench.retention import actions, queries, rules
from linli.workbench.retention.forms import AskForm, HoldForm
from linli.workbench.retention.models import DuePerson
from linli.workbench.web.action_page import action_page, require_role

A_PAGE = 20


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the list, those who wait with the reason, and the certificates."""
    require_role(rules.MAY_HOLD)
    page = Paginator(queries.due_here(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": queries.plan(list(page.object_list)),
        "certificates": queries.certificates()[:A_PAGE],
        "years": KEPT_YEARS,
        "days": rules.SHOWN_DAYS,
        "without_day": queries.left_without_a_day().count(),
    }
    return render(request, "retention/list.html", context)


def _due(pk: int) -> DuePerson:
    require_role(rules.MAY_HOLD)
    due_person: DuePerson = one_or_not_found(queries.due_here(), pk=pk)
    return due_person


@login_required
@never_cache
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line: how much of what, and why it waits."""
    due_line = queries.plan([_due(pk)])[0]
    file = record_address("people.person", due_line.due.person_id)
    return render(request, "retention/line.html", {"line": due_line, "file": file})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a deletion wait."""
    due, by = _due(pk), signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.hold(due=due, reason=given["reason"], until=given["until"], by=by)

    return action_page(
        request,
        HoldForm(request.POST or None),
        title=_("暂缓删除"),
        said=_("已暂缓"),
        run=run,
        note=_("理由和您的名字记入日志"),
        button=_("暂缓"),
        back=reverse("retention:line", args=[due.pk]),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, person: int) -> HttpResponse:
    """Have the data of somebody who left deleted with the next daily run, for they asked for it."""
    require_role(rules.MAY_HOLD)
    found: Person = one_or_not_found(queries.people_who_left(), pk=person)
    by = signed_in(request)

    def run(_given: dict[str, Any]) -> str:
        due = actions.ask(person=found, by=by)
        return reverse("retention:line", args=[due.pk])

    return action_page(
        request,
        AskForm(request.POST or None),
        title=_("应本人要求删除"),
        said=_("已登记，一天内删除，有没办完的事就办完再删；删好后可在“到期删除”里打印证明给本人"),
        run=run,
        note=_("%(name)s的档案、日志文字、照片都会删掉，不能恢复") % {"name": found.name},
        button=_("删除"),
        back=record_address("people.person", found.pk) or reverse("retention:list"),
    )


@login_required
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold."""
    due = _due(pk)
    actions.lift(due=due, by=signed_in(request))
    messages.success(request, _("已解除暂缓"))
    return redirect("retention:line", due.pk)


@login_required
@never_cache
@require_safe
def certificate(request: HttpRequest, certificate: int) -> HttpResponse:
    """Show a certificate on paper: figures and hashes, nobody's name."""
    require_role(rules.MAY_HOLD)
    shown = one_or_not_found(queries.certificates(), pk=certificate)
    columns = [Column(_("哪种信息")), Column(_("行数"), "number")]
    rows = sorted((queries.label_words(label), number) for label, number in shown.rows.items())
    context = {"one": shown, "columns": columns, "rows": rows, "hashes": queries.hashes_of(shown)}
    return render(request, "retention/certificate.html", context)
