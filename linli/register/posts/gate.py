"""Who may go on after signing in: somebody with a post, an own password, a second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linli.core.database.marks import is_demonstration
from linli.core.scope import scope_or_none
from linli.core.time import today
from linli.register.posts.devices import make_known
from linli.register.posts.guesses import MustWait, must_wait_page
from linli.register.posts.models import User
from linli.register.posts.queries import lacks_second_factor, last_post
from linli.register.posts.rules import must_set_second_factor

# What anybody signed in needs: signing out, the account, how the page looks.
ALWAYS_OPEN = (
    "/sign-in/",
    "/account/",
    "/second-factor/",
    "/mine/post/",
    "/care/",
    "/language/",
    "/static/",
    "/patterns/",
    "/api/",
    "/open311/",
)


class PostGate:
    """Stop whoever has no post, and send those with something to set up to where they do it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, or answer it here."""
        answer = self._stop(request) or self.get_response(request)
        make_known(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, wrong: Exception) -> HttpResponse | None:
        """Say that somebody has guessed too often, at whichever door it was."""
        return must_wait_page(request, wrong) if isinstance(wrong, MustWait) else None

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or request.path.startswith(ALWAYS_OPEN):
            return None
        scope = scope_or_none()
        role = scope.role if scope else "none"
        if role == "none":
            return _without_post(request, user, today())
        # Asked here and not at sign-in, because a passkey passes the password by.
        if user.must_change_password and not is_demonstration():
            return _send(request, "account_change_password")
        if lacks_second_factor(user, role):
            return _send(request, "posts:second-factor")
        return None


def _without_post(request: HttpRequest, user: User, on: date) -> HttpResponse:
    context: dict[str, Any] = {"post": "", "posts": [], "last": last_post(user), "on": on}
    return render(request, "posts/no_post.html", context, status=403)


def _send(request: HttpRequest, name: str) -> HttpResponse:
    # htmx follows a redirect unseen and would put the page into a part of this one.
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return redirect(name)


def second_factor_missing(request: HttpRequest) -> dict[str, Any] | None:
    """Ask on 今日 for the second factor that this role should have; nothing in a demonstration."""
    scope, user = scope_or_none(), request.user
    if scope is None or not isinstance(user, User):
        return None
    is_asked = must_set_second_factor(role=scope.role, is_set=is_mfa_enabled(user))
    return {} if is_asked and not is_demonstration() else None
