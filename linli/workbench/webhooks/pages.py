"""The officer's pages of webhooks: list, add, one with its messages, test, stop, start, new key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.core.errors import NotFound, Refused
from linli.core.scope import one_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.webhooks import actions, outbox
from linli.workbench.webhooks.events import EVENTS
from linli.workbench.webhooks.forms import WebhookForm
from linli.workbench.webhooks.models import Webhook, WebhookDelivery
from linli.workbench.webhooks.terms import TEST, WebhookDeliveryState

MESSAGES_ON_A_PAGE = 30
TESTING = gettext_lazy("测试")


def _one(pk: int) -> Webhook:
    _officers_only()
    hook: Webhook = one_or_not_found(Webhook.objects.all(), pk=pk)
    return hook


def _officers_only() -> None:
    if not actions.may_manage.holds():
        raise NotFound()


@login_required
@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the programs that hear of cases."""
    _officers_only()
    return render(request, "webhooks/list.html", {"webhooks": list(Webhook.objects.all())})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add one; its key is shown this once."""
    _officers_only()
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hook = actions.add_webhook(by=signed_in(request), **form.cleaned_data)
            return _with_secret(request, hook, hook.secret)
        except Refused as refused:
            name = refused.field if refused.field in form.fields else None
            form.add_error(name, str(refused.sentence))
    status = 422 if form.errors else 200
    return render(request, "webhooks/add.html", {"form": form}, status=status)


def _with_secret(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret}
    return render(request, "webhooks/secret.html", context)


@login_required
@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one: what it hears, whether it answers, and the messages to it."""
    hook = _one(pk)
    rows = Paginator(hook.deliveries.order_by("-made_at", "-pk"), MESSAGES_ON_A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "webhook": hook,
        "page_obj": page,
        "events": [str(EVENTS[e]) for e in hook.events],
        "deliveries": [(row, EVENTS.get(row.event, TESTING)) for row in page],
        "again": (WebhookDeliveryState.FAILED, WebhookDeliveryState.UNKNOWN),
    }
    return render(request, "webhooks/one.html", context)


@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message that tells of nothing, and say whether it arrived."""
    hook = _one(pk)
    body = outbox.body_of(TEST, {})
    delivery = actions.ask_for_test(webhook=hook, body=body, event=TEST, by=signed_in(request))
    sent = outbox.deliver_now(delivery.pk)
    if sent is not None and sent.state == WebhookDeliveryState.SENT:
        messages.success(request, _("测试已送达（对方回答%(status)d）") % {"status": sent.status})
    else:
        words = {"trouble": sent.error_text if sent else _("正在发送")}
        messages.error(request, _("测试没有送达：%(trouble)s") % words)
    return redirect("webhooks:webhook", pk)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing there any more."""
    actions.stop_webhook(webhook=_one(pk), by=signed_in(request))
    messages.success(request, _("已停用，等待发送的留着"))
    return redirect("webhooks:webhook", pk)


@login_required
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Send there again."""
    try:
        actions.start_webhook(webhook=_one(pk), by=signed_in(request))
        messages.success(request, _("已恢复"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("webhooks:webhook", pk)


@login_required
@never_cache
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign with another key from now on, shown this once."""
    hook = _one(pk)
    return _with_secret(request, hook, actions.renew_secret(webhook=hook, by=signed_in(request)))


@login_required
@require_POST
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send one message again, under its own id."""
    hook = _one(pk)
    row: WebhookDelivery = one_or_not_found(
        WebhookDelivery.objects.select_related("webhook"), pk=delivery, webhook=hook
    )
    try:
        actions.send_again(delivery=row, by=signed_in(request))
        messages.success(request, _("已重新排队"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("webhooks:webhook", pk)
