"""The board of the joint-duty station."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.cases.actions import may_dispatch
from linli.capabilities.cases.queries import board, topics
from linli.core.errors import NotFound
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
    most = max([1, *(max(week.came, week.ended) for week in seen.weeks)])
    context: dict[str, Any] = {
        "board": seen,
        "place": place,
        "most": most,
        "topics": _topics(place),
        "here_query": f"place={place.pk}&" if place else "",
    }
    return render(request, "cases/board.html", context)


def _topics(place: Place | None) -> list[dict[str, Any]]:
    """Return the hot topics, each with a word that finds its cases in the list."""
    return [
        {"topic": hot_topic, "word": hot_topic.words[0] if hot_topic.words else hot_topic.name}
        for hot_topic in topics(place)
    ]
