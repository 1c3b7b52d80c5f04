"""What happens by itself: messages go out, old texts and numbers are forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.workbench.notices import outbox, rules
from linli.workbench.notices.models import Delivery, Notice
from linli.workbench.notices.terms import DeliveryState

# What nobody sent, called or decided in all that time is not done any more.
LEFT_UNDONE = (
    DeliveryState.QUEUED,
    DeliveryState.TO_CALL,
    DeliveryState.NOT_REACHED,
    DeliveryState.UNKNOWN,
)
FORGOTTEN = "forgotten"


def send_queued() -> int:
    """Send what waits."""
    return outbox.send_queued()


def forget() -> int:
    """Forget numbers and texts of old messages and notices; that they were sent stays known.

    What still waits after so long is stopped: without its text it cannot be sent.
    """
    moment = timezone.now()
    before = moment - timedelta(days=rules.KEEPS_TEXT_DAYS)
    gone = _("内容已清除")
    with system_scope("old messages are forgotten everywhere"), writes_allowed("retention"):
        old = Delivery.objects.filter(made_at__lt=before).exclude(reference=FORGOTTEN)
        old.filter(state__in=LEFT_UNDONE).update(state=DeliveryState.STOPPED, attempt="")
        # A try may still be under way; its row is forgotten the next day.
        forgotten = old.exclude(state=DeliveryState.SENDING).update(
            phone="", email="", subject=gone, text="", answer="", reference=FORGOTTEN
        )
        notices = Notice.objects.filter(made_at__lt=before, forgotten_at__isnull=True)
        notices.update(subject=gone, text="", forgotten_at=moment)
    return int(forgotten)
