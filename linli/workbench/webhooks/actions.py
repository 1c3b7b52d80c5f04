"""What an officer does with webhooks: add, test, stop, start again, give a new key, send again."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.personal_data.crypto import replacing_unreadable
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.webhooks import rules, sending
from linli.workbench.webhooks.events import EVENTS
from linli.workbench.webhooks.models import Webhook, WebhookDelivery
from linli.workbench.webhooks.signing import new_secret
from linli.workbench.webhooks.terms import StopReason, WebhookDeliveryState

may_manage = role_in(rules.MAY_MANAGE)


@action("webhook.add", term=gettext_noop("添加事件推送"), may=may_manage, journal="webhook.added")
def add_webhook(
    *,
    name: str,
    url: str,
    events: Sequence[str],
    by: User,
    success_path: str = "",
    success_values: str = "",
) -> Webhook:
    """Let another program hear of cases at an address that was looked at first."""
    paths = current_scope().paths
    if not paths:
        raise Refused("webhook.no_place", _("您现在没有岗位范围"))
    if not name.strip():
        raise Refused("webhook.no_name", _("请填写名称"), "name")
    chosen = [event for event in EVENTS if event in events]
    if not chosen:
        raise Refused("webhook.no_event", _("请至少选一种事件"), "events")
    if bool(success_path.strip()) != bool(success_values.strip()):
        raise Refused("webhook.rule", _("哪一项、等于什么，要么都写，要么都不写"), "success_values")
    if Webhook.objects.filter(is_active=True).count() >= rules.MOST_WEBHOOKS:
        most = {"most": rules.MOST_WEBHOOKS}
        raise Refused("webhook.many", _("最多%(most)d个在用的地址") % most)
    target = sending.checked(url.strip())
    webhook = Webhook(
        name=name.strip()[: rules.LONGEST_NAME],
        url=target.url,
        host=target.host[:255],
        events=chosen,
        success_path=success_path.strip(),
        success_values=success_values.strip(),
        by=by,
        scope_path=paths[0],
    )
    webhook.save()
    write_journal("webhook.added", about=webhook, text=_words(webhook), by=by)
    return webhook


def _words(webhook: Webhook) -> str:
    return f"{webhook.name}（{webhook.host}）"


@action(
    "webhook.stop", term=gettext_noop("停用事件推送"), may=may_manage, journal="webhook.stopped"
)
def stop_webhook(*, webhook: Webhook, by: User | None, reason: str = StopReason.BY_HAND) -> Webhook:
    """Send nothing there any more; what waits is kept."""
    webhook.is_active, webhook.stopped_at = False, timezone.now()
    webhook.stop_reason = StopReason(reason)
    webhook.save(update_fields=["is_active", "stopped_at", "stop_reason"])
    text = f"{_words(webhook)}：{webhook.get_stop_reason_display()}"
    write_journal("webhook.stopped", about=webhook, text=text, by=by)
    return webhook


@action(
    "webhook.start", term=gettext_noop("恢复事件推送"), may=may_manage, journal="webhook.started"
)
def start_webhook(*, webhook: Webhook, by: User) -> Webhook:
    """Send there again, what waits first; its address is looked at anew."""
    sending.checked(webhook.url)
    webhook.is_active, webhook.stopped_at, webhook.stop_reason = True, None, ""
    # Otherwise the first failure would be at the end of the three days and stop it again.
    webhook.failing_since = None
    webhook.save(update_fields=["is_active", "stopped_at", "stop_reason", "failing_since"])
    write_journal("webhook.started", about=webhook, text=_words(webhook), by=by)
    return webhook


@action(
    "webhook.new_secret",
    term=gettext_noop("更换推送密钥"),
    may=may_manage,
    journal="webhook.secret_changed",
)
def renew_secret(*, webhook: Webhook, by: User) -> str:
    """Sign with another key from now on; return it."""
    secret = new_secret()
    with replacing_unreadable("a new secret was asked for"):
        webhook.secret = secret
    webhook.save(update_fields=["secret"])
    write_journal("webhook.secret_changed", about=webhook, text=_words(webhook), by=by)
    return secret


@action("webhook.test", term=gettext_noop("测试推送"), may=may_manage, journal="webhook.tested")
def ask_for_test(*, webhook: Webhook, body: str, event: str, by: User) -> WebhookDelivery:
    """Write a message that tells of nothing, to see whether it arrives."""
    delivery = WebhookDelivery(
        webhook=webhook,
        event=event,
        body=body,
        next_at=timezone.now(),
        scope_path=webhook.scope_path,
    )
    delivery.save()
    write_journal("webhook.tested", about=webhook, text=_words(webhook), by=by)
    return delivery


@action("webhook.resend", term=gettext_noop("重发推送"), may=may_manage, journal="webhook.resent")
def send_again(*, delivery: WebhookDelivery, by: User) -> WebhookDelivery:
    """Send a message again, under its own id, when it failed or nobody knows."""
    changed = WebhookDelivery.objects.filter(
        pk=delivery.pk,
        state__in=(WebhookDeliveryState.FAILED, WebhookDeliveryState.UNKNOWN),
        # Its waits begin anew, or the first failure would be the last.
    ).update(state=WebhookDeliveryState.QUEUED, tries=0, next_at=timezone.now(), ended_at=None)
    if not changed:
        raise Refused("webhook.not_again", _("这条正在发送，或已经送达"))
    delivery.refresh_from_db()
    write_journal("webhook.resent", about=delivery.webhook, text=delivery.message_id, by=by)
    return delivery
