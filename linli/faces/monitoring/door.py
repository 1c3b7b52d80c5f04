"""/health/ and /metrics: told to programs that watch, and to nobody else.

The door stands before everything that asks the database, the host's name or who is signed in.
Whoever may not ask is passed on, to where no such page is: the ordinary 404.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from linli.core.network.callers import is_from

HEALTH, METRICS = "/health/", "/metrics"


class MonitoringDoor:
    """Answers the two addresses for callers of LINLI_MONITOR_NETWORKS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass on what is not ours or not for this caller."""
        if request.path not in (HEALTH, METRICS) or request.method not in ("GET", "HEAD"):
            return self._get_response(request)
        if not is_from(request, settings.LINLI_MONITOR_NETWORKS):
            return self._get_response(request)
        response = _health() if request.path == HEALTH else _metrics()
        response["Cache-Control"] = "no-store"
        return response


def _health() -> HttpResponse:
    from linli.faces.monitoring import questions

    answers = questions.ask()
    is_well = all(answer.state != "bad" for answer in answers.values())
    told = {
        "state": "good" if is_well else "bad",
        "questions": {
            name: {"state": answer.state, **answer.facts} for name, answer in answers.items()
        },
    }
    return JsonResponse(told, status=200 if is_well else 503)


def _metrics() -> HttpResponse:
    from linli.faces.monitoring import figures

    return HttpResponse(figures.as_text(), content_type=figures.CONTENT_TYPE)
