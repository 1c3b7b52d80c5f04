"""Who is asking: a program with a token, or the browser of somebody signed in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from linli.core.database.marks import is_demonstration
from linli.core.scope import Scope, scope_or_none, use_scope
from linli.register.posts.models import User
from linli.register.posts.queries import lacks_second_factor, scope_of_token
from linli.register.posts.rules import READS_REGISTER


class Token(HttpBearer):
    """The scope of the post behind a token, read again for each request."""

    def authenticate(self, request: HttpRequest, token: str) -> Scope | None:
        """Return the scope, or None when the token, its post or its holder has ended."""
        return scope_of_token(token.strip())


class SignedIn(APIKeyCookie):
    """The scope of the pages, for reading only: nothing is asked in somebody's name by POST."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        # Nothing to forge: this lets GET in and nothing else.
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Scope | None:
        """Return the scope of the post the user works in, as the pages would let them in."""
        scope, user = scope_or_none(), request.user
        # A token that does not hold is refused, not replaced by who is signed in.
        if request.method != "GET" or "Authorization" in request.headers:
            return None
        if scope is None or not isinstance(user, User) or scope.role not in READS_REGISTER:
            return None
        if user.must_change_password and not is_demonstration():
            return None
        return None if lacks_second_factor(user, scope.role) else scope


def in_scope(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run an endpoint in the scope of whoever asks."""

    @functools.wraps(function)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        scope: Scope = request.auth  # type: ignore[attr-defined]
        with use_scope(scope):
            return function(request, *args, **kwargs)

    return run
