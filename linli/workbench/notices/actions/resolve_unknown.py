"""Deciding what the product will not guess: unknown and failed messages."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.posts.models import User
from linli.workbench.notices.actions.endings import check_not_died
from linli.workbench.notices.actions.send import may_send
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.terms import ChannelKind, DeliveryState


@action(
    "notice.settle", term=gettext_noop("判断不确定的通知"), may=may_send, journal="notice.settled"
)
def settle_unknown(*, delivery: Delivery, was_sent: bool, by: User) -> Delivery:
    """Say of an unknown message that it arrived, or have it sent again under the same key."""
    changes: dict[str, object]
    if was_sent:
        changes = {"state": DeliveryState.SENT, "sent_at": timezone.now()}
    else:
        check_not_died(delivery)
        # Without its name a late answer to the old try cannot settle the new one.
        changes = {"state": DeliveryState.QUEUED, "attempt": "", "claimed_at": None, "error": ""}
    changed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNKNOWN).update(**changes)
    delivery.refresh_from_db()
    if not changed:
        raise Refused("notice.settled", _("这一条已经有人判断过了"))
    write_journal(
        "notice.settled",
        about=delivery,
        text=delivery.name,
        data={"delivery": delivery.pk, "was_sent": was_sent},
        by=by,
    )
    return delivery


@action(
    "notice.call_instead", term=gettext_noop("改为打电话"), may=may_send, journal="notice.to_call"
)
def call_instead(*, delivery: Delivery, by: User) -> Delivery:
    """Put a message that failed or is unknown on the call list."""
    check_not_died(delivery)
    changed = Delivery.objects.filter(
        pk=delivery.pk, state__in=(DeliveryState.FAILED, DeliveryState.UNKNOWN)
    ).update(state=DeliveryState.TO_CALL, channel=ChannelKind.CALL, attempt="")
    delivery.refresh_from_db()
    if not changed:
        raise Refused("notice.settled", _("这一条已经有人判断过了"))
    write_journal(
        "notice.to_call", about=delivery, text=delivery.name, data={"delivery": delivery.pk}, by=by
    )
    return delivery
