"""The verbs of a form: fill and take, ask, hand in, put aside, accept, send back."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.capabilities.form_filling import actions, queries
from linli.capabilities.form_filling.answers.cells import whose
from linli.capabilities.form_filling.forms import FormReturnForm, SendBackForm
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.pages.common import as_download, fillers_only
from linli.capabilities.form_filling.submissions.encrypted_rows import rows_of_return
from linli.core.errors import Refused
from linli.core.personal_data.crypto import open_file
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.exempt_records import leaving_in_a_file
from linli.workbench.read_budget.rules import ALONE_UP_TO
from linli.workbench.web.action_page import action_page, add_refusal, in_words

MOST_IN_ZIP, MOST_WARNINGS = 200, 5


def _page(form_instance: FormInstance) -> str:
    return reverse("form_filling:form-instance", args=[form_instance.link])


@login_required
@require_safe
def original(_request: HttpRequest, link: str) -> HttpResponse:
    """The department's file as it came."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    came = bytes(form_instance.original)
    name = Path(form_instance.file_name).stem if came else form_instance.file_name
    return as_download(open_file(came or bytes(form_instance.file)), name)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, link: str) -> HttpResponse:
    """The form with what is known in it; a visit by address alone asks first."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    if request.method != "POST":
        return redirect("form_filling:form-instance", link)
    try:
        filled_file = actions.take_filled(form_instance=form_instance, by=signed_in(request))
    except Refused as refused:
        messages.error(request, in_words(refused))
        return redirect("form_filling:form-instance", link)
    # The answer is the file: what its reader should know stands on the page looked at next.
    for one in getattr(filled_file, "warnings", ())[:MOST_WARNINGS]:
        messages.warning(request, f"{filled_file.name}：{one}")
    return as_download(filled_file.data, filled_file.name)


@login_required
@require_POST
def take_many(request: HttpRequest) -> HttpResponse:
    """Every ticked form filled, in one zip with a list of what could not be."""
    fillers_only()
    chosen = request.POST.getlist("sheet")[:MOST_IN_ZIP]
    if not chosen:
        messages.error(request, _("请先勾选要下载的表"))
        return redirect("form_filling:all")
    packed = io.BytesIO()
    error_text = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, link in enumerate(chosen, 1):
            form_instance = queries.form_instance_or_not_found(link)
            try:
                filled_file = actions.take_filled(
                    form_instance=form_instance, by=signed_in(request)
                )
            except Refused as refused:
                error_text.append(
                    f"{form_instance.title}（{form_instance.place.name}）：{in_words(refused)}"
                )
                continue
            bundle.writestr(f"{number:03d}-{filled_file.name}", filled_file.data)
            error_text += [
                f"{filled_file.name}：{one}" for one in getattr(filled_file, "warnings", ())
            ]
        if error_text:
            bundle.writestr(_("说明.txt"), "\n".join(error_text))
    return as_download(packed.getvalue(), _("填好的表.zip"))


@login_required
@require_POST
def ask(request: HttpRequest, link: str) -> HttpResponse:
    """Send somebody to the doors for the ticked headings."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    numbers = [int(one) for one in request.POST.getlist("heading") if one.isdigit()]
    day = request.POST.get("due_on", "")
    try:
        due = date.fromisoformat(day) if day else None
    except ValueError:
        due = None
    try:
        sent = actions.ask_open_questions(
            form_instance=form_instance, headings=numbers, by=signed_in(request), due_on=due
        )
    except Refused as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, _("已派到%(n)d户，问回来的会自动填进表里") % {"n": sent.doors})
    return redirect(_page(form_instance))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, link: str) -> HttpResponse:
    """Hand the form in, or the file completed by hand; what is empty is said first."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    form = FormReturnForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        file = typed["file"]
        try:
            actions.hand_in_form(
                form_instance=form_instance,
                by=signed_in(request),
                with_open_questions=typed["with_open_questions"],
                upload=file and actions.Upload(file.read(), file.name or "", typed["is_meant"]),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已上交，存档一份"))
            return redirect(_page(form_instance))
    context = {"form_instance": form_instance, "form": form, "had_file": bool(request.FILES)}
    return render(
        request, "form_filling/form_return.html", context, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, link: str) -> HttpResponse:
    """Put the form aside."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    if request.method != "POST":
        context = {
            "question": _("这张表不填了？"),
            "note": _("在问的待办会取消，已问到的留在底册"),
            "button": _("不填了"),
            "action": request.path,
            "cancel_href": _page(form_instance),
            "tone": "danger",
        }
        return render(request, "web/confirm_page.html", context)
    try:
        actions.drop_form(form_instance=form_instance, by=signed_in(request))
    except Refused as refused:
        messages.error(request, in_words(refused))
        return redirect(_page(form_instance))
    messages.success(request, _("不填了：%(title)s") % {"title": form_instance.title})
    return redirect("form_filling:all")


@login_required
@require_POST
def accept(request: HttpRequest, link: str) -> HttpResponse:
    """Accept what was handed in."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    try:
        actions.accept_form(form_instance=form_instance, by=signed_in(request))
    except Refused as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, _("已收下"))
    return redirect(_page(form_instance))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, link: str) -> HttpResponse:
    """Send the form back with the reason."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    by = signed_in(request)
    return action_page(
        request,
        SendBackForm(request.POST or None),
        title=_("退回重填"),
        said=_("已退回"),
        back=_page(form_instance),
        note=form_instance.title,
        run=lambda typed: actions.send_back_form(
            form_instance=form_instance, reason=typed["reason"], by=by
        ),
    )


@login_required
@require_safe
def archived(request: HttpRequest, link: str, pk: int) -> HttpResponse:
    """A file as it was handed in."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    form_return = queries.form_return_or_not_found(form_instance, pk)
    with leaving_in_a_file(
        alone_up_to=ALONE_UP_TO, agreed=form_return.by_id != signed_in(request).pk
    ):
        note_read(whose(form_instance, rows_of_return(form_return)), within=form_instance)
    data = actions.open_form_return(
        form_instance=form_instance, form_return=form_return, by=signed_in(request)
    )
    return as_download(data, form_return.file_name)
