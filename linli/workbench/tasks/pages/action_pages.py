"""Doing something with a task: each verb its own small page, and one tap where one is enough."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.core.errors import NotFound, Refused
from linli.core.interface.return_address import return_address
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.call_page import call_page
from linli.workbench.tasks import actions
from linli.workbench.tasks.forms import HandOverForm, TaskReasonForm, TaskResultForm, YearForm
from linli.workbench.tasks.kinds import KINDS, is_taken_back_here, page_that_ends
from linli.workbench.tasks.models import Task, YearPlan
from linli.workbench.tasks.queries import is_mine, task_or_not_found, unknown_year_ahead


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task with one tap."""
    task = task_or_not_found(pk)
    try:
        actions.accept_task(task=task, by=signed_in(request))
        messages.success(request, _("已接办：%(title)s") % {"title": task.title})
    # Somebody else was first: that is news about the task and no error of the page.
    except Refused as refused:
        messages.warning(request, f"{refused.sentence}。{refused.hint}".rstrip("。"))
    return redirect("tasks:task", task.pk)


@login_required
@never_cache
@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the person of a task: the task says what for."""
    task = task_or_not_found(pk)
    if task.person is None or not actions.may_work_on(task=task):
        raise NotFound()
    kind = KINDS.get(task.kind)
    why = _("待办%(pk)s：%(term)s") % {"pk": task.pk, "term": _(kind.term) if kind else task.kind}
    back = reverse("tasks:task", args=[task.pk])
    return call_page(request, task.person, why=why, back=back, assigned=is_mine(task))


@login_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind whoever has it, with one tap."""
    task = task_or_not_found(pk)
    try:
        actions.remind_task(task=task, by=signed_in(request))
        messages.success(request, _("已催办：%(title)s") % {"title": task.title})
    # Reminded of already, or done meanwhile: news about the task and no error of the page.
    except Refused as refused:
        messages.warning(request, f"{refused.sentence}。{refused.hint}".rstrip("。"))
    return redirect(return_address(request, otherwise=reverse("tasks:task", args=[task.pk])))


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it is done."""
    task = task_or_not_found(pk)
    actions.reopen_task(task=task, by=signed_in(request))
    messages.success(request, _("已恢复：%(title)s") % {"title": task.title})
    return redirect("tasks:task", task.pk)


def _verb(
    request: HttpRequest, task: Task, form: forms.Form, title: str, button: str, **more: Any
) -> HttpResponse:
    # With 422 htmx shows a refused form in place.
    context = {"task": task, "form": form, "title": title, "button": button, **more}
    return render(request, "tasks/verb.html", context, status=422 if form.errors else 200)


def _tell(form: forms.Form, refused: Refused) -> None:
    words = f"{refused.sentence}。{refused.hint}".rstrip("。")
    form.add_error(refused.field if refused.field in form.fields else None, words)


@login_required
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done, and what came of it; undo is one tap away."""
    task = task_or_not_found(pk)
    if there := page_that_ends(task):
        return redirect(there)
    form = TaskResultForm(request.POST or None, task=task)
    if request.method == "POST" and form.is_valid():
        try:
            actions.finish_task(task=task, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            _tell(form, refused)
        else:
            here = reverse("tasks:reopen", args=[task.pk])
            # A share of a case is not taken back here but reopened on the page of its case.
            undo = f"undo:{here}" if is_taken_back_here(task) else ""
            words = _("办好了：%(title)s") % {"title": task.title}
            messages.success(request, words, extra_tags=undo)
            return redirect("tasks:inbox")
    return _verb(request, task, form, _("办好了"), _("办结"))


@login_required
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back with the reason."""
    task = task_or_not_found(pk)
    form = TaskReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_task(
                task=task, by=signed_in(request), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("已退回：%(title)s") % {"title": task.title})
            return redirect("tasks:inbox")
    note = _("退回后交给上一级岗位，期限不变")
    return _verb(request, task, form, _("退回"), _("退回"), note=note)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End it because it need not be done any more."""
    task = task_or_not_found(pk)
    form = TaskReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_task(
                task=task, by=signed_in(request), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("已取消：%(title)s") % {"title": task.title})
            return redirect("tasks:inbox")
    return _verb(request, task, form, _("不用办了"), _("取消这件事"))


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to another post that covers the place."""
    task = task_or_not_found(pk)
    form = HandOverForm(request.POST or None, task=task)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over_task(
                task=task,
                by=signed_in(request),
                seat=form.chosen(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("已转给%(seat)s") % {"seat": form.chosen().words})
            return redirect("tasks:inbox")
    return _verb(request, task, form, _("转办"), _("转办"), note=_("期限不变"))


@login_required
@require_http_methods(["GET", "POST"])
def working_days(request: HttpRequest) -> HttpResponse:
    """Enter a year's days off and weekends worked."""
    if not actions.may_set_working_days.holds():
        raise NotFound()
    form = YearForm(request.POST or None, initial={"year": unknown_year_ahead()})
    if request.method == "POST" and form.is_valid():
        try:
            entered = actions.enter_year(by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            _tell(form, refused)
        else:
            figures = {"year": entered.plan.year, "n": entered.recounted}
            words = _("%(year)s年已录入，重新算了%(n)s件待办的期限")
            messages.success(request, words % figures)
            return redirect("tasks:working-days")
    context = {
        "form": form,
        "plans": YearPlan.objects.order_by("-year"),
        "unknown_year": unknown_year_ahead(),
    }
    return render(request, "tasks/working_days.html", context, status=422 if form.errors else 200)
