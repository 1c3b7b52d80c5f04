"""What is done with one case: each verb its own small page."""

from __future__ import annotations

from collections.abc import Callable
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

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions.handling import may_handle
from linli.capabilities.cases.forms import workers
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.queries import case_or_not_found, cases
from linli.capabilities.cases.queries.advice import places_meant
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.places.queries import FoundPlaces, place_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.call_page import number_page
from linli.workbench.web.action_page import add_refusal
from linli.workbench.web.edit_form import editing, status_of


def _do(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    title: str,
    said: str,
    run: Callable[[dict[str, Any]], Any],
    *,
    note: str = "",
    button: str = "",
) -> HttpResponse:
    """Show a small form, do the verb, and go back to the case."""
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                run(form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, said)
            return redirect("cases:case", case.pk)
    context = {"case": case, "form": form, "title": title, "note": note, "button": button or title}
    return render(request, "cases/verb.html", context, status=status_of(form))


def _dispatcher(pk: int) -> Case:
    case = case_or_not_found(pk)
    if not actions.may_dispatch.holds():
        raise NotFound()
    return case


def _handler(pk: int) -> Case:
    case = case_or_not_found(pk)
    if not may_handle(case=case):
        raise NotFound()
    return case


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that work has begun."""
    case, by = _handler(pk), signed_in(request)
    form = forms.Form(request.POST if request.method == "POST" else None)
    note = _("居民查询时会看到“开始办理”")
    return _do(
        request,
        case,
        form,
        _("开始办理"),
        _("已开始办理"),
        lambda _given: actions.start_case(case=case, by=by),
        note=note,
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Look over what was done."""
    case, by = _dispatcher(pk), signed_in(request)
    form = workers.ReviewForm(request.POST or None)
    return _do(
        request,
        case,
        form,
        _("复核"),
        _("已复核"),
        lambda given: actions.review_case(
            case=case, by=by, approved=given["approved"] == "yes", text=given["text"]
        ),
        note=case.handled_by.name if case.handled_by else "",
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the reporters are told."""
    case, by = _handler(pk), signed_in(request)
    initial = {"kind": "handled" if case.state == "handled" else "cannot"}
    form = workers.CaseAnswerForm(request.POST or None, initial=initial)
    if case.state != "handled":
        choices = [pair for pair in form.fields["kind"].choices if pair[0] != "handled"]  # type: ignore[attr-defined]
        form.fields["kind"].choices = choices  # type: ignore[attr-defined]
    return _do(
        request,
        case,
        form,
        _("答复"),
        _("已答复，等居民确认"),
        lambda given: actions.answer_case(case=case, by=by, **given),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Record what the reporter said on the phone."""
    case, by = _handler(pk), signed_in(request)
    reporter_report: Report = one_or_not_found(
        case.reports.select_related("case__place"), pk=report
    )
    form = workers.VerdictForm(request.POST or None)
    return _do(
        request,
        case,
        form,
        _("居民表态"),
        _("已记下"),
        lambda given: actions.give_verdict(
            report=reporter_report, fixed=given["fixed"] == "yes", text=given["text"], by=by
        ),
        note=str(reporter_report),
        button=_("记下"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End a case that is taken back."""
    case, by = _dispatcher(pk), signed_in(request)
    form = workers.CaseReasonForm(request.POST or None)
    return _do(
        request,
        case,
        form,
        _("撤回"),
        _("已撤回"),
        lambda given: actions.withdraw_case(case=case, by=by, reason=given["reason"]),
        note=_("居民说不用办了；可以重开"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case again."""
    case, by = _dispatcher(pk), signed_in(request)
    form = workers.CaseReasonForm(request.POST or None)
    return _do(
        request,
        case,
        form,
        _("重开"),
        _("已重开，等待分派"),
        lambda given: actions.reopen_case(case=case, by=by, reason=given["reason"]),
    )


@login_required
@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let this case go on as part of another one; undo is one tap away."""
    case, by = _dispatcher(pk), signed_in(request)
    into = request.POST.get("into", "")
    target = one_or_not_found(cases(), pk=int(into) if into.isdigit() else 0)
    actions.merge_cases(case=case, into=target, by=by)
    messages.success(request, _("已合并，两边的居民都会收到答复"))
    return redirect("cases:case", target.pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    case, by = _dispatcher(pk), signed_in(request)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return _do(
        request,
        case,
        form,
        _("撤销合并"),
        _("已分开，等待分派"),
        lambda _given: actions.unmerge_case(case=case, by=by),
        note=str(case.merged_into or ""),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def set_category(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what kind of case it is after all; suggestions learn from it."""
    case, by = _dispatcher(pk), signed_in(request)
    form = workers.SetCategoryForm(request.POST or None, case=case)
    now = _(case.category.name) if case.category else _("未分类")
    return _do(
        request,
        case,
        form,
        _("改分类"),
        _("已改分类"),
        lambda given: actions.set_category(case=case, category=given["category"], by=by),
        note=_("现在是“%(name)s”；改对了，以后建议得更准") % {"name": now},
    )


class MoveCaseForm(forms.Form):
    """Where it really is."""

    where = forms.CharField(label="", max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].label = _("在哪里")
        self.fields["where"].help_text = _("小区、楼栋或门牌")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right where a case is."""
    case, by = _dispatcher(pk), signed_in(request)
    form = MoveCaseForm(request.POST or None)
    chosen = request.POST.get("place", "")
    found = FoundPlaces()
    if request.method == "POST" and (form.is_valid() or chosen.isdigit()):
        found = (
            FoundPlaces([place_or_not_found(int(chosen))])
            if chosen.isdigit()
            else places_meant(form.cleaned_data["where"])
        )
        places = found.places
        if len(places) == 1 and current_scope().holds(places[0].path):
            try:
                actions.move_case(case=case, place=places[0], by=by)
                messages.success(request, _("已改到%(place)s") % {"place": places[0]})
                return redirect("cases:case", case.pk)
            except Refused as refused:
                add_refusal(form, refused)
        elif not places:
            form.add_error("where", _("没有找到这个地方"))
    context = {"case": case, "form": form, "found": found.places, "more": found.more}
    return render(request, "cases/move.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confidential(request: HttpRequest, pk: int) -> HttpResponse:
    """Let few people see a case, or let it be seen again."""
    case, by = case_or_not_found(pk), signed_in(request)
    if not workers.may_hide():
        raise NotFound()
    form = forms.Form(request.POST if request.method == "POST" else None)
    hidden = not case.confidential
    title = _("设为保密") if hidden else _("取消保密")
    note = _("只有书记、街道和承办的岗位能看到") if hidden else _("本范围的同事都能看到")
    return _do(
        request,
        case,
        form,
        title,
        title,
        lambda _given: actions.set_confidential(case=case, confidential=hidden, by=by),
        note=note,
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Show a reporter's number for a stated purpose; it is journalled and not kept on any page."""
    case, by = case_or_not_found(pk), signed_in(request)
    reporter_report: Report = one_or_not_found(
        case.reports.select_related("case__place"), pk=report
    )
    # The case is purpose enough: one tap on its page, and the journal says which case it was.
    why = _("办件%(number)s：联系来人") % {"number": case.number}
    typed = request.POST if request.method == "POST" and "call" not in request.POST else None
    form = workers.PurposeForm(typed, initial={"words": why})
    if request.method == "POST" and (typed is None or form.is_valid()):
        words = why if typed is None else form.cleaned_data["words"]
        try:
            number = actions.show_phone(report=reporter_report, words=words, by=by)
        except Refused as refused:
            if typed is None:
                raise
            add_refusal(form, refused)
        else:
            back = reverse("cases:case", args=[case.pk])
            return number_page(
                request, number=number, who=str(reporter_report), why=words, back=back
            )
    context = {"case": case, "report": reporter_report, "form": form}
    return render(request, "cases/phone.html", context, status=422 if form.errors else 200)
