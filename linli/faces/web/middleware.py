"""From a request to a scope: read again for every request, so a leaver is out at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.contrib.sessions import middleware as sessions
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from linli.core.logger import get_logger
from linli.core.scope import use_scope
from linli.core.storage import trouble_of
from linli.core.time import today
from linli.register.posts.queries import scope_of
from linli.register.posts.terms import POST_IN_SESSION as POST_IN_SESSION
from linli.workbench.conditions.own_fields import read_once
from linli.workbench.conditions.places import named_once

READS = ("GET", "HEAD")

log = get_logger(__name__)


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, but a session that cannot be stored does not take a page that was read away."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session; without room a reader gets the page, and a sender is told."""
        try:
            return super().process_response(request, response)
        except (DatabaseError, OSError) as wrong:
            if request.method not in ("GET", "HEAD") or not trouble_of(wrong):
                raise
            log.warning("a session was not stored", why=trouble_of(wrong))
            return response


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
        # A page that writes may give a place another name meanwhile.
        once = named_once() if request.method in READS else nullcontext()
        with use_scope(scope), read_once(), once:
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
