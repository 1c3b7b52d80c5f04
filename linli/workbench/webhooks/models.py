"""Who hears of cases, and every message to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.network.success_rule import SuccessRule
from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.workbench.webhooks.signing import new_id, new_secret
from linli.workbench.webhooks.terms import StopReason, WebhookDeliveryState


class Webhook(ScopedModel):
    """An address of another program that hears what happens to the cases of a place.

    The whole address is sealed: many carry a key of their own.
    """

    name = models.CharField(_("名称"), max_length=60)
    url = EncryptedText(_("地址"))
    host = models.CharField(_("主机"), max_length=255)
    secret = EncryptedText(_("密钥"), default=new_secret)
    # By what item of the answer it says that it has the message; empty: by its status, 2xx.
    success_path = models.CharField(_("回答的哪一项"), max_length=80, blank=True)
    success_values = models.CharField(_("等于什么算送达"), max_length=80, blank=True)
    events: Any = models.JSONField(_("事件"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("添加"), auto_now_add=True)
    is_active = models.BooleanField(_("在用"), default=True)
    stopped_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    stop_reason = models.CharField(_("停用原因"), max_length=8, choices=StopReason, blank=True)
    failing_since = models.DateTimeField(_("从何时起未送达"), null=True, blank=True)
    received_at = models.DateTimeField(_("最近送达"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("事件推送")
        ordering = ["-is_active", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def success_rule(self) -> SuccessRule | None:
        """By what an answer says that the message was received; None: by its status alone."""
        path = self.success_path
        return SuccessRule(path, self.success_values) if path else None


class WebhookDelivery(ScopedModel):
    """One message to one program: written with what happened, sent afterwards."""

    webhook = ScopedForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", follows="equal"
    )
    message_id = models.CharField(_("编号"), max_length=40, unique=True, default=new_id)
    event = models.CharField(_("事件"), max_length=40)
    body = models.TextField(_("内容"))
    state = models.CharField(
        _("状态"), max_length=8, choices=WebhookDeliveryState, default=WebhookDeliveryState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(_("发过几次"), default=0)
    made_at = models.DateTimeField(_("写下"), auto_now_add=True)
    next_at = models.DateTimeField(_("下次发送"), db_index=True)
    claimed_at = models.DateTimeField(_("开始发送"), null=True, blank=True)
    ended_at = models.DateTimeField(_("了结"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("回答"), default=0)
    error_text = models.CharField(_("问题"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("推送记录")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="delivery_due")]

    def __str__(self) -> str:
        return self.message_id
