"""The board of the joint-duty station."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.cases.actions import may_dispatch
from linli.capabilities.cases.queries import Board, board, topics
from linli.core.errors import NotFound
from linli.core.interface.picture_models import Amount, BarRow, Bars, Series
from linli.register.places.models import Place
from linli.register.places.queries import place_or_not_found


@login_required
@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show what is open, late, waiting for whom, answered and not confirmed."""
    if not may_dispatch.holds():
        raise NotFound()
    place_key = request.GET.get("place", "")
    place = place_or_not_found(int(place_key)) if place_key.isdigit() else None
    seen = board(place)
    here = f"place={place.pk}&" if place else ""
    address = f"{reverse('cases:all')}?{here}"
    context: dict[str, Any] = {
        "board": seen,
        "place": place,
        "weeks": _weeks(seen, address),
        "waiting": _waiting(seen, address),
        "topics": _topics(place),
        "here_query": here,
    }
    return render(request, "cases/board.html", context)


def _weeks(seen: Board, address: str) -> Bars:
    """Draw what came and what ended, week by week."""
    rows = []
    for week in seen.weeks:
        came = f"{address}view=every&came={week.starts:%Y-%m-%d}"
        ended = f"{address}view=closed&ended={week.starts:%Y-%m-%d}"
        amounts = [Amount(week.came, came), Amount(week.ended, ended)]
        rows.append(BarRow(f"{week.starts:%m-%d}", amounts, came))
    series = [Series(_("收到")), Series(_("结掉"), "second")]
    return Bars(_("每周收到和结掉（从周一起）"), _("件"), series, rows)


def _waiting(seen: Board, address: str) -> Bars:
    """Draw for whom cases wait, and how much of it is late."""
    rows = []
    for one in seen.waiting_for:
        href = f"{address}waits={one.key}"
        amounts = [
            Amount(one.cases - one.late, f"{href}&view=timely"),
            Amount(one.late, f"{href}&view=late"),
        ]
        rows.append(BarRow(one.label, amounts, href))
    series = [Series(_("没逾期")), Series(_("逾期"), "late")]
    return Bars(_("等着办的"), _("件"), series, rows, stacked=True)


def _topics(place: Place | None) -> list[dict[str, Any]]:
    """Return the hot topics, each with a word that finds its cases in the list."""
    return [
        {"topic": hot_topic, "word": hot_topic.words[0] if hot_topic.words else hot_topic.name}
        for hot_topic in topics(place)
    ]
