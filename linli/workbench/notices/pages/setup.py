"""Texts kept for reuse, and the ways out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.notices import actions, queries
from linli.workbench.notices.channels import goes_to_a_file
from linli.workbench.notices.forms import ChannelForm, TemplateForm
from linli.workbench.notices.pages.common import senders_only, tell_form
from linli.workbench.notices.terms import ChannelKind


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
    to_file = goes_to_a_file()
    no_way = queries.waiting_without_a_way(sms_to_file=to_file)
    context = {
        "form": form,
        "rows": queries.channels_here(),
        "to_file": to_file,
        "no_way": [(ChannelKind(kind).label, waiting) for kind, waiting in no_way.items()],
    }
    return render(request, "notices/channels.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def switch_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a way out off or on."""
    if not actions.may_set_channels.holds():
        raise NotFound()
    setting = one_or_not_found(queries.channels_here(), pk=pk)
    # Channels from above carry messages from here; only their own place switches them.
    if not current_scope().holds(setting.scope_path):
        raise NotFound()
    is_active = request.POST.get("on") == "yes"
    actions.switch_channel(setting=setting, is_active=is_active, by=signed_in(request))
    messages.success(request, _("已启用") if is_active else _("已停用，等着的消息留着"))
    return redirect("notices:channels")
