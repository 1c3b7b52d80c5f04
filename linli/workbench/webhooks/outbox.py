"""Messages are written with what happened, sent afterwards, and marked; what is unknown says so.

A worker claims a message by a conditional update before it sends. If it dies on the way, nobody
can know whether the message arrived: it is listed as unknown and sent again only by hand, under
its own id, by which the receiver knows it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.core.batch_cache import cached
from linli.core.errors import Refused
from linli.core.paths import ancestors
from linli.core.personal_data.crypto import CannotOpen
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.scope import system_scope
from linli.core.time import CHINA
from linli.workbench.webhooks import rules, sending, signing
from linli.workbench.webhooks.actions import stop_webhook
from linli.workbench.webhooks.models import Webhook, WebhookDelivery
from linli.workbench.webhooks.terms import TEST, StopReason, WebhookDeliveryState

LONGEST_WAIT = max(rules.WAITS) + timedelta(hours=1)


def write_for(event: str, *, scope_path: str, facts: Callable[[], dict[str, Any]]) -> None:
    """Write a message for every program above a place that wants to hear of this event."""
    with system_scope("which programs hear of an event"):
        above = [*ancestors(scope_path), scope_path]
        there = cached(
            ("webhooks", scope_path),
            lambda: list(Webhook.objects.filter(is_active=True, scope_path__in=above)),
        )
        wanting = [webhook for webhook in there if event in webhook.events]
        # The facts are gathered only where somebody wants to hear of them.
        if wanting:
            body = body_of(event, facts())
            for webhook in wanting:
                write(webhook, event, body)


def write(webhook: Webhook, event: str, body: str) -> WebhookDelivery:
    """Write one message down; it is sent as soon as a worker comes by."""
    webhook_delivery = WebhookDelivery(
        webhook=webhook,
        event=event,
        body=body,
        next_at=timezone.now(),
        scope_path=webhook.scope_path,
    )
    webhook_delivery.save()
    return webhook_delivery


def body_of(event: str, facts: dict[str, Any]) -> str:
    """Return a message: what happened, when, and what anybody may know of it."""
    at = timezone.localtime(timezone.now(), CHINA).isoformat(timespec="seconds")
    return json.dumps({"type": event, "timestamp": at, "data": facts}, ensure_ascii=False)


def send_due() -> int:
    """Send what is due, to each program the oldest first; return how many messages were tried."""
    with system_scope("messages of every place go out"):
        _tidy(timezone.now())
        return sum(_send_to(webhook, timezone.now()) for webhook in _wanting(timezone.now()))


def _due(moment: datetime) -> QuerySet[WebhookDelivery]:
    # A time further ahead than the longest wait comes from a clock that was set back.
    due = Q(next_at__lte=moment) | Q(next_at__gt=moment + LONGEST_WAIT)
    rows: QuerySet[WebhookDelivery] = WebhookDelivery.objects.filter(
        due, state=WebhookDeliveryState.QUEUED
    )
    return rows


def _wanting(moment: datetime) -> list[Webhook]:
    rows = Webhook.objects.filter(is_active=True, pk__in=_due(moment).values("webhook_id"))
    return list(rows.order_by("pk"))


def _send_to(webhook: Webhook, moment: datetime) -> int:
    """Send to one program until it fails: who does not answer must not hold the others up."""
    mine = WebhookDelivery.objects.filter(webhook=webhook)
    # A program that did not answer just now rests, whichever worker comes by.
    just_now = mine.filter(claimed_at__gt=moment - rules.REST, claimed_at__lte=moment)
    if webhook.failing_since and just_now.exists():
        return 0
    keys = _due(moment).filter(webhook=webhook).order_by("next_at", "pk")
    tried, ends = 0, time.monotonic() + rules.TURN_SECONDS
    for key in list(keys.values_list("pk", flat=True)[: rules.MOST_AT_ONCE]):
        sent = deliver(key)
        tried += sent is not None
        if (
            sent is not None and sent.state != WebhookDeliveryState.SENT
        ) or time.monotonic() > ends:
            break
    return tried


def _tidy(moment: datetime) -> None:
    """List what a dead worker left as unknown, and drop what was settled long ago."""
    claim = timedelta(minutes=rules.CLAIM_MINUTES)
    lost = Q(claimed_at__lt=moment - claim) | Q(claimed_at__gt=moment + claim)
    old = moment - timedelta(days=rules.KEPT_DAYS)
    with writes_allowed("messages whose sender died, and old ones"):
        WebhookDelivery.objects.filter(lost, state=WebhookDeliveryState.SENDING).update(
            state=WebhookDeliveryState.UNKNOWN, ended_at=moment
        )
        WebhookDelivery.objects.filter(ended_at__lt=old).delete()


def deliver(key: int) -> WebhookDelivery | None:
    """Claim one message, send it and write down how it went; None when another worker has it."""
    moment = timezone.now()
    with writes_allowed("a worker claims a message"):
        claimed = WebhookDelivery.objects.filter(pk=key, state=WebhookDeliveryState.QUEUED).update(
            state=WebhookDeliveryState.SENDING, claimed_at=moment, tries=F("tries") + 1
        )
    if not claimed:
        return None
    delivery: WebhookDelivery = WebhookDelivery.objects.select_related("webhook").get(pk=key)
    _settle(delivery, _send(delivery))
    return delivery


def deliver_now(key: int) -> WebhookDelivery | None:
    """Send one message while somebody waits for it: a test."""
    with system_scope("a message goes out wherever it belongs"):
        return deliver(key)


def _send(delivery: WebhookDelivery) -> sending.WebhookAnswer:
    webhook, body = delivery.webhook, delivery.body.encode()
    try:
        # Again at every sending: the name may lead to an inner address by now.
        target = sending.checked(webhook.url)
    except Refused as refused:
        return sending.WebhookAnswer(error_text=str(refused.sentence))
    if is_unreadable(webhook.secret):
        return sending.WebhookAnswer(error_text=str(CannotOpen().sentence))
    headers = signing.headers(
        secret=webhook.secret,
        message_id=delivery.message_id,
        body=body,
        timestamp=int(timezone.now().timestamp()),
    )
    return sending.send(target, body, headers, webhook.success_rule)


def _settle(delivery: WebhookDelivery, answered: sending.WebhookAnswer) -> None:
    moment = timezone.now()
    delivery.status, delivery.error_text = answered.status, answered.error_text[:200]
    wait = rules.wait_after(tries=delivery.tries)
    if answered.is_received:
        delivery.state, delivery.ended_at = WebhookDeliveryState.SENT, moment
    # Somebody waits for the result of a test: it is not tried again hours later.
    elif wait is None or delivery.event == TEST:
        delivery.state, delivery.ended_at = WebhookDeliveryState.FAILED, moment
    else:
        delivery.state, delivery.next_at = WebhookDeliveryState.QUEUED, moment + wait
    with writes_allowed("how sending a message went"):
        # Not when it took so long that it counts as unknown already.
        WebhookDelivery.objects.filter(pk=delivery.pk, state=WebhookDeliveryState.SENDING).update(
            state=delivery.state,
            status=delivery.status,
            error_text=delivery.error_text,
            next_at=delivery.next_at,
            ended_at=delivery.ended_at,
        )
        _note_health(delivery.webhook, answered, moment)
    _stop_if_dead(delivery.webhook, answered, moment)


def _note_health(webhook: Webhook, answered: sending.WebhookAnswer, moment: datetime) -> None:
    mine = Webhook.objects.filter(pk=webhook.pk)
    if answered.is_received:
        mine.update(failing_since=None, received_at=moment)
    else:
        mine.filter(failing_since__isnull=True).update(failing_since=moment)
    webhook.refresh_from_db()


def _stop_if_dead(webhook: Webhook, answered: sending.WebhookAnswer, moment: datetime) -> None:
    if not webhook.is_active:
        return
    if answered.status == rules.GONE:
        stop_webhook(webhook=webhook, by=None, reason=StopReason.GONE)
    elif rules.stops(failing_since=webhook.failing_since, now=moment):
        stop_webhook(webhook=webhook, by=None, reason=StopReason.FAILING)
