"""Nobody is told who has died; who moved away still hears what became of their own report."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.core.endings import Ending
from linli.core.errors import Refused
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.terms import DeliveryState


def stop_deliveries(rows: QuerySet[Delivery], ending: Ending) -> None:
    """Stop what has not gone out, and say why."""
    if ending.how != PersonStatus.DIED:
        rows = rows.filter(report_key="")
    rows.update(state=DeliveryState.STOPPED, error=ending.reason)


def has_died(person: Person | None) -> bool:
    """Is this somebody who cannot be told any more?"""
    return person is not None and person.status == PersonStatus.DIED


def check_not_died(delivery: Delivery) -> None:
    """Refuse to tell or call somebody who has died."""
    if has_died(delivery.person):
        raise Refused("notice.died", _("这位居民已故，不再通知"), hint=_("要告诉家属，请给家属发"))
