"""Decide who a row is about, side by side, and which side of each difference counts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.capabilities.record_linkage import actions, presenters, queries
from linli.capabilities.record_linkage.actions.decide import NEWER
from linli.capabilities.record_linkage.models import Difference, FusedRow, Fusing
from linli.capabilities.record_linkage.pages.shared import fusers_only
from linli.capabilities.record_linkage.terms import Answer, Choice, Heap, State
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.imports.encrypted_rows import opened


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """One row beside everybody it may be about; the answer leads to the next that waits."""
    fusers_only()
    fusing = queries.fusing_or_not_found(link)
    mine = queries.row_or_not_found(fusing, number)
    trouble = ""
    if request.method == "POST":
        try:
            _answered(request, mine)
        except Refused as refused:
            trouble = f"{refused.sentence}。{refused.hint}".rstrip("。")
        else:
            return _next(request, fusing, mine)
    told = opened(mine.told)
    role = current_scope().role
    context: dict[str, Any] = {
        "fusing": fusing, "row": mine, "told": told, "trouble": trouble,
        "name": presenters.said("name", told["name"], role) or _("没有姓名"),
        "beside": presenters.side_by_side(mine, told, role),
        "choosers": presenters.choosers(queries.differences_of([mine]).get(mine.pk, []), role),
        "is_open": fusing.state == State.MATCHED, "left": queries.undecided(fusing).count(),
        "answer": Answer(mine.answer).label if mine.answer else "",
        "back": f"{reverse('record_linkage:show', args=[link])}?heap={mine.heap}",
    }  # fmt: skip
    return render(request, "record_linkage/row.html", context, status=422 if trouble else 200)


def _answered(request: HttpRequest, mine: FusedRow) -> None:
    answer, person = request.POST.get("answer", ""), request.POST.get("person", "")
    if answer not in Answer.values or mine.heap not in (Heap.SURE, Heap.DECIDE, Heap.NEW):
        raise NotFound()
    actions.answer_row(
        row=mine, answer=answer, by=signed_in(request),
        person_id=int(person) if person.isdecimal() else None,
    )  # fmt: skip


def _next(request: HttpRequest, fusing: Fusing, mine: FusedRow) -> HttpResponse:
    differ = queries.differences_of([mine]).get(mine.pk, [])
    if mine.answer == Answer.SAME and any(one.choice == Choice.LATER for one in differ):
        return redirect("record_linkage:row", fusing.link, mine.number)
    waiting = queries.undecided(fusing)
    after = waiting.filter(number__gt=mine.number).first() or waiting.first()
    if mine.heap == Heap.DECIDE and after is not None:
        return redirect("record_linkage:row", fusing.link, after.number)
    if mine.heap == Heap.DECIDE:
        messages.success(request, _("都判断完了"))
    return redirect(f"{reverse('record_linkage:show', args=[fusing.link])}?heap={mine.heap}")


@login_required
@require_POST
def choose(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """Choose for the differences of one row."""
    fusers_only()
    fusing = queries.fusing_or_not_found(link)
    mine = queries.row_or_not_found(fusing, number)
    user = signed_in(request)
    for key, choice in request.POST.items():
        pk = key.removeprefix("difference_")
        if pk == key or not pk.isdecimal() or choice not in Choice.values:
            continue
        found: Difference = one_or_not_found(
            Difference.objects.select_related("fusing").filter(row=mine), pk=int(pk)
        )
        if found.choice != choice:
            actions.choose_difference(difference=found, choice=choice, by=user)
    messages.success(request, _("已选定"))
    after = queries.undecided(fusing).first()
    if mine.heap == Heap.DECIDE and after is not None:
        return redirect("record_linkage:row", link, after.number)
    return redirect(f"{reverse('record_linkage:show', args=[link])}?heap={mine.heap}")


@login_required
@require_POST
def column(request: HttpRequest, link: str) -> HttpResponse:
    """Choose for a whole column."""
    fusers_only()
    fusing = queries.fusing_or_not_found(link)
    choice, field = request.POST.get("choice", ""), request.POST.get("field", "")
    if choice not in (*Choice.values, NEWER):
        raise NotFound()
    done = actions.choose_for_column(
        fusing=fusing, field=field, choice=choice, by=signed_in(request)
    )
    messages.success(request, _("选定了%(n)s处") % {"n": done})
    return redirect("record_linkage:show", link)


@login_required
@require_POST
def add(request: HttpRequest, link: str) -> HttpResponse:
    """Have everybody new added, or nobody."""
    fusers_only()
    fusing = queries.fusing_or_not_found(link)
    wanted = request.POST.get("add") == "1"
    done = actions.add_all_new(fusing=fusing, add=wanted, by=signed_in(request))
    said = _("将新增%(n)s人") if wanted else _("这%(n)s人不新增")
    messages.success(request, said % {"n": done})
    return redirect(f"{reverse('record_linkage:show', args=[link])}?heap={Heap.NEW.value}")
