"""Taking a lost second factor away: one asks, a second person confirms, both stand in the journal.

A password and a second factor taken away by one person alone would be that person's way in.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.posts import rules
from linli.register.posts.actions.holders import may_reset_password
from linli.register.posts.models import Post, SecondFactorReset, User

LONGEST_REASON = 120


def may_ask_reset(*, post: Post) -> bool:
    """Whoever may give the holder a new password."""
    return post.user is not None and may_reset_password(user=post.user)


def may_agree(*, reset: SecondFactorReset) -> bool:
    """Somebody else than the one who asked, who may give the holder a new password too."""
    scope = current_scope()
    return rules.is_second_person(asked_by=reset.by_id, agrees=scope.user_id) and (
        may_reset_password(user=reset.user)
    )


@action(
    "user.ask_second_factor_reset",
    term=gettext_noop("申请重设第二道验证"),
    may=may_ask_reset,
    journal="user.second_factor_reset_asked",
)
def ask_reset(*, post: Post, reason: str, by: User) -> SecondFactorReset:
    """Ask for the holder's second factor to be taken away; nothing happens yet."""
    reason = " ".join(reason.split())
    if not 4 <= len(reason) <= LONGEST_REASON:
        raise Refused("user.reason", _("请写明原因，4到120字"), "reason")
    holder = post.user
    if holder is None or not is_mfa_enabled(holder):
        raise Refused("user.no_second_factor", _("对方没有设置第二道验证"))
    if waiting_resets().filter(user=holder).exists():
        raise Refused("user.reset_waiting", _("已经有一份申请在等第二个人确认"))
    reset = SecondFactorReset(user=holder, reason=reason, by=by, scope_path=post.scope_path)
    reset.save()
    write_journal("user.second_factor_reset_asked", about=reset, text=str(holder), by=by)
    return reset


@action(
    "user.reset_second_factor",
    term=gettext_noop("确认重设第二道验证"),
    may=may_agree,
    journal="user.second_factor_reset",
)
def agree_reset(*, reset: SecondFactorReset, by: User) -> SecondFactorReset:
    """Confirm as the second person: the second factor is gone, every session ends."""
    agreed = waiting_resets().filter(pk=reset.pk).update(agreed_by=by, agreed_at=timezone.now())
    if not agreed:
        raise Refused("user.reset_over", _("这份申请已经办过或者过期了"))
    reset.refresh_from_db()
    _take_away(reset.user)
    text = f"{reset.user}：{reset.reason}"
    data = {"asked_by": reset.by_id}
    write_journal("user.second_factor_reset", about=reset, text=text, data=data, by=by)
    return reset


def may_reset_here(*, user: User) -> bool:
    """The installation itself: who has the machine has everything."""
    return current_scope().role == "system"


@action(
    "user.reset_second_factor_here",
    term=gettext_noop("在服务器上重设第二道验证"),
    may=may_reset_here,
    journal="user.second_factor_reset_here",
)
def reset_here(*, user: User, reason: str, by: User | None) -> User:
    """Take a second factor away on the machine: for the last officer, whom nobody is above."""
    if not is_mfa_enabled(user):
        raise Refused("user.no_second_factor", _("对方没有设置第二道验证"))
    _take_away(user)
    write_journal("user.second_factor_reset_here", about=user, text=reason, by=by)
    return user


def _take_away(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    # Sessions and known devices hold the number: all of them end.
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)


def waiting_resets() -> QuerySet[SecondFactorReset]:
    """Return what waits for a second person here; after three days it is asked anew."""
    since = timezone.now() - timedelta(days=rules.RESET_WAITS_DAYS)
    return SecondFactorReset.objects.filter(agreed_at__isnull=True, asked_at__gte=since)
