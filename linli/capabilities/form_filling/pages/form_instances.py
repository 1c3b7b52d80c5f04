"""The forms of my place, and one of them: its headings first, then how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.capabilities.form_filling import actions, presenters, queries
from linli.capabilities.form_filling.answers.cells import at_a_glance
from linli.capabilities.form_filling.answers.left_open import left_open
from linli.capabilities.form_filling.forms import ConfirmForm, FormReturnForm, FormUploadForm
from linli.capabilities.form_filling.hand_in_grid import hand_in_grid
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.pages.common import fillers_only
from linli.capabilities.form_filling.terms import FormState
from linli.core.errors import Refused
from linli.core.scope import one_or_not_found
from linli.register.people.queries import person_or_not_found
from linli.register.places.queries import place_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.conditions.acceptance import says_only_understood
from linli.workbench.read_budget.actions import note_read
from linli.workbench.web.action_page import add_refusal, in_words
from linli.workbench.web.edit_form import editing, status_of

ENDED_A_PAGE = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """The forms I am filling, what is over, and the place to drop a new one."""
    fillers_only()
    person_key = request.GET.get("person", "")
    person = person_or_not_found(int(person_key)) if person_key.isdigit() else None
    form = FormUploadForm(
        request.POST or None, request.FILES or None, initial={"person": person and person.pk}
    )
    if request.method == "POST" and form.is_valid():
        brought = _bring_all(request, form)
        if len(brought) == 1:
            return redirect("form_filling:form-instance", brought[0].link)
        if brought:
            said = ngettext("读了%(n)d份表", "读了%(n)d份表", len(brought)) % {"n": len(brought)}
            messages.success(request, said)
            return redirect("form_filling:all")
    open_ones = list(queries.open_form_instances())
    ended = Paginator(queries.ended_form_instances(), ENDED_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "person": person,
        "grid": hand_in_grid(),
        "open": presenters.lines(open_ones),
        "ended": presenters.lines(list(ended)),
        "page": ended,
        "ready": [one for one in open_ones if one.state != FormState.READ],
    }
    return render(request, "form_filling/all.html", context, status=422 if form.errors else 200)


def _bring_all(request: HttpRequest, form: FormUploadForm) -> list[FormInstance]:
    """Read every file; one that cannot be read is named, and the others stay."""
    place = place_or_not_found(form.cleaned_data["place"])
    pk = form.cleaned_data["person"]
    person = person_or_not_found(pk) if pk else None
    brought = []
    for file in form.cleaned_data["file"]:
        name = file.name or ""
        try:
            brought.append(
                actions.upload_form(
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
    return redirect(
        "form_filling:form-instance", one_or_not_found(queries.form_instances(), pk=pk).link
    )


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """One form: to be confirmed, being filled, or over."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    if form_instance.state == FormState.READ:
        return redirect("form_filling:confirm", link)
    try:
        knowledge = at_a_glance(form_instance)
    except Refused as refused:
        messages.error(request, in_words(refused))
        return redirect("form_filling:confirm", link)
    note_read(presenters.previewed(form_instance, knowledge), within=form_instance)
    progress, columns = (
        queries.asked_of(form_instance),
        presenters.columns(form_instance, knowledge),
    )
    left = left_open(form_instance)
    context = {
        "form_instance": form_instance,
        "tiles": presenters.tiles(knowledge, progress, left),
        "left_open": left.told,
        "asked": progress,
        "columns": columns,
        "may_ask": any(column.can_ask for column in columns),
        "preview": presenters.preview(form_instance, knowledge),
        "covered": "、".join(knowledge.covered),
        "form_returns": queries.form_returns(form_instance),
        "may_decide": form_instance.state == FormState.HANDED_IN
        and actions.form_returns.may_decide(form_instance=form_instance, by=signed_in(request)),
        "may_distribute": form_instance.state == FormState.OPEN
        and actions.distributions.may_distribute(
            form_instance=form_instance, by=signed_in(request)
        ),
        "is_open": form_instance.state in (FormState.OPEN, FormState.SENT_BACK),
        "hand_in_form": FormReturnForm(),
        "about": presenters.about(form_instance),
    }
    return render(request, "form_filling/form_instance.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, link: str) -> HttpResponse:
    """What each heading stands for and whom the form is about; corrected, then confirmed."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    if form_instance.state in (FormState.HANDED_IN, FormState.ACCEPTED, FormState.DROPPED):
        return redirect("form_filling:form-instance", link)
    form = ConfirmForm(request.POST or None, form_instance=form_instance, read=_initial)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                _confirm(request, form_instance, form)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("记住了：下次见到同样的表，直接填好"))
            return redirect("form_filling:form-instance", link)
    context = {
        "form_instance": form_instance,
        "form": form,
        "known_before": form_instance.form_template
        if form_instance.state == FormState.READ
        else None,
        "said_before": request.method != "POST"
        and form["asked_by"].initial
        and not form_instance.asked_by,
    }
    return render(request, "form_filling/confirm.html", context, status=status_of(form))


def _initial(form_instance: FormInstance) -> dict[str, Any]:
    form_template = form_instance.form_template
    # Who asked last time is proposed; it counts only once it is confirmed for this form.
    before = form_template if form_template and form_instance.state == FormState.READ else None
    return {
        "title": form_instance.title,
        "asked_by": form_instance.asked_by or (before.asked_by if before else ""),
        "basis": form_instance.basis or (before.basis if before else ""),
        "due_on": form_instance.due_on,
        "cadence": form_template.cadence if form_template else "once",
    }


def _confirm(request: HttpRequest, form_instance: FormInstance, form: ConfirmForm) -> None:
    typed = form.cleaned_data
    subject = typed["subject"]
    if subject not in {one.value for one in presenters.subjects(form_instance)}:
        raise Refused("form.subject", _("请选一行是什么"), "subject")
    actions.confirm_form(
        form_instance=form_instance,
        title=typed["title"],
        subject=subject,
        condition=presenters.condition_said(
            subject,
            typed["keep"],
            typed["more"],
            only_understood=says_only_understood(request.POST),
        ),
        headings=presenters.headings_said(form_instance, subject, typed),
        by=signed_in(request),
        asked_by=typed["asked_by"],
        basis=typed["basis"],
        due_on=typed["due_on"],
        cadence=typed["cadence"],
    )
