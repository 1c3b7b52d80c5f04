"""Writing a notice: whom, what, a look at it, a trial to oneself, then out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.core.errors import Refused
from linli.core.fields import PERSON, Condition
from linli.register.posts.queries import signed_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.acceptance import says_only_understood
from linli.workbench.notices import actions, queries
from linli.workbench.notices.forms import WriteForm, start_of
from linli.workbench.notices.pages.common import senders_only, tell_form
from linli.workbench.notices.queries import People


@dataclass(frozen=True)
class NoticePreview:
    """What would go out, as it is shown before it does."""

    condition: Condition | None
    condition_text: str
    people: People | None
    beside: str = ""

    @property
    def total(self) -> int:
        """How many residents would be told."""
        return self.people.total if self.people else 0


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write, look at it, send it."""
    senders_only()
    groups = queries.groups_here()
    if request.method != "POST":
        return _blank(request)
    form = WriteForm(request.POST, groups=groups)
    step = request.POST.get("step", "look")
    if not form.is_valid() or step == "edit":
        return _form(request, form, status=422 if step != "edit" else 200)
    try:
        preview = _preview(form)
        if step == "send":
            return _send(request, form, preview)
        if step == "try":
            _try(request, form)
        return _look(request, form, preview)
    except Refused as refused:
        tell_form(form, refused)
        return _form(request, form, status=422)


def _blank(request: HttpRequest) -> HttpResponse:
    template_key = request.GET.get("template", "")
    template = None
    if template_key.isdecimal():
        template = queries.templates_here().filter(pk=int(template_key)).first()
    audience = " 且 ".join(request.GET.getlist("c")) or request.GET.get("q", "")
    form = WriteForm(initial=start_of(template, audience), groups=queries.groups_here())
    return _form(request, form)


def _form(request: HttpRequest, form: WriteForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "templates": queries.templates_here()}
    return render(request, "notices/write.html", context, status=status)


def _preview(form: WriteForm) -> NoticePreview:
    """Understand whom is meant; a word that is not understood is never left out."""
    audience = form.cleaned_data["audience"].strip()
    if not audience and not form.chosen_groups():
        raise Refused("notice.nobody", _("请写告诉谁，或者选一个工作群"), "audience")
    actions.check_words(form.cleaned_data["subject"], form.cleaned_data["text"])
    if not audience:
        return NoticePreview(None, "", None)
    condition = _meant(form, audience)
    people = queries.people_told(condition)
    if not people.total and not form.chosen_groups():
        raise Refused("notice.nobody", _("这个条件下没有人"), "audience", _("换一个条件试试。"))
    return NoticePreview(
        condition,
        conditions.condition_text(condition) or _("全部居民"),
        people,
        conditions.said_beside(condition),
    )


def _meant(form: WriteForm, audience: str) -> Condition:
    """Read whom a notice is for; what was left out of it is carried to the next step in words."""
    said_so = says_only_understood(form.data)
    condition = conditions.meant(PERSON, audience, only_understood=said_so, field="audience")
    if condition.unread:
        form.cleaned_data["audience"] = conditions.condition_text(condition)
    return condition


def _send(request: HttpRequest, form: WriteForm, preview: NoticePreview) -> HttpResponse:
    cleaned = form.cleaned_data
    expected = request.POST.get("expected", "")
    try:
        notice = actions.tell_condition(
            condition=preview.condition,
            groups=form.chosen_groups(),
            key=f"write:{cleaned['key']}",
            subject=cleaned["subject"],
            text=cleaned["text"],
            urgent=cleaned["urgent"],
            by=signed_in(request),
            # Who sends without having seen a number is shown it first: no list has -1 people.
            expected=int(expected) if expected.isdecimal() else -1,
        )
    except Refused as refused:
        if refused.code != "notice.changed":
            raise
        messages.warning(request, f"{refused.sentence}。{refused.hint}")
        return _look(request, form, preview, status=422)
    messages.success(request, _("已经开始发送"))
    return redirect("notices:notice", notice.pk)


def _try(request: HttpRequest, form: WriteForm) -> None:
    cleaned = form.cleaned_data
    tries = request.POST.get("tries", "0")
    number = int(tries) if tries.isdecimal() and len(tries) < 4 else 0
    actions.try_notice(
        # Each trial has its own number, or a second one would be taken for the first.
        key=f"{cleaned['key']}:{number}",
        subject=cleaned["subject"],
        text=cleaned["text"],
        by=signed_in(request),
        phone=request.POST.get("phone", "")[:20],
    )
    messages.success(request, _("已试发给您，在“消息”里可以看到"))


def _look(
    request: HttpRequest, form: WriteForm, preview: NoticePreview, status: int = 200
) -> HttpResponse:
    cleaned = form.cleaned_data
    first = preview.people.first if preview.people else None
    tries = request.POST.get("tries", "0")
    number = int(tries) if tries.isdecimal() and len(tries) < 4 else 0
    context: dict[str, Any] = {
        "given": cleaned,
        "groups": form.chosen_groups(),
        "preview": preview,
        "sample": actions.text_for(cleaned["text"], first),
        "first": first,
        "tries": number + 1,
    }
    return render(request, "notices/look.html", context, status=status)
