"""How signing in is done here: no sign-up, no mail, and a lock-out in plain words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Users are made by those who give posts; the words do not tell whether a name exists."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不正确"),
        "too_many_login_attempts": _("试得太多了，请过几分钟再试"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: posts are given."""
        return False


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Say that there were too many wrong passwords, and how long to wait."""
    pause = get_cool_off(request)
    minutes = round(pause.total_seconds() / 60) if pause else 0
    return render(request, "posts/locked_out.html", {"minutes": minutes}, status=429)


def password_is_their_own(*, user: Any, **_given: Any) -> None:
    """Remember that somebody chose a password of their own."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
