"""Which cases a list is asked for: what its address says, read once for the page and its verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.board import own_level, within
from linli.capabilities.cases.queries.case_status import is_late
from linli.capabilities.cases.queries.cases import cases, categories
from linli.capabilities.cases.queries.responsible_parties import waiting_for, whom
from linli.capabilities.cases.queries.search import MOST_ASKED, find_cases
from linli.capabilities.cases.terms import OPEN_STATES, CaseState
from linli.core.interface.record_lists import ListColumn, Sorting, sorting
from linli.register.places.models import Place
from linli.register.places.queries import place_or_not_found

UNCOUNTED = ("closed", "every")  # their number would be one of whoever finished them
BEHIND_BARS = ("timely", "every")
COLUMNS = (
    ListColumn("title", gettext_lazy("什么事"), order=("title", "pk")),
    ListColumn("due", gettext_lazy("期限"), order=("due_on", "pk")),
    ListColumn("state", gettext_lazy("到哪一步")),
    ListColumn("place", gettext_lazy("在哪里"), order=("place__path", "pk")),
    ListColumn("category", gettext_lazy("分类"), order=("category__name", "pk"), extra=True),
    ListColumn("came", gettext_lazy("收到"), order=("received_at", "pk"), extra=True, desk=True),
    ListColumn("number", gettext_lazy("编号"), order=("pk",), extra=True, desk=True),
)


def views() -> dict[str, tuple[Any, Q]]:
    """Return the tabs of the list with what they show."""
    late = is_late()
    return {
        "": (_("未结"), Q(state__in=OPEN_STATES)),
        "received": (_("待分派"), Q(state=CaseState.RECEIVED)),
        # The same condition as on the board: its figures lead here and must be the same.
        "late": (_("逾期"), late),
        "handled": (_("待答复"), Q(state=CaseState.HANDLED)),
        "answered": (_("待确认"), Q(state=CaseState.ANSWERED)),
        "closed": (_("已结"), Q(state=CaseState.CLOSED)),
        # Only bars of the board lead to these.
        "timely": (_("没逾期"), Q(state__in=OPEN_STATES) & ~late),
        "every": (_("全部"), Q()),
    }


@dataclass(frozen=True)
class Listed:
    """The cases an address asks for: ``rows`` before the tab, ``shown`` of its tab, in order."""

    rows: QuerySet[Case]
    shown: QuerySet[Case]
    view: str
    here: Place | None
    asked: str
    filters: dict[str, str]
    sorting: Sorting


def listed(query: QueryDict) -> Listed:
    """Read which cases are asked for; a place outside the scope is not found."""
    tabs, view = views(), query.get("view", "")
    view = view if view in tabs else ""
    place = query.get("place", "")
    here = place_or_not_found(int(place[:15])) if place.isdigit() else None
    asked, own = query.get("q", "").strip()[:MOST_ASKED], query.get("level") == "own"
    category = query.get("category", "")
    counted = {key: query.get(key, "")[:MOST_ASKED] for key in ("waits", "came", "ended")}
    narrowed = own_level(cases(), here) if own else within(cases(), here)
    rows = _of_the_board(find_cases(asked, _of_category(narrowed, category)), counted)
    filters = {"place": place if here else "", "q": asked, "category": category} | counted
    filters |= {"level": "own" if own else ""}
    by, shown = sorting(query, COLUMNS), rows.filter(tabs[view][1])
    order = by.order or (("-closed_at", "pk") if view == "closed" else ())
    return Listed(
        rows=rows,
        # Without an order of its own the search's holds: dangers first, then what is due.
        shown=shown.order_by(*order) if order else shown,
        view=view,
        here=here,
        asked=asked,
        filters={key: value for key, value in filters.items() if value},
        sorting=by,
    )


def _of_the_board(rows: QuerySet[Case], counted: dict[str, str]) -> QuerySet[Case]:
    """Return what a bar of the board counts: who is waited for, what came or ended in a week."""
    if counted["waits"]:
        rows = waiting_for(rows.filter(state__in=OPEN_STATES), counted["waits"])
    for key, moment in (("came", "received_at"), ("ended", "closed_at")):
        if counted[key]:
            week = _week(counted[key])
            rows = rows.filter(**{f"{moment}__date__range": week}) if week else rows.none()
    return rows


def _week(asked: str) -> tuple[date, date] | None:
    """Return the seven days from a Monday on, if it is a day."""
    try:
        monday = date.fromisoformat(asked)
        return monday, monday + timedelta(days=6)
    except (ValueError, OverflowError):
        return None


def _of_category(rows: QuerySet[Case], category: str) -> QuerySet[Case]:
    if category.isdigit():
        return rows.filter(category_id=int(category[:15]))
    return rows.filter(category__isnull=True) if category == "none" else rows


def list_address(view: str, kept: dict[str, str]) -> str:
    """Return the address of a view that keeps what was asked for."""
    query = kept | ({"view": view} if view else {})
    return reverse("cases:all") + (f"?{urlencode(query)}" if query else "")


def filter_chips(found: Listed) -> list[tuple[str, str]]:
    """Return what narrows the list down, each with the address without it."""
    kept = found.filters
    names = {
        "place": str(found.here.name) if found.here else "",
        "level": _("本级"),
        "category": _category_name(kept.get("category", "")),
        "waits": _("在等：%(who)s") % {"who": whom(kept["waits"])} if "waits" in kept else "",
        "came": _("%(day)s那周收到") % {"day": kept.get("came", "")[5:]},
        "ended": _("%(day)s那周结掉") % {"day": kept.get("ended", "")[5:]},
    }
    return [
        (name, list_address(found.view, {key: kept[key] for key in kept if key != gone}))
        for gone, name in names.items()
        if gone in kept
    ]


def _category_name(asked: str) -> str:
    named = categories(also_retired=True).filter(pk=int(asked[:15])) if asked.isdigit() else ()
    return next((one.name for one in named), _("未分类"))
