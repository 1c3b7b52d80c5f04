"""Messages that did not go out in time, and those of which nobody knows: over the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from linli.core.scope import system_scope
from linli.core.time.today import CHINA
from linli.register.people.terms import PersonStatus
from linli.workbench.notices import rules
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.terms import DeliveryState, NoticeState

OVERDUE_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class WaitingMessages:
    """How many could have gone out an hour ago, and how many are 不确定."""

    overdue: int
    unknown: int


def waiting_messages() -> WaitingMessages:
    """Count messages that should have gone out, and those that may or may not have."""
    now = timezone.now()
    then = now - OVERDUE_AFTER
    # By night only what is urgent goes out; of the rest none is late before an hour of day.
    is_day = all(rules.may_send_at(at=at.astimezone(CHINA), urgent=False) for at in (then, now))
    with system_scope("how many messages wait, for the operator: a figure about nobody"):
        queued = Delivery.objects.filter(
            state=DeliveryState.QUEUED, notice__state=NoticeState.OPEN, made_at__lt=then
        ).exclude(person__status=PersonStatus.DIED)
        return WaitingMessages(
            queued.filter(Q() if is_day else Q(urgent=True)).count(),
            Delivery.objects.filter(state=DeliveryState.UNKNOWN).count(),
        )
