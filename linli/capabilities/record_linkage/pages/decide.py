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
from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
from linli.capabilities.record_linkage.pages.access import linkers_only
from linli.capabilities.record_linkage.terms import (
    Bucket,
    DifferenceChoice,
    LinkageState,
    RowAnswer,
)
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.imports.encrypted_rows import decode_row


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """One row beside everybody it may be about; the answer leads to the next that waits."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    mine = queries.row_or_not_found(linkage_run, number)
    error_text = ""
    if request.method == "POST":
        try:
            _answered(request, mine)
        except Refused as refused:
            error_text = f"{refused.sentence}。{refused.hint}".rstrip("。")
        else:
            return _next(request, linkage_run, mine)
    told = decode_row(mine.told)
    role = current_scope().role
    context: dict[str, Any] = {
        "linkage_run": linkage_run,
        "row": mine,
        "told": told,
        "error_text": error_text,
        "name": presenters.value_in_words("name", told["name"], role) or _("没有姓名"),
        "beside": presenters.side_by_side(mine, told, role),
        "choosers": presenters.choosers(queries.differences_of([mine]).get(mine.pk, []), role),
        "is_open": linkage_run.state == LinkageState.MATCHED,
        "left": queries.undecided(linkage_run).count(),
        "answer": RowAnswer(mine.answer).label if mine.answer else "",
        "back": f"{reverse('record_linkage:show', args=[link])}?heap={mine.bucket}",
    }
    return render(request, "record_linkage/row.html", context, status=422 if error_text else 200)


def _answered(request: HttpRequest, mine: LinkedRow) -> None:
    answer, person = request.POST.get("answer", ""), request.POST.get("person", "")
    if answer not in RowAnswer.values or mine.bucket not in (
        Bucket.SURE,
        Bucket.DECIDE,
        Bucket.NEW,
    ):
        raise NotFound()
    actions.answer_row(
        row=mine,
        answer=answer,
        by=signed_in(request),
        person_id=int(person) if person.isdecimal() else None,
    )


def _next(request: HttpRequest, linkage_run: LinkageRun, mine: LinkedRow) -> HttpResponse:
    differ = queries.differences_of([mine]).get(mine.pk, [])
    # Who it is was said; what it says otherwise still waits on the same page.
    if mine.answer == RowAnswer.SAME and any(
        one.choice == DifferenceChoice.LATER for one in differ
    ):
        return redirect("record_linkage:row", linkage_run.link, mine.number)
    waiting = queries.undecided(linkage_run)
    after = waiting.filter(number__gt=mine.number).first() or waiting.first()
    if mine.bucket == Bucket.DECIDE and after is not None:
        return redirect("record_linkage:row", linkage_run.link, after.number)
    if mine.bucket == Bucket.DECIDE:
        messages.success(request, _("都判断完了"))
    return redirect(f"{reverse('record_linkage:show', args=[linkage_run.link])}?heap={mine.bucket}")


@login_required
@require_POST
def choose(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """Choose for the differences of one row."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    mine = queries.row_or_not_found(linkage_run, number)
    user = signed_in(request)
    for key, choice in request.POST.items():
        pk = key.removeprefix("difference_")
        if pk == key or not pk.isdecimal() or choice not in DifferenceChoice.values:
            continue
        difference: Difference = one_or_not_found(
            Difference.objects.select_related("linkage_run").filter(row=mine), pk=int(pk)
        )
        if difference.choice != choice:
            actions.choose_difference(difference=difference, choice=choice, by=user)
    messages.success(request, _("已选定"))
    after = queries.undecided(linkage_run).first()
    if mine.bucket == Bucket.DECIDE and after is not None:
        return redirect("record_linkage:row", link, after.number)
    return redirect(f"{reverse('record_linkage:show', args=[link])}?heap={mine.bucket}")


@login_required
@require_POST
def column(request: HttpRequest, link: str) -> HttpResponse:
    """Choose for a whole column."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    choice, field = request.POST.get("choice", ""), request.POST.get("field", "")
    if choice not in (*DifferenceChoice.values, NEWER):
        raise NotFound()
    done = actions.choose_for_column(
        linkage_run=linkage_run, field=field, choice=choice, by=signed_in(request)
    )
    messages.success(request, _("选定了%(n)s处") % {"n": done})
    return redirect("record_linkage:show", link)


@login_required
@require_POST
def add(request: HttpRequest, link: str) -> HttpResponse:
    """Have everybody new added, or nobody."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    wanted = request.POST.get("add") == "1"
    done = actions.add_all_new(linkage_run=linkage_run, add=wanted, by=signed_in(request))
    said = _("将新增%(n)s人") if wanted else _("这%(n)s人不新增")
    messages.success(request, said % {"n": done})
    return redirect(f"{reverse('record_linkage:show', args=[link])}?heap={Bucket.NEW.value}")
