"""Whose time is over, who is held, what was deleted, and the keys that must not come back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.people.models import Person


def _user(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class DuePerson(ScopedModel):
    """Somebody on the list of those whose time is over soon, and since when (到期名单)."""

    person = ScopedForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", follows="equal", verbose_name=_("居民")
    )
    left_on = models.DateField(_("迁出或去世日期"))
    kept_until = models.DateField(_("保存到"), db_index=True)
    shown_on = models.DateField(_("公布日期"))
    asked_on = models.DateField(_("本人要求删除的日期"), null=True, blank=True)
    error_text = models.CharField(_("上次没删成"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("到期名单")
        ordering = ["kept_until", "pk"]
        constraints = [models.UniqueConstraint(fields=["person"], name="due_once")]

    def __str__(self) -> str:
        return str(self.kept_until)


class Hold(ScopedModel):
    """Deletion of somebody's data waits, by somebody's decision, until a day (暂缓删除)."""

    person = ScopedForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", follows="equal", verbose_name=_("居民")
    )
    reason = models.CharField(_("理由"), max_length=200)
    until = models.DateField(_("到哪天"))
    by = _user(_("谁"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lifted_by = _user(_("谁解除的"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("暂缓删除")
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return self.reason


class Certificate(ScopedModel):
    """That data was deleted, without a word of it: when, by which rule, how much (删除证明).

    Open while a run is under way or the places where the data stood are not all clean yet.
    """

    scope_reach = "above"

    begun_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("完成"), null=True, blank=True)
    rule = models.CharField(_("规则"), max_length=200)
    rule_since = models.CharField(_("规则版本"), max_length=10)
    people = models.PositiveIntegerField(_("人数"), default=0)
    rows = models.JSONField(_("各表行数"), default=dict)
    digest = models.CharField(_("摘要"), max_length=64, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("删除证明")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                # A run that was cut off is gone on with, never begun beside.
                fields=["scope_path"],
                condition=models.Q(ended_at__isnull=True),
                name="certificate_one_open",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeletedKey(ScopedModel):
    """One deleted person as a salted hash of their key: proves it, and keeps them from coming back.

    Without a certificate it was taken over from the list beside the database, after a restore.
    """

    scope_reach = "above"

    certificate = ScopedForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="keys", follows="free"
    )
    salt = models.CharField(max_length=32)
    hash = models.CharField(max_length=64, unique=True)
    rows = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        verbose_name = _("已删除的键")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.hash
