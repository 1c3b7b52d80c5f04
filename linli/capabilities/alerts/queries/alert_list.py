"""Which alerts a list is asked for: what its address says, read once for the page and its verbs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.queries.presenters import alerts
from linli.capabilities.alerts.queries.strip import Narrowed
from linli.capabilities.alerts.terms import LIVE
from linli.core.interface.record_lists import ListColumn, Sorting, sorting

COLUMNS = (
    ListColumn("name", _("提醒谁、什么"), order=("name", "pk")),
    ListColumn("day", _("日期"), order=("day", "pk")),
    ListColumn("rule", _("为什么"), order=("rule__name", "day", "pk")),
    ListColumn("place", _("在哪里"), order=("place__path", "pk")),
    ListColumn("state", _("到哪一步"), order=("state", "day", "pk"), extra=True),
)


@dataclass(frozen=True)
class Listed:
    """The alerts an address asks for, in order; ``is_over`` when those that are past."""

    rows: QuerySet[Alert]
    readable: QuerySet[Alert]
    is_over: bool
    sorting: Sorting
    said: list[str]  # what it is narrowed down to


def listed(query: QueryDict) -> Listed:
    """Read which alerts are asked for: what waits, the next day first; or what is over."""
    is_over = query.get("over") == "1"
    by = sorting(query, COLUMNS)
    readable = alerts()
    rows = readable.exclude(state__in=LIVE) if is_over else readable.filter(state__in=LIVE)
    narrowed = Narrowed.read(query)
    rows = narrowed.of(rows)
    if by.order:
        rows = rows.order_by(*by.order)
    elif is_over:
        rows = rows.order_by("-opened_on", "-pk")
    return Listed(rows, readable, is_over, by, narrowed.words)
