"""What happens by itself: messages go out, old texts and numbers are forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.workbench.notices import outbox, rules
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.terms import DeliveryState

ENDED = (
    DeliveryState.SENT, DeliveryState.REACHED, DeliveryState.STOPPED, DeliveryState.FAILED,
)  # fmt: skip


def send_queued() -> int:
    """Send what waits."""
    return outbox.send_queued()


def forget() -> int:
    """Forget numbers and texts of messages that ended long ago; that they were sent stays known."""
    before = timezone.now() - timedelta(days=rules.KEEPS_TEXT_DAYS)
    with system_scope("old messages are forgotten everywhere"), writes_allowed("retention"):
        return int(
            Delivery.objects.filter(made_at__lt=before, state__in=ENDED)
            .exclude(reference="forgotten")
            .update(phone="", email="", text="", answer="", reference="forgotten")
        )
