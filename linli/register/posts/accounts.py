"""How signing in is done here: no sign-up, no mail, one count of guesses for every door."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from linli.core.network.rate_limit import address_of
from linli.core.time import today
from linli.register.posts import devices, guesses
from linli.register.posts.queries import open_tokens_of, user_named


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

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the one address that all limits use."""
        return address_of(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to 今日, or to what is still to be set up before it."""
        return str(settings.LOGIN_REDIRECT_URL)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Look at a password, at sign-in and wherever it is asked again; raises ``MustWait``."""
        name = str(credentials.get("username", ""))
        counted = guesses.attempt(request, guesses.PASSWORD, name, user_named(name))
        user = super().authenticate(request, **credentials)
        if user is not None:
            guesses.was_right(counted)
        return user


def password_is_their_own(*, user: Any, request: Any = None, **_given: Any) -> None:
    """Remember that somebody chose a password of their own, and that they did it on this device."""
    if request is not None:
        devices.note_sign_in(request, user)
        if count := len(open_tokens_of(user, today())):
            messages.warning(request, _words_on_tokens(count))
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])


def _words_on_tokens(count: int) -> str:
    words = ngettext(
        "其他设备都已退出；%(n)s个接口令牌仍然有效，可在“在所有设备退出”里停用",
        "其他设备都已退出；%(n)s个接口令牌仍然有效，可在“在所有设备退出”里停用",
        count,
    )
    return words % {"n": count}


def signed_in_here(*, request: Any, user: Any, **_given: Any) -> None:
    """Make the device of a complete sign-in known."""
    if request is not None:
        devices.note_sign_in(request, user)
