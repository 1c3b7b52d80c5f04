"""Giving and ending posts, users and their passwords, tokens for programs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.database import marks
from linli.core.endings import POST, Ending, end_what_points_at
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, use_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts import rules
from linli.register.posts.models import ApiToken, Post, User
from linli.register.posts.permits import role_in
from linli.register.posts.queries import posts_held, scope_of, user_named
from linli.register.posts.seat_changes import seats_changed
from linli.register.posts.terms import Role
from linli.register.posts.tokens import hash_of, new_token

may_give_posts = role_in(rules.MAY_GIVE_POSTS)
# No letters or digits that are taken for one another when a password is read out.
EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 14
USERNAME_SHORTEST = 2


@dataclass(frozen=True)
class NewUser:
    """A user and the password that is told to them once."""

    user: User
    password: str


@dataclass(frozen=True)
class IssuedToken:
    """A token and its raw text, which is shown once."""

    token: ApiToken
    raw: str


@action("post.give", term=gettext_noop("任命岗位"), may=may_give_posts, journal="post.given")
def give_post(
    *,
    user: User,
    role: str,
    place: Place,
    from_date: date,
    to_date: date | None = None,
    title: str = "",
    by: User | None,
) -> Post:
    """Let a user hold a role at a place, from a day to a day."""
    check_appointment(role, place)
    if to_date is not None and to_date < from_date:
        raise Refused("post.order", _("结束日期早于开始日期"), "to_date")
    if holds_already(user, role, place, from_date):
        raise Refused("post.twice", _("%(name)s已有这个岗位") % {"name": user}, "user")
    post = Post(
        user=user,
        role=role,
        place=place,
        title=title.strip(),
        from_date=from_date,
        to_date=to_date,
        scope_path=place.path,
    )
    post.save()
    write_journal("post.given", about=post, text=str(post), data={"role": role}, by=by)
    seats_changed(place.path, by=by)
    return post


def holds_already(user: User, role: str, place: Place, on: date) -> bool:
    """Does somebody hold this very post on a day or later?"""
    same = Post.objects.filter(user=user, role=role, place=place, ended_at__isnull=True)
    return any(post.to_date is None or post.to_date >= on for post in same)


def check_appointment(role: str, place: Place) -> None:
    """Refuse what the active post may not give, or gives where such a role does not stand."""
    scope = current_scope()
    if role not in Role.values:
        raise Refused("post.role", _("没有这种岗位"), "role")
    if not rules.may_give_role(giver=scope.role, given=role):
        raise Refused(
            "post.role_above",
            _("您不能任命“%(role)s”") % {"role": Role(role).label},
            "role",
            _("请找街道干部任命"),
        )
    if not scope.holds(place.path):
        raise NotFound()
    if not rules.stands_at(role=role, kind=place.kind):
        words = {"role": Role(role).label, "place": place.name}
        raise Refused("post.place", _("“%(role)s”不能设在“%(place)s”") % words, "place")


def may_end_post(*, post: Post) -> bool:
    """Whoever may give this role may end it; the scope says where."""
    scope = current_scope()
    return rules.may_give_role(giver=scope.role, given=post.role)


@action("post.end", term=gettext_noop("结束岗位"), may=may_end_post, journal="post.ended")
def end_post(*, post: Post, by: User | None) -> Post:
    """End a post now: its holder is out with the next request."""
    if post.ended_at is not None:
        raise Refused("post.ended", _("这个岗位已经结束"))
    if by is not None and post.user_id == by.pk:
        raise Refused("post.own", _("不能结束自己的岗位"), hint=_("请找上级办理"))
    post.ended_at = timezone.now()
    # One that is ended before its first day must not end before it begins.
    post.to_date = max(post.from_date, today())
    post.save(update_fields=["ended_at", "to_date"])
    end_what_points_at(POST, [post.pk], reason=_("岗位已结束"), by=by)
    write_journal("post.ended", about=post, text=str(post), data={"role": post.role}, by=by)
    seats_changed(post.scope_path, by=by)
    return post


@action("user.add", term=gettext_noop("新增用户"), may=may_give_posts, journal="user.added")
def add_user(*, username: str, name: str, by: User | None) -> NewUser:
    """Make a user with a password to be told once and changed at the first sign-in."""
    username, name = checked_names(username, name)
    password = _new_password()
    try:
        # A savepoint: on PostgreSQL the refused statement would spoil the whole transaction.
        with transaction.atomic():
            user = User(username=username, name=name[:40], must_change_password=True)
            user.first_week = {} if marks.is_first_month() else None
            user.set_password(password)
            user.save()
    except IntegrityError as taken:
        raise Refused("user.taken", _("这个用户名已有人用"), "username") from taken
    paths = current_scope().paths
    write_journal("user.added", about=user, scope_path=paths[0] if paths else "", by=by)
    return NewUser(user, password)


def checked_names(username: str, name: str) -> tuple[str, str]:
    """Return a user name and a name as they are kept, or say what is wrong with them."""
    username, name = username.strip().lower(), " ".join(name.split())
    if len(username) < USERNAME_SHORTEST or not username.replace("_", "").isalnum():
        raise Refused("user.username", _("用户名用两个以上的字母或数字，可带下划线"), "username")
    if not name:
        raise Refused("user.name", _("请填写姓名"), "name")
    return username, name


def known_user(*, username: str, name: str, is_same: bool = False) -> User | None:
    """Return the user of this username, or None; that it is another person is asked, not assumed.

    Whose posts lie outside the active scope is not named: only their own name opens them.
    """
    user, name = user_named(username), " ".join(name.split())
    if user is None or not name or name == user.name:
        return user
    is_shown = current_scope().everything or Post.objects.filter(user=user).exists()
    if is_same and is_shown:
        return user
    words = {"username": user.username, "known": user.name, "name": name}
    if not is_shown:
        sentence = _("用户名“%(username)s”已有人用，登记的姓名不是“%(name)s”") % words
        raise Refused("user.other_name", sentence, "username", _("请另起一个用户名"))
    sentence = _("用户名“%(username)s”是“%(known)s”的，您写的是“%(name)s”") % words
    raise Refused(
        "user.ask_same", sentence, "username", _("是同一个人就照登记的姓名写，不是就另起用户名")
    )


def _new_password() -> str:
    return "".join(secrets.choice(EASY_TO_READ) for _n in range(PASSWORD_LENGTH))


def may_reset_password(*, user: User) -> bool:
    """Whoever may give every post that the user holds, somewhere inside the own scope."""
    scope = current_scope()
    if scope.role == "system":
        return True
    if scope.role not in rules.MAY_GIVE_POSTS or user.pk == scope.user_id:
        return False
    held = posts_held(user, today())
    # Every one, because the password opens them all; all() of none would be true.
    return bool(held) and all(
        rules.may_give_role(giver=scope.role, given=post.role) and scope.holds(post.scope_path)
        for post in held
    )


@action(
    "user.reset_password",
    term=gettext_noop("重设密码"),
    may=may_reset_password,
    journal="user.password_reset",
)
def reset_password(*, user: User, by: User | None) -> NewUser:
    """Give a user a new password; every session of theirs ends."""
    password = _new_password()
    # A session carries a hash of the password, so that a new one ends them all.
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    paths = current_scope().paths
    write_journal("user.password_reset", about=user, scope_path=paths[0] if paths else "", by=by)
    return NewUser(user, password)


def check_password(password: str, user: User) -> None:
    """Refuse a password that is too short, too common or too like the name."""
    try:
        validate_password(password, user)
    except ValidationError as wrong:
        raise Refused("user.password", " ".join(wrong.messages), "password") from wrong


def may_issue_token(*, post: Post, by: User) -> bool:
    """Whoever holds the post, if lists may leave the product with its role."""
    held = [held_post.pk for held_post in posts_held(by, today())]
    return post.pk in held and post.role in rules.MAY_ISSUE_TOKENS


@action(
    "token.issue", term=gettext_noop("签发接口令牌"), may=may_issue_token, journal="token.issued"
)
def issue_token(*, post: Post, name: str, purpose: str, days: int, by: User) -> IssuedToken:
    """Issue a key with which a program works in one of my posts, for a purpose and a time."""
    name, purpose = " ".join(name.split()), " ".join(purpose.split())
    if not name:
        raise Refused("token.name", _("请给令牌起个名字"), "name")
    if len(purpose) < rules.SHORTEST_TOKEN_PURPOSE:
        raise Refused("token.purpose", _("请写清用途"), "purpose", _("例如：每天同步到大屏"))
    if not 1 <= days <= rules.LONGEST_TOKEN_DAYS:
        most = {"days": rules.LONGEST_TOKEN_DAYS}
        raise Refused("token.days", _("有效期为1到%(days)s天") % most, "days")
    raw = new_token()
    token = ApiToken(
        post=post,
        name=name[:60],
        purpose=purpose[:120],
        token_hash=hash_of(raw),
        tail=raw[-4:],
        expires_on=today() + timedelta(days=days),
        scope_path=post.scope_path,
    )
    token.save()
    write_journal("token.issued", about=token, text=token.name, data={"days": days}, by=by)
    return IssuedToken(token, raw)


def may_revoke_token(*, token: ApiToken, by: User) -> bool:
    """The holder, or whoever gives posts there."""
    scope = current_scope()
    return token.post.user_id == by.pk or (
        scope.role in rules.MAY_GIVE_POSTS and scope.holds(token.scope_path)
    )


@action(
    "token.revoke", term=gettext_noop("停用接口令牌"), may=may_revoke_token, journal="token.revoked"
)
def revoke_token(*, token: ApiToken, by: User) -> ApiToken:
    """Make a token open nothing from now on."""
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    if not changed:
        raise Refused("token.revoked", _("这个令牌已经停用"))
    token.refresh_from_db()
    write_journal("token.revoked", about=token, text=token.name, by=by)
    return token


def revoke_tokens(rows: QuerySet[ApiToken], ending: Ending) -> None:
    """Make the tokens of a post that ends open nothing from now on."""
    tokens = list(rows)
    rows.update(revoked_at=timezone.now())
    for token in tokens:
        write_journal("token.revoked", about=token, text=token.name, by=ending.by)


def is_own_account(*, user: User, by: User) -> bool:
    """Everybody for themselves."""
    return user.pk == by.pk


@action(
    "user.sign_out_everywhere",
    term=gettext_noop("在所有设备退出"),
    may=is_own_account,
    journal="user.signed_out_everywhere",
)
def sign_out_everywhere(*, user: User, tokens: Sequence[ApiToken], by: User) -> int:
    """End every session of one's own, forget every known device, and stop the chosen tokens."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    stopped = [token for token in tokens if token.post.user_id == user.pk]
    for token in stopped:
        # As the post it was issued for, which may be another than the one that is worked in.
        with use_scope(scope_of(user, today(), post_id=token.post_id)):
            revoke_token(token=token, by=by)
    paths = current_scope().paths
    write_journal(
        "user.signed_out_everywhere",
        about=user,
        data={"tokens": len(stopped)},
        scope_path=paths[0] if paths else "",
        by=by,
    )
    return len(stopped)
