"""Guesses of passwords and codes: whoever guesses must wait, the owner need not.

Every try is counted before it is looked at, so a thousand at the same moment are no more than
five; a right one is taken back. A device on which the owner has signed in is counted by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.core.network import rate_limit
from linli.core.network.rate_limit import Bound
from linli.register.posts.devices import known_device
from linli.register.posts.models import User
from linli.register.posts.rules import most_wrong

T = TypeVar("T")
PASSWORD, CODE = "password", "code"
MINUTE, TOO_MANY = 60, 429
LONGEST_NAME = 150


class MustWait(Exception):
    """Too many wrong tries; ``seconds`` says for how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


def _bound(kind: str, what: str, who: str) -> Bound:
    return Bound(f"wrong {what} {kind}", who, *most_wrong(counted=kind))


def bounds(request: HttpRequest, what: str, name: str, user: User | None) -> list[Bound]:
    """Return what a try counts against: the known device alone, or address, name and both."""
    # Another spelling of the name is no new guesser.
    name = name.strip().lower()[:LONGEST_NAME]
    address = rate_limit.address_of(request)
    if device := known_device(request, user):
        own = _bound("device", what, f"{device}\n{name}")
        # Used up, a known device is worth no more than any other.
        if not rate_limit.seconds_to_wait([own]):
            return [own]
    return [
        # First, because this is the one that was_right() forgets.
        _bound("pair", what, f"{address}\n{name}"),
        _bound("name", what, name),
        _bound("address", what, address),
    ]


def attempt(request: HttpRequest, what: str, name: str, user: User | None) -> list[Bound]:
    """Count one try, or raise ``MustWait``; a right one is handed to ``was_right``."""
    counted = bounds(request, what, name, user)
    if wait := rate_limit.count(counted):
        raise MustWait(wait)
    return counted


def was_right(counted: list[Bound]) -> None:
    """Take a try back; who was right has no wrong ones at this address any more."""
    rate_limit.forget(counted[:1])
    # Name and address count the tries of others too: of those only this one is taken back.
    rate_limit.give_back(counted[1:])


def guarded(user: User, what: str, look: Callable[[], T]) -> T:
    """Count a try of somebody who is known already, and let ``look`` say whether it is right."""
    counted = attempt(context.request, what, user.username, user)
    result = look()  # raises when it is wrong
    was_right(counted)
    return result


def must_wait_page(request: HttpRequest, wait: MustWait) -> HttpResponse:
    """Say what happened, when to try again, and how the owner gets in at once."""
    # Rounded up: who comes back then must not be told to wait again.
    minutes = -(-wait.seconds // MINUTE)
    answer = render(request, "posts/locked_out.html", {"minutes": minutes}, status=TOO_MANY)
    answer["Retry-After"] = str(wait.seconds)
    return answer


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The old password is a password too: whoever sits at an open screen may not guess it."""

    def clean_oldpassword(self) -> Any:
        """Look at the old password."""
        return guarded(self.user, PASSWORD, super().clean_oldpassword)


class SecondFactor(AuthenticateForm):  # type: ignore[misc]
    """A code after the password."""

    def clean_code(self) -> Any:
        """Look at the code."""
        return guarded(self.user, CODE, super().clean_code)


class SecondFactorAgain(ReauthenticateForm):  # type: ignore[misc]
    """A code before something that matters."""

    def clean_code(self) -> Any:
        """Look at the code."""
        return guarded(self.user, CODE, super().clean_code)
