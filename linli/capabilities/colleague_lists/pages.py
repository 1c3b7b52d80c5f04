"""One page in three steps: the list, the fate of every row, the passwords."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.colleague_lists import actions
from linli.capabilities.colleague_lists.forms import ColleagueListForm
from linli.capabilities.colleague_lists.plan import Fate, RowPlan, plan_of
from linli.capabilities.colleague_lists.table import ColleagueRow, read_table
from linli.core.errors import Refused
from linli.core.interface.view_models import Cell, Column
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_GIVE_POSTS
from linli.workbench.web.action_page import add_refusal, require_role

SALT = "colleague_lists"
VALID_SECONDS = 3600
FATES = {
    Fate.NEW: gettext_lazy("新用户"),
    Fate.APPOINT: gettext_lazy("已有用户，任命"),
    Fate.SAME: gettext_lazy("已有这个岗位，不变"),
    Fate.ASK: gettext_lazy("请回答"),
    Fate.BAD: gettext_lazy("不能导入"),
}
TONES = {Fate.ASK: "warn", Fate.BAD: "bad", Fate.SAME: "muted"}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Ask for a list, show what would become of each row, then do it."""
    require_role(MAY_GIVE_POSTS)
    if "rows" in request.POST:
        return _answered(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ColleagueListForm(*sent)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = read_table(file.read(), file.name)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _preview(request, table.rows, (), left_out=table.left_out)
    status = 422 if form.errors else 200
    return render(request, "colleague_lists/take.html", {"form": form}, status=status)


def _answered(request: HttpRequest) -> HttpResponse:
    """Look again with the answers; write only when nothing new is to be seen."""
    try:
        kept = signing.loads(request.POST["rows"], salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        context = {"form": ColleagueListForm(), "is_over": True}
        return render(request, "colleague_lists/take.html", context, status=422)
    rows = [ColleagueRow(**one) for one in kept]
    same = {int(key) for key in request.POST.getlist("same") if key.isdecimal() and len(key) < 9}
    planned = plan_of(rows, same)
    if not any(one.fate in (Fate.NEW, Fate.APPOINT) for one in planned):
        return _preview(request, rows, same)
    try:
        taken = actions.take_list(planned=planned, by=signed_in(request))
    except Refused as refused:
        return _preview(request, rows, same, wrong=str(refused.sentence))
    left = [one for one in planned if one.fate in (Fate.ASK, Fate.BAD)]
    context = {
        "taken": taken,
        "columns": [Column(_("姓名")), Column(_("用户名")), Column(_("初始密码"))],
        "rows": [[Cell(one.user.name), one.user.username, one.password] for one in taken.new],
        "left": [_line(one) for one in left],
        "left_columns": _columns(),
    }
    return render(request, "colleague_lists/taken.html", context)


def _preview(
    request: HttpRequest, rows: list[ColleagueRow], same: Any, **more: Any
) -> HttpResponse:
    planned = plan_of(rows, same)
    context = {
        "columns": _columns(),
        "rows": [_line(one) for one in planned],
        "asked": [one for one in planned if one.fate is Fate.ASK],
        "ready": sum(one.fate in (Fate.NEW, Fate.APPOINT) for one in planned),
        "kept": signing.dumps([asdict(row) for row in rows], salt=SALT, compress=True),
        **more,
    }
    return render(request, "colleague_lists/preview.html", context)


def _columns() -> list[Column]:
    return [
        Column(_("姓名")),
        Column(_("行")),
        Column(_("用户名")),
        Column(_("岗位")),
        Column(_("地点")),
        Column(_("结果")),
    ]


def _line(one: RowPlan) -> list[Any]:
    where = one.place.address or one.place.name if one.place else one.row.place
    return [
        Cell(one.row.name or "—"),
        str(one.row.number),
        one.username or one.row.username or "—",
        one.row.role or "—",
        where or "—",
        Cell(FATES[one.fate], note=one.why, tone=TONES.get(one.fate, "")),
    ]
