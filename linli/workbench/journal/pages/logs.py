"""The log for those who watch over it: what was done, when and what for; no personal values.

Who did it is shown for one record at a time and for a stated purpose: a log that could be narrowed
by person, or counted, would rank those who work here (decision 0019).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.core.errors import NotFound, Refused
from linli.core.interface.view_models import Cell, Column
from linli.core.scope import Scope, current_scope, use_scope
from linli.core.time import today
from linli.register.posts.queries import log_scope_of, signed_in
from linli.register.posts.rules import MAY_READ_LOGS
from linli.workbench.journal import actions
from linli.workbench.journal.forms import LogForm, LogPurposeForm
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.queries import LogQuery, log, log_about, shown_entry
from linli.workbench.web.action_page import add_refusal

A_PAGE = 50


def _log_scope(request: HttpRequest) -> Scope:
    scope = log_scope_of(signed_in(request), today())
    if current_scope().role not in MAY_READ_LOGS or not scope.paths:
        raise NotFound()
    return scope


def _before(given: Any) -> int | None:
    text = given.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


@login_required
@require_GET
def logs(request: HttpRequest) -> HttpResponse:
    """Show the log of the places whose log I watch over, without who did what to whom."""
    scope = _log_scope(request)
    form = LogForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    asked = LogQuery(**given, before=_before(request.GET))
    # A queryset answers only in its own scope: rows are read before it ends.
    with use_scope(scope):
        entries = list(log(asked)[: A_PAGE + 1])
        rows = [_row(entry) for entry in entries[:A_PAGE]]
    older = ""
    if len(entries) > A_PAGE:
        kept = {key: str(value) for key, value in given.items() if value}
        older = "?" + urlencode({**kept, "before": entries[A_PAGE - 1].seq})
    columns = [Column(_("时间")), Column(_("做了什么")), Column(_("事由")), Column(_("对象"))]
    context = {"form": form, "columns": columns, "rows": rows, "older": older}
    return render(request, "journal/logs.html", context, status=422 if form.errors else 200)


def _row(entry: JournalEntry) -> list[Cell]:
    shown = shown_entry(entry, with_text=False)
    concerns = bool(entry.subject_kind and entry.subject_id)
    href = ""
    if concerns:
        href = reverse("journal:log-about", args=[entry.subject_kind, entry.subject_id])
    # What concerns nobody else is about whoever did it: a list that was read, an unusual day.
    who = shown.who if not concerns else ""
    return [
        Cell(_moment(entry)),
        Cell(shown.what, note="；".join(word for word in (who, shown.facts) if word)),
        Cell(shown.purpose or "—"),
        Cell(shown.about or "—", href=href),
    ]


def _moment(entry: JournalEntry) -> str:
    return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Ask what for, then show who dealt with one record."""
    scope = _log_scope(request)
    try:
        name = apps.get_model(label)._meta.verbose_name
    except (LookupError, ValueError) as wrong:
        raise NotFound() from wrong
    with use_scope(scope):
        # Of what lies elsewhere, and of what never was, there is no log to look up here.
        if not log_about(label, pk).exists():
            raise NotFound()
    form, rows, last = LogPurposeForm(request.POST or None), None, 0
    if request.method == "POST" and form.is_valid():
        try:
            with use_scope(scope):
                entries = actions.look_up_log(
                    label=label,
                    pk=pk,
                    purpose=form.cleaned_data["purpose"],
                    by=signed_in(request),
                    before=_before(request.POST),
                    most=A_PAGE + 1,
                )
                rows = [_row_with_who(entry) for entry in entries[:A_PAGE]]
            last = entries[A_PAGE - 1].seq if len(entries) > A_PAGE else 0
        except Refused as refused:
            add_refusal(form, refused)
    context = {
        "form": form,
        "rows": rows,
        "last": last,
        "title": f"{name} {pk}",
        "columns": [Column(_("时间")), Column(_("做了什么")), Column(_("谁")), Column(_("事由"))],
    }
    return render(request, "journal/log_about.html", context, status=422 if form.errors else 200)


def _row_with_who(entry: JournalEntry) -> list[Cell]:
    shown = shown_entry(entry, with_text=False)
    return [
        Cell(_moment(entry)),
        Cell(shown.what, note=shown.facts),
        Cell(shown.who, note=shown.role),
        Cell(shown.purpose or "—"),
    ]
