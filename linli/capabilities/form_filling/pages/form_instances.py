"""The forms of my place, and one of them: its headings first, then how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.capabilities.form_filling import actions, presenters, queries
from linli.capabilities.form_filling.answers.cells import at_a_glance
from linli.capabilities.form_filling.forms import BringForm, ConfirmForm, HandInForm
from linli.capabilities.form_filling.models import Sheet
from linli.capabilities.form_filling.pages.common import fillers_only
from linli.capabilities.form_filling.terms import SheetState
from linli.core.errors import Refused
from linli.core.scope import one_or_not_found
from linli.register.people.queries import person_or_not_found
from linli.register.places.queries import place_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.actions import note_read
from linli.workbench.web.action_page import in_words, tell

ENDED_A_PAGE = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """The forms I am filling, what is over, and the place to drop a new one."""
    fillers_only()
    asked = request.GET.get("person", "")
    person = person_or_not_found(int(asked)) if asked.isdigit() else None
    form = BringForm(
        request.POST or None, request.FILES or None, initial={"person": person and person.pk}
    )
    if request.method == "POST" and form.is_valid():
        brought = _bring_all(request, form)
        if len(brought) == 1:
            return redirect("form_filling:sheet", brought[0].link)
        if brought:
            said = ngettext("读了%(n)d份表", "读了%(n)d份表", len(brought)) % {"n": len(brought)}
            messages.success(request, said)
            return redirect("form_filling:all")
    open_ones = list(queries.open_sheets())
    ended = Paginator(queries.ended_sheets(), ENDED_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "person": person, "open": presenters.lines(open_ones),
        "ended": presenters.lines(list(ended)), "page": ended,
        "ready": [one for one in open_ones if one.state != SheetState.READ],
    }  # fmt: skip
    return render(request, "form_filling/all.html", context, status=422 if form.errors else 200)


def _bring_all(request: HttpRequest, form: BringForm) -> list[Sheet]:
    """Read every file; one that cannot be read is named, and the others stay."""
    place = place_or_not_found(form.cleaned_data["place"])
    pk = form.cleaned_data["person"]
    person = person_or_not_found(pk) if pk else None
    brought = []
    for file in form.cleaned_data["file"]:
        name = file.name or ""
        try:
            brought.append(
                actions.bring_form(
                    data=file.read(), name=name, place=place, by=signed_in(request), person=person
                )
            )
        except Refused as refused:
            form.add_error("file", f"{name}：{in_words(refused)}")
    return brought


@login_required
@require_safe
def by_number(_request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a record to its page."""
    return redirect("form_filling:sheet", one_or_not_found(queries.sheets(), pk=pk).link)


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """One form: to be confirmed, being filled, or over."""
    fillers_only()
    sheet = queries.sheet_or_not_found(link)
    if sheet.state == SheetState.READ:
        return redirect("form_filling:confirm", link)
    try:
        knowledge = at_a_glance(sheet)
    except Refused as refused:
        messages.error(request, in_words(refused))
        return redirect("form_filling:confirm", link)
    note_read(presenters.previewed(sheet, knowledge), within=sheet)
    asked, columns = queries.asked_of(sheet), presenters.columns(sheet, knowledge)
    context = {
        "sheet": sheet, "tiles": presenters.tiles(knowledge, asked), "asked": asked,
        "columns": columns, "may_ask": any(one.can_ask for one in columns),
        "preview": presenters.preview(sheet, knowledge),
        "covered": "、".join(knowledge.covered), "hand_ins": queries.hand_ins(sheet),
        "may_decide": sheet.state == SheetState.HANDED_IN and actions.handing_in.may_decide(
            sheet=sheet, by=signed_in(request)),
        "may_issue": sheet.state == SheetState.OPEN and actions.issuing.may_issue(
            sheet=sheet, by=signed_in(request)),
        "is_open": sheet.state in (SheetState.OPEN, SheetState.RETURNED),
        "hand_in_form": HandInForm(), "about": presenters.about(sheet),
    }  # fmt: skip
    return render(request, "form_filling/sheet.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, link: str) -> HttpResponse:
    """What each heading stands for and whom the form is about; corrected, then confirmed."""
    fillers_only()
    sheet = queries.sheet_or_not_found(link)
    if sheet.state in (SheetState.HANDED_IN, SheetState.ACCEPTED, SheetState.DROPPED):
        return redirect("form_filling:sheet", link)
    form = ConfirmForm(request.POST or None, initial=_initial(sheet))
    if request.method == "POST" and form.is_valid():
        try:
            _confirm(request, sheet, form)
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("记住了：下次见到同样的表，直接填好"))
            return redirect("form_filling:sheet", link)
    context = {
        "sheet": sheet, "form": form, "subjects": presenters.subjects(sheet),
        "headings": presenters.headings(sheet), "chips": presenters.chips(sheet),
        "known_before": sheet.pattern if sheet.state == SheetState.READ else None,
        "said_before": request.method != "POST" and form.initial["asked_by"] and not sheet.asked_by,
    }  # fmt: skip
    return render(request, "form_filling/confirm.html", context, status=422 if form.errors else 200)


def _initial(sheet: Sheet) -> dict[str, Any]:
    pattern = sheet.pattern
    # Who asked last time is proposed; it counts only once it is confirmed for this form.
    before = pattern if pattern and sheet.state == SheetState.READ else None
    return {
        "title": sheet.title, "asked_by": sheet.asked_by or (before.asked_by if before else ""),
        "basis": sheet.basis or (before.basis if before else ""),
        "due_on": sheet.due_on, "cadence": pattern.cadence if pattern else "once",
    }  # fmt: skip


def _confirm(request: HttpRequest, sheet: Sheet, form: ConfirmForm) -> None:
    said: QueryDict = request.POST
    subject = said.get("subject", "")
    if subject not in {one.value for one in presenters.subjects(sheet)}:
        raise Refused("form.subject", _("请选一行是什么"), "subject")
    typed = form.cleaned_data
    actions.confirm_form(
        sheet=sheet, title=typed["title"], subject=subject,
        condition=presenters.condition_said(sheet, subject, said.getlist("keep"), typed["more"]),
        headings=presenters.headings_said(sheet, subject, said), by=signed_in(request),
        asked_by=typed["asked_by"], basis=typed["basis"], due_on=typed["due_on"],
        cadence=typed["cadence"],
    )  # fmt: skip
