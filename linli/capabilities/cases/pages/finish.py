"""Finishing a share with photos and the answer in one form; and saying what is a danger."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Finishing
from linli.capabilities.cases.actions.handling import may_handle
from linli.capabilities.cases.forms.workers import DangerForm, FinishForm
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import case_or_not_found, reports_of
from linli.capabilities.cases.terms import WantsAnswer
from linli.core.errors import NotFound, Refused
from linli.core.scope import one_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.journal.photos import checked_all
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import tasks
from linli.workbench.web.action_page import action_page, add_refusal


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done, add photos, and answer in the same form."""
    case, by = case_or_not_found(pk), signed_in(request)
    if not may_handle(case=case):
        raise NotFound()
    task = _task(request)
    finishing = actions.finishing_of(case, task)
    if finishing.share is None:
        messages.warning(request, _("这件事现在没有要您办的"))
        return redirect("cases:case", case.pk)
    form = FinishForm(request.POST or None, request.FILES or None, finishing=finishing)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            answer = actions.finish_case(
                case=case,
                by=by,
                result=given["result"],
                answer=given.get("answer", ""),
                task=finishing.share.task,
                photos=checked_all(given["photos"]),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            said = _("已办好并答复，等居民确认") if answer else _("已办好")
            messages.success(request, said)
            return redirect(_back(case))
    context = {
        "case": case,
        "form": form,
        "finishing": finishing,
        "title": _title(finishing),
        "hears": _hears(case),
    }
    return render(request, "cases/finish.html", context, status=422 if form.errors else 200)


def _title(finishing: Finishing) -> str:
    return _("办好并答复") if finishing.may_answer else _("办好了")


def _task(request: HttpRequest) -> Task | None:
    key = request.GET.get("task", "")
    if not key.isdecimal() or len(key) > 18:
        return None
    task: Task = one_or_not_found(tasks(), pk=int(key))
    return task


def _back(case: Case) -> str:
    """Return the case, or the inbox for who no longer sees it once their share is done."""
    try:
        case_or_not_found(case.pk)
    except NotFound:
        return reverse("tasks:inbox")
    return reverse("cases:case", args=[case.pk])


def _hears(case: Case) -> str:
    """Say how the reporters hear of an answer, each way once."""
    ways = [
        WantsAnswer(report.wants_answer)
        for report in reports_of(case)
        if report.withdrawn_at is None
    ]
    return "、".join(str(way.label) for way in dict.fromkeys(ways))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def danger(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a case threatens somebody's life, or that it does not."""
    case, by = case_or_not_found(pk), signed_in(request)
    if not actions.may_take.holds():
        raise NotFound()
    return action_page(
        request,
        DangerForm(request.POST or None, initial={"danger": case.danger}),
        title=_("是不是危险"),
        said=_("已记下"),
        back=reverse("cases:case", args=[case.pk]),
        run=lambda given: (
            actions.set_danger(case=case, danger=given["danger"], reason=given["reason"], by=by)
            and None
        ),
        note=case.title,
        button=_("保存"),
    )
