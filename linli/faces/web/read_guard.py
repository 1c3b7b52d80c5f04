"""The last look at an answer: whoever stands in it by name is on the account of who reads it.

Pages note their people themselves before they show them; this finds those of a page that forgot.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from linli.core.errors import Refused
from linli.core.personal_data.loaded_people import Watch, watch
from linli.core.scope import use_scope
from linli.faces.web.errors import refused_page
from linli.workbench.read_budget.actions import note_read

READABLE = ("text/", "application/json", "application/xml", "application/xhtml")


class ReadBelt:
    """Note everybody loaded for an answer whose name stands in it and whom nobody noted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, look, and refuse instead when the budget is used up."""
        with watch() as now:
            answer = self.get_response(request)
            try:
                _note_the_rest(now, answer)
            except Refused as refused:
                answer = _refusal(request, refused)
            for tell in now.afterwards:
                tell()
            return answer


def _note_the_rest(now: Watch, answer: HttpResponse) -> None:
    rest = {pk: loaded_as for pk, loaded_as in now.loaded.items() if pk not in now.noted}
    # A stream cannot be looked at without using it up.
    if not rest or answer.streaming or not answer.get("Content-Type", "").startswith(READABLE):
        return
    body = answer.content.decode("utf-8", errors="replace")
    # Each person counts in the scope they were loaded in, which may not be that of the page.
    scopes = {scope for pk, (name, scope) in rest.items() if stands_in(name, body)}
    for scope in scopes:
        with use_scope(scope):
            note_read(
                pk for pk, (name, whose) in rest.items() if whose == scope and stands_in(name, body)
            )


def stands_in(name: str, body: str) -> bool:
    """Does a name stand in an answer, as HTML or JSON writes it?"""
    return bool(name) and any(
        spelt in body for spelt in (name, html.escape(name), json.dumps(name)[1:-1])
    )


def _refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    if request.path.startswith("/api/"):
        data = {
            "code": refused.code,
            "sentence": str(refused.sentence),
            "field": refused.field,
            "hint": str(refused.hint),
        }
        return JsonResponse(data, status=422)
    return refused_page(request, refused)
