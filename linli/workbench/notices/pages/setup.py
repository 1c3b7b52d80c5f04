"""Texts kept for reuse, and the ways out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.notices import actions, outbox, queries
from linli.workbench.notices.channels import Receipt, SendOutcome, goes_to_a_file
from linli.workbench.notices.forms import (
    ChannelForm,
    ChannelTestForm,
    SuccessRuleForm,
    TemplateForm,
)
from linli.workbench.notices.models import ChannelSetting
from linli.workbench.notices.pages.common import senders_only, tell_form
from linli.workbench.notices.terms import ChannelKind
from linli.workbench.web.edit_form import editing, status_of

OUTCOMES = {
    SendOutcome.TAKEN: gettext_lazy("对方收下了。请看看手机或群里有没有收到"),
    SendOutcome.REFUSED: gettext_lazy("对方拒绝了这条消息"),
    SendOutcome.DOWN: gettext_lazy("没有发出去，以后可以再试"),
    SendOutcome.UNKNOWN: gettext_lazy("不确定：按现在的规则，这样的回答不算发出"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """Show the texts kept for reuse, and keep another."""
    senders_only()
    may_write = actions.may_write_templates.holds()
    if request.method == "POST" and not may_write:
        raise NotFound()
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            template = actions.save_template(by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            tell_form(form, refused)
        else:
            messages.success(request, _("已保存“%(name)s”") % {"name": template.name})
            return redirect("notices:templates")
    scope = current_scope()
    rows = [(one, may_write and scope.holds(one.scope_path)) for one in queries.templates_here()]
    context = {"form": form, "rows": rows, "may_write": may_write}
    return render(request, "notices/templates.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a text off the list."""
    senders_only()
    template = one_or_not_found(queries.templates_here(), pk=pk)
    # Texts from above may be used here; only their own place ends them.
    if not current_scope().holds(template.scope_path):
        raise NotFound()
    actions.end_template(template=template, by=signed_in(request))
    messages.success(request, _("已停用“%(name)s”") % {"name": template.name})
    return redirect("notices:templates")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """Show the ways out and how they are doing, and add another."""
    if not actions.may_set_channels.holds():
        raise NotFound()
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            setting = actions.save_channel(by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            tell_form(form, refused)
        else:
            messages.success(request, _("已保存“%(name)s”") % {"name": setting.name})
            return redirect("notices:channels")
    to_file, scope = goes_to_a_file(), current_scope()
    rows = list(queries.channels_here())
    no_way = queries.waiting_without_a_way(sms_to_file=to_file)
    context = {
        "form": form,
        "rows": rows,
        "own": {setting.pk for setting in rows if scope.holds(setting.scope_path)},
        "to_file": to_file,
        "no_way": [(ChannelKind(kind).label, waiting) for kind, waiting in no_way.items()],
    }
    return render(request, "notices/channels.html", context, status=422 if form.errors else 200)


def _own_channel(pk: int) -> ChannelSetting:
    """Return one that may be changed: those from above carry messages from here, no more."""
    if not actions.may_set_channels.holds():
        raise NotFound()
    setting: ChannelSetting = one_or_not_found(queries.channels_here(), pk=pk)
    if not current_scope().holds(setting.scope_path):
        raise NotFound()
    return setting


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Show by what answer one way out counts as used, set it, and offer a test."""
    setting = _own_channel(pk)
    form = SuccessRuleForm(request.POST or None, setting=setting)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                typed = form.cleaned_data
                actions.set_success_rule(setting=setting, by=signed_in(request), **typed)
        except Refused as refused:
            tell_form(form, refused)
        else:
            messages.success(request, _("已保存“%(name)s”") % {"name": setting.name})
            return redirect("notices:channel", pk)
    return _channel(request, setting, form=form, test_form=ChannelTestForm(kind=setting.kind))


@login_required
@never_cache
@require_POST
def test_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test to the officer's own number or group and show what came back."""
    setting = _own_channel(pk)
    test_form = ChannelTestForm(request.POST, kind=setting.kind)
    receipt = None
    if test_form.is_valid():
        try:
            to = test_form.cleaned_data.get("to", "")
            message = actions.test_channel(setting=setting, to=to, by=signed_in(request))
        except Refused as refused:
            tell_form(test_form, refused)
        else:
            receipt = outbox.send_now(setting, message)
    form = SuccessRuleForm(setting=setting)
    return _channel(request, setting, form=form, test_form=test_form, receipt=receipt)


def _channel(
    request: HttpRequest, setting: ChannelSetting, receipt: Receipt | None = None, **forms: Any
) -> HttpResponse:
    context = {
        "channel": setting,
        "has_rule": setting.kind != ChannelKind.EMAIL,
        "receipt": receipt,
        "came_of_it": OUTCOMES[receipt.outcome] if receipt else "",
        **forms,
    }
    status = max(status_of(form) for form in forms.values())
    return render(request, "notices/channel.html", context, status=status)


@login_required
@require_POST
def switch_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a way out off or on."""
    setting = _own_channel(pk)
    is_active = request.POST.get("on") == "yes"
    actions.switch_channel(setting=setting, is_active=is_active, by=signed_in(request))
    messages.success(request, _("已启用") if is_active else _("已停用，等着的消息留着"))
    return redirect("notices:channels")
