"""From a request to a scope: read again for every request, so a leaver is out at once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from linli.core.scope import use_scope
from linli.core.time import today
from linli.register.posts.queries import scope_of
from linli.register.posts.terms import POST_IN_SESSION as POST_IN_SESSION
from linli.workbench.conditions.own_fields import read_once


class ScopeMiddleware:
    """Make the signed-in user's scope the active one for the whole answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the scope of the post the user works in; nobody signed in has none."""
        if not request.user.is_authenticated:
            with use_scope(None):
                return self.get_response(request)
        scope = scope_of(request.user, today(), post_id=request.session.get(POST_IN_SESSION))
        request.scope = scope  # type: ignore[attr-defined]
        with use_scope(scope), read_once():
            return self.get_response(request)


class NoStore:
    """Nothing that is made for somebody is kept by a browser or on the way, whoever asks.

    Static files are answered before this and keep their year. The back button asks again: who has
    signed out meanwhile sees the sign-in page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say so on every answer."""
        answer = self.get_response(request)
        answer["Cache-Control"] = "no-store, private"
        return answer
