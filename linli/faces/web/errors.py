"""Refusals and failures, each as a page in plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from linli.core.errors import NotFound, Refused
from linli.faces.web.context import CARE_COOKIE


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


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
    """Say that it is our fault; reads nothing from the database."""
    care = request.COOKIES.get(CARE_COOKIE) == "on"
    return HttpResponse(render_to_string("500.html", {"care": care}), status=500)


class RefusedMiddleware:
    """A refusal that no page laid out itself becomes a page with its sentence and hint."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lay out ``Refused``; leave everything else to Django."""
        if isinstance(exception, NotFound):
            return not_found(request, exception)
        if isinstance(exception, Refused):
            return refused_page(request, exception)
        return None


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Lay a refusal out, as a page or as the part of a page that was asked for."""
    name = "refused_part.html" if request.headers.get("HX-Request") else "refused.html"
    return render(request, f"web/{name}", {"refused": refused}, status=422)
