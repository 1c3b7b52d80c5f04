"""The call list: who is called, what came of it, and the sheet to take along."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.core.errors import Refused
from linli.core.interface.view_models import Cell, Column
from linli.core.interface.workbook import WorkbookSheet, write
from linli.core.personal_data.watermark import number_of
from linli.core.time import to_china
from linli.register.posts.queries import signed_in
from linli.workbench.notices import actions, queries, rules
from linli.workbench.notices.forms import CallForm
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.pages.common import senders_only, tell_form, tell_page
from linli.workbench.notices.terms import STILL_TO_CALL
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.exempt_records import leaving_in_a_file
from linli.workbench.read_budget.rules import ALONE_UP_TO

ROWS_A_PAGE = 30
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(request: HttpRequest) -> int | None:
    asked = request.GET.get("notice", "")
    # More digits would overflow the database's integer.
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


@login_required
@never_cache
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Show who is still to be called, door by door."""
    senders_only()
    rows = queries.call_list(_asked(request))
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    note_read(delivery.person_id for delivery in page if delivery.person_id)
    context = {
        "page_obj": page,
        "asked": _asked(request),
        "fits_on_sheet": page.paginator.count <= rules.MOST_ON_CALL_SHEET,
    }
    return render(request, "notices/calls.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what came of a call."""
    senders_only()
    delivery = queries.delivery_or_not_found(pk)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_call(
                delivery=delivery,
                reached=form.cleaned_data["reached"] == "yes",
                answer=form.cleaned_data["answer"],
                by=signed_in(request),
            )
        except Refused as refused:
            tell_form(form, refused)
        else:
            messages.success(request, _("已记下：%(name)s") % {"name": delivery.name})
            return redirect("notices:calls")
    return _call(request, delivery, form)


@login_required
@never_cache
@require_POST
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the number to call, once, with an entry in the journal."""
    senders_only()
    delivery = queries.delivery_or_not_found(pk)
    note_read([delivery.person_id] if delivery.person_id else [])
    try:
        phone = actions.show_number(delivery=delivery, by=signed_in(request))
    except Refused as refused:
        tell_page(request, refused)
        return redirect("notices:calls")
    return _call(request, delivery, CallForm(), phone=phone)


def _call(
    request: HttpRequest, delivery: Delivery, form: CallForm, phone: str = ""
) -> HttpResponse:
    note_read([delivery.person_id] if delivery.person_id else [])
    context = {
        "delivery": delivery,
        "form": form,
        "phone": phone,
        "is_open": delivery.state in STILL_TO_CALL,
        "prefers": delivery.person.get_preferred_channel_display() if delivery.person else "",
    }
    return render(request, "notices/call.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def sheet(request: HttpRequest) -> HttpResponse:
    """Hand out the call list: a sheet to print, or a table."""
    senders_only()
    by, wants_table = signed_in(request), request.POST.get("file") == "xlsx"
    # One row too many, so that the action can tell that the list is too long.
    rows = list(queries.call_list(_asked(request))[: rules.MOST_ON_CALL_SHEET + 1])
    try:
        # Together: where the read budget refuses, no journal may say that a sheet was taken.
        with transaction.atomic(), leaving_in_a_file(alone_up_to=ALONE_UP_TO, agreed=False):
            actions.take_call_sheet(deliveries=rows, by=by)
            note_read(delivery.person_id for delivery in rows if delivery.person_id)
    except Refused as refused:
        tell_page(request, refused)
        return redirect("notices:calls")
    if wants_table:
        return _table(rows, by.name)
    columns = [Column(label) for label in _headings()]
    context = {
        "columns": columns,
        "rows": [_cells(row) for row in rows],
        "by": by,
        "at": timezone.now(),
    }
    answer = render(request, "notices/sheet.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _headings() -> list[str]:
    return [_("姓名"), _("电话"), _("地址"), _("要说的事"), _("打通"), _("对方怎么说")]


def _line(row: Delivery) -> list[str]:
    home = str(row.person.home) if row.person else ""
    return [row.name, row.phone or _("没有电话，请上门"), home, row.subject, "□", ""]


def _cells(row: Delivery) -> list[Cell]:
    """Lay one line of the sheet out; what is to be said stands below its subject."""
    name, phone, home, subject, reached, answer = _line(row)
    cells = [Cell(name), Cell(phone), Cell(home), Cell(subject, note=row.text)]
    return [*cells, Cell(reached), Cell(answer)]


def _table(rows: list[Delivery], name: str) -> HttpResponse:
    moment = to_china(timezone.now())
    lines: list[list[Any]] = [[*_line(row)[:4], row.text, "", ""] for row in rows]
    headings = [*_headings()[:4], _("全文"), *_headings()[4:]]
    about = [
        (_("用途"), _("按通知单打电话")),
        (_("导出的人"), name),
        (_("时间"), str(moment)),
        (_("说明"), _("仅限上述用途，用后删除；每行带有隐形编号，转发可追溯。")),
    ]
    body = write(
        WorkbookSheet(_("电话通知单"), headings, lines),
        about=about,
        number=number_of(rows[0].key[:12]),
    )
    answer = HttpResponse(body, content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="calls-{moment:%Y%m%d}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
