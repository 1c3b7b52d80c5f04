"""Refusals and failures, each as a page in plain words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.context_processors import csrf
from django.template.loader import render_to_string

from linli.core.errors import NotFound, Refused
from linli.core.storage import StorageRefused, refusal_for
from linli.faces.web.tags.library import CARE_COOKIE
from linli.faces.web.typed_words import typed


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", {"is_refused": True, **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read; one that is too large says so."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this post may not do this, and what to do."""
    return _page(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page had grown too old to be trusted, and to load it again."""
    return _page(request, 403, is_stale=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is here; out of scope looks the same."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; reads nothing from the database.

    Outside of a page (the session, the post) a full disk ends here too: then that is said.
    """
    if (wrong := sys.exc_info()[1]) and (refusal := refusal_for(wrong)):
        return _without_storage(request, refusal)
    care = request.COOKIES.get(CARE_COOKIE) == "on"
    # Without the request, whose context would read the menu and the post.
    return HttpResponse(render_to_string("500.html", {"care": care}), status=500)


def _without_storage(request: HttpRequest, refusal: StorageRefused) -> HttpResponse:
    """Say that nothing was stored; what was typed is still in the page before this one."""
    if request.headers.get("HX-Request"):
        # 422 is what a page shows where it asked; another number would only say "failed".
        part = render_to_string("web/refused_part.html", {"refused": refusal})
        return HttpResponse(part, status=422)
    context = {
        "care": request.COOKIES.get(CARE_COOKIE) == "on",
        "refused": refusal,
        "typed": typed(request),
        "is_reading": request.method in ("GET", "HEAD"),
        "path": request.path,
    }
    answer = HttpResponse(
        render_to_string("storage.html", {**context, **csrf(request)}), status=refusal.status
    )
    if refusal.retry_seconds:
        answer["Retry-After"] = str(refusal.retry_seconds)
    return answer


class RefusedMiddleware:
    """A refusal that no page laid out itself becomes a page with its sentence and hint."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lay out ``Refused`` and a full or busy storage; leave everything else to Django."""
        if refusal := refusal_for(exception):
            return _without_storage(request, refusal)
        if isinstance(exception, NotFound):
            return not_found(request, exception)
        if isinstance(exception, Refused):
            return refused_page(request, exception)
        return None


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Lay a refusal out, as a page or as the part of a page that was asked for."""
    name = "refused_part.html" if request.headers.get("HX-Request") else "refused.html"
    return render(request, f"web/{name}", {"refused": refused}, status=422)
