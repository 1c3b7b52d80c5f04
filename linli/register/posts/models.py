"""Users and the posts they hold."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from linli.core.database.withheld_columns import WithheldCharField
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.places.models import Place
from linli.register.posts.terms import Role


def new_session_mark() -> str:
    """Return a mark nobody has had before."""
    return secrets.token_hex(16)


class User(AbstractUser):
    """Somebody who signs in. What they may see and do comes from their posts alone."""

    # Sign-in itself (last_login, password changes by allauth) writes here and is no action.
    writes_are_actions = False

    password = WithheldCharField(_("密码"), max_length=128)
    # Changes with the password, so that a new one ends every session; nobody guesses from it.
    session_mark = models.CharField(max_length=32, default=new_session_mark, editable=False)
    name = models.CharField(_("姓名"), max_length=40)
    language = models.CharField(_("语言"), max_length=8, blank=True)
    # Grows when somebody signs out everywhere: sessions and known devices hold the old number.
    sign_outs = models.PositiveIntegerField(default=0, editable=False)
    # Which of the first week's steps they opened, and whether they folded these away; None: they
    # came before their office was led through them, or long after.
    first_week = models.JSONField(null=True, editable=False)
    must_change_password = models.BooleanField(_("须改密码"), default=False)

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Set another password: sessions and known devices hold the old mark."""
        super().set_password(raw_password)
        self.session_mark = new_session_mark()

    def save(self, **kwargs: Any) -> None:
        """Store the mark whenever the password is stored."""
        fields = kwargs.get("update_fields")
        if fields is not None and "password" in fields:
            kwargs["update_fields"] = {*fields, "session_mark"}
        super().save(**kwargs)

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        salt = "linli.register.posts.User.session"
        hashed = salted_hmac(salt, self.session_mark, secret=secret, algorithm="sha256")
        return f"{hashed.hexdigest()}{self.sign_outs or ''}"


class Post(ScopedModel):
    """A user holds a role at a place, from a day to a day (岗位)."""

    user = ScopedForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("任职人"),
    )
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="posts",
        verbose_name=_("范围"),
        follows="equal",
    )
    title = models.CharField(_("岗位名称"), max_length=60, blank=True)
    from_date = models.DateField(_("开始"))
    to_date = models.DateField(_("结束"), null=True, blank=True)
    # A leaver is out at once, not at the end of the day.
    ended_at = models.DateTimeField(_("离岗时间"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("岗位")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="post_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title or f"{self.place.name} · {self.get_role_display()}"


class SecondFactorReset(ScopedModel):
    """Somebody's lost second factor: one asks for it to be taken away, a second confirms."""

    user = ScopedForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="second_factor_resets",
        verbose_name=_("谁的"),
    )
    reason = models.CharField(_("原因"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("第二道验证重设")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return str(self.user)


class ApiToken(ScopedModel):
    """A key with which a program works in one post; only its hash is kept."""

    post = ScopedForeignKey(Post, on_delete=models.PROTECT, related_name="tokens", follows="equal")
    name = models.CharField(_("名称"), max_length=60)
    purpose = models.CharField(_("用途"), max_length=120)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    tail = models.CharField(max_length=4, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("到期"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("接口令牌")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name
