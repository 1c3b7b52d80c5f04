"""Keep a question under a name; take a list away: parse, call, show."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.capabilities.reports import actions, export_files, queries, rules
from linli.capabilities.reports.forms import ExportForm, SaveForm
from linli.capabilities.reports.models import SavedReport
from linli.capabilities.reports.pages import presenter
from linli.capabilities.reports.pages import url_state as asked
from linli.capabilities.reports.pages.query import reader_only
from linli.capabilities.reports.pages.url_state import QueryState
from linli.capabilities.reports.terms import ExportState
from linli.core.errors import NotFound, Refused
from linli.core.fields import DICTIONARY
from linli.core.scope import current_scope
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_EXPORT
from linli.workbench.conditions import queries as conditions


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Give a question a name and a link."""
    reader_only()
    state = asked.read(request.GET)
    form = SaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report = actions.save_report(
            name=form.cleaned_data["name"],
            subject=state.subject,
            condition=conditions.condition_json(state.condition),
            columns=list(state.columns),
            sort=state.sort,
            shared=form.cleaned_data["shared"],
            by=signed_in(request),
        )
        messages.success(request, _("已存为“%(name)s”") % {"name": report.name})
        return redirect("reports:report", report.link)
    context = {"form": form, "back": state.href(), **presenter.heading(state)}
    return render(request, "reports/save.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """List one's own saved questions and those shared here."""
    reader_only()
    reports = queries.saved_reports(signed_in(request))
    lines = [(one, conditions.left_out_of(one.condition)) for one in reports]
    return render(request, "reports/saved.html", {"reports": lines})


@login_required
@require_safe
def report(request: HttpRequest, link: str) -> HttpResponse:
    """Answer a saved question for the post that opens it."""
    reader_only()
    saved_report = queries.saved_report(link, signed_in(request))
    state = _state_of(saved_report, request)
    context = {
        **presenter.answer(state),
        "report": saved_report,
        "mine": saved_report.by_id == signed_in(request).pk,
    }
    return render(request, "reports/report.html", context)


def _state_of(saved_report: SavedReport, request: HttpRequest) -> QueryState:
    condition = conditions.read_json(saved_report.condition)
    now = asked.read(request.GET)
    return asked.from_condition(
        condition,
        columns=tuple(saved_report.columns),
        sort=now.sort or saved_report.sort,
        page=now.page,
    )


@login_required
@require_POST
def end(request: HttpRequest, link: str) -> HttpResponse:
    """Take a saved question off the list, or put it back."""
    reader_only()
    saved_report = queries.saved_report(link, signed_in(request))
    if "back" in request.GET:
        actions.restore_report(report=saved_report, by=signed_in(request))
        return redirect("reports:report", saved_report.link)
    actions.end_report(report=saved_report, by=signed_in(request))
    undo = reverse("reports:end", args=[saved_report.link]) + "?back"
    text = _("已移除“%(name)s”") % {"name": saved_report.name}
    messages.success(request, text, extra_tags=f"undo:{undo}")
    return redirect("reports:saved")


def exporter_only() -> None:
    """Refuse posts that take no lists away; for them there is no such page."""
    reader_only()
    if current_scope().role not in MAY_EXPORT:
        raise NotFound()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Say what the list is for; then it is ready, or waits for a second person."""
    exporter_only()
    state = asked.read(request.GET)
    total = conditions.count(state.condition)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            export = actions.ask_export(**_wanted(state, form, total), by=signed_in(request))
            return redirect("reports:export", export.link)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    context = {
        "form": form,
        "back": state.href(),
        "total": total,
        **presenter.heading(state),
        **presenter.beside(state, total),
        "counter": DICTIONARY.subject(state.subject).counter,
        "two": rules.needs_second_person(
            rows=actions.taken_with(
                state.subject, conditions.condition_json(state.condition), total
            )
        ),
        "alone_up_to": rules.ALONE_UP_TO,
    }
    return render(request, "reports/take.html", context, status=422 if form.errors else 200)


def _wanted(state: QueryState, form: ExportForm, total: int) -> dict[str, Any]:
    condition = state.condition
    return {
        "subject": state.subject,
        "condition": conditions.condition_json(condition),
        "condition_text": conditions.said(condition),
        "sort": state.sort,
        "columns": list(state.columns or conditions.default_columns(state.subject)),
        "rows": total,
        **form.cleaned_data,
    }


@login_required
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """List what one asked to take away, and what waits for one's consent."""
    exporter_only()
    context = {
        "own": queries.own_exports(signed_in(request))[:50],
        "waiting": queries.exports_to_decide(signed_in(request))[:50],
    }
    return render(request, "reports/exports.html", context)


@login_required
@require_safe
def export(request: HttpRequest, link: str) -> HttpResponse:
    """Show one list on its way out: what, what for, who must consent."""
    exporter_only()
    request_shown = queries.export_request(link)
    mine = request_shown.by_id == signed_in(request).pk
    waits = request_shown.state == ExportState.WAITING
    context = {
        "export": request_shown,
        "mine": mine,
        "waits": waits,
        "may_decide": waits and not mine,
        "ready": mine and request_shown.state in (ExportState.READY, ExportState.TAKEN),
        "people": queries.second_people(request_shown) if waits else [],
    }
    return render(request, "reports/export.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, link: str) -> HttpResponse:
    """Consent to a long list leaving, or not."""
    exporter_only()
    waiting = queries.export_request(link)
    agreed = request.POST.get("agreed") == "yes"
    try:
        actions.decide_export(export=waiting, agreed=agreed, by=signed_in(request))
        messages.success(request, _("已同意") if agreed else _("已拒绝"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("reports:exports")


@login_required
@require_POST
def download(request: HttpRequest, link: str) -> HttpResponse:
    """Hand out the file, made this moment under this post's own scope."""
    exporter_only()
    ready = queries.export_request(link)
    try:
        response = export_files.export_response(ready, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reports:export", link)
    return response
