"""From a request to a scope: read again for every request, so a leaver is out at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.sessions import middleware as sessions
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from linli.core.batch_cache import page_cache
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
        with _asked_once(request):
            scope = scope_of(request.user, today(), post_id=request.session.get(POST_IN_SESSION))
            request.scope = scope  # type: ignore[attr-defined]
            with use_scope(scope), read_once():
                return self.get_response(request)


@contextmanager
def _asked_once(request: HttpRequest) -> Iterator[None]:
    """Ask who holds which post and what a place is called once, for a page that only reads.

    One that writes may give a post or another name meanwhile, so it asks each time.
    """
    if request.method in READS:
        with page_cache(), named_once():
            yield
    else:
        yield


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


class Compressed(GZipMiddleware):
    """Pages go over the wire compressed: on a slow phone half of the wait is for their bytes.

    The length of a compressed page can tell what stands in it (BREACH) to who makes a browser ask
    for it again and again with words of their own. So a page that another site makes a browser ask
    for is sent as it is; the token in a form is masked anew each time; every length is random by
    up to a hundred bytes. Files, streams and what programs read are left alone.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a page for who can read it so."""
        if not _is_a_page(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding", "Sec-Fetch-Site"))
        if request.headers.get("Sec-Fetch-Site", "") == "cross-site":
            return response
        return super().process_response(request, response)


def _is_a_page(response: HttpResponseBase) -> bool:
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and not response.has_header("Content-Disposition")
