"""What retention does with visits, promises and what residents said of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from linli.capabilities.visits.models import Promise
from linli.capabilities.visits.terms import PromiseState
from linli.core.retention import ErasureMode, TableDeclaration, declare, register_waits


def open_promises(people: Collection[int]) -> Mapping[int, str]:
    """Something was promised and is neither kept nor known to be broken."""
    rows = Promise.objects.filter(person__in=people, state=PromiseState.OPEN)
    return dict.fromkeys(rows.values_list("person", flat=True), _("还有没兑现的承诺"))


def declare_tables() -> None:
    """Tell the registry; answers point at visits and promises and go before them."""
    declare(
        TableDeclaration(
            "visits.FeedbackRequest", ("person",), ErasureMode.DELETE, "居民说的话", order=40
        ),
        TableDeclaration(
            "visits.Visit", ("person",), ErasureMode.DELETE, "为什么看望、怎样看望，是照护信息"
        ),
        TableDeclaration("visits.Promise", ("person",), ErasureMode.DELETE, "答应了什么、结果怎样"),
        TableDeclaration(
            "visits.CareLevelSeen",
            ("person",),
            ErasureMode.DELETE,
            "失能等级是照护信息",
            is_lost_with_it=False,
        ),
    )
    register_waits("visits", open_promises)
