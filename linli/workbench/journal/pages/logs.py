"""The log for those who watch over it: who did what, when and what for; no personal values."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.core.errors import NotFound
from linli.core.interface.view_models import Cell, Column
from linli.core.scope import current_scope, use_scope
from linli.core.time import today
from linli.register.posts.queries import log_scope_of, signed_in
from linli.register.posts.rules import MAY_READ_LOGS
from linli.workbench.journal.forms import LogForm
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.queries import LogQuery, log, shown_entry

A_PAGE = 50


@login_required
@require_GET
def logs(request: HttpRequest) -> HttpResponse:
    """Show the log of the places whose log I watch over."""
    scope = log_scope_of(signed_in(request), today())
    if current_scope().role not in MAY_READ_LOGS or not scope.paths:
        raise NotFound()
    form = LogForm(request.GET or None)
    asked = LogQuery(**form.cleaned_data) if form.is_bound and form.is_valid() else LogQuery()
    # A queryset answers only in its own scope: rows and count are read before it ends.
    with use_scope(scope):
        page = Paginator(log(asked), A_PAGE).get_page(request.GET.get("page"))
        rows = [_row(entry) for entry in page]
        count = page.paginator.count
    columns = [
        Column(_("时间")),
        Column(_("做了什么")),
        Column(_("谁")),
        Column(_("事由")),
        Column(_("对象")),
    ]
    context = {"form": form, "columns": columns, "rows": rows, "page": page, "count": count}
    return render(request, "journal/logs.html", context, status=422 if form.errors else 200)


def _row(entry: JournalEntry) -> list[Cell]:
    shown = shown_entry(entry, with_text=False)
    moment = timezone.localtime(shown.at)
    return [
        Cell(f"{moment:%Y-%m-%d %H:%M}"),
        Cell(shown.what, note=shown.facts),
        Cell(shown.who, note=shown.role),
        Cell(shown.purpose or "—"),
        Cell(shown.about or "—"),
    ]
