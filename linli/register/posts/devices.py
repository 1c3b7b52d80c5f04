"""The phones and computers somebody has signed in on: a signed cookie says so, no table."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from linli.register.posts.models import User

COOKIE = "linli_device"
SALT = "linli.register.posts.devices"
KEPT_SECONDS = 180 * 86_400
MOST_USERS = 8  # of a computer that an office shares
MARK = "_linli_signed_in"


def _mark_of(user: User) -> str:
    """Return what changes with the password and when all devices are signed out."""
    return salted_hmac(SALT, user.get_session_auth_hash()).hexdigest()[:24]


def _told(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Return the device and the marks of who has signed in on it, as our own signature says."""
    try:
        cookie: Any = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS
        )
        return str(cookie["device"]), {str(k): str(v) for k, v in cookie["users"].items()}
    except (signing.BadSignature, KeyError, TypeError, AttributeError):
        return "", {}


def known_device(request: HttpRequest, user: User | None) -> str:
    """Return the device when this user has signed in on it and signed out nowhere since, or ""."""
    device, users = _told(request)
    mark = users.get(str(user.pk), "") if user is not None else ""
    known = user is not None and secrets.compare_digest(mark, _mark_of(user))
    return device if known else ""


def note_sign_in(request: HttpRequest, user: Any) -> None:
    """Let the answer to this request make the device known."""
    if isinstance(user, User):
        setattr(request, MARK, user)


def make_known(request: HttpRequest, answer: HttpResponse) -> None:
    """Write the cookie after somebody has signed in or chosen a new password."""
    user: User | None = getattr(request, MARK, None)
    if user is None:
        return
    device, users = _told(request)
    # Put at the end again, so that who was here longest ago is forgotten first.
    users.pop(str(user.pk), None)
    users[str(user.pk)] = _mark_of(user)
    last = dict(list(users.items())[-MOST_USERS:])
    answer.set_cookie(
        COOKIE,
        signing.dumps({"device": device or secrets.token_hex(8), "users": last}, salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
