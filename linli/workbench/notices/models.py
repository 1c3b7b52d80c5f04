"""Notices, one delivery for each recipient, texts kept for reuse, and channels."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.core.network.success_rule import SuccessRule
from linli.core.personal_data.crypto import EncryptedText
from linli.core.personal_data.masking import mask_phone
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.people.models import Person
from linli.workbench.notices.terms import ChannelKind, DeliveryState, NoticeState


def _user(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class Template(ScopedModel):
    """A text kept for reuse, with placeholders; whoever works below may use it."""

    scope_reach = "above"

    name = models.CharField(_("名称"), max_length=40)
    subject = models.CharField(_("标题"), max_length=60)
    text = models.TextField(_("内容"))
    by = _user(_("写的人"))
    ended = models.BooleanField(default=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("通知模板")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChannelSetting(ScopedModel):
    """A way out of the product and how it is doing; its address opens a group to anybody."""

    scope_reach = "above"

    kind = models.CharField(_("通道"), max_length=12, choices=ChannelKind)
    name = models.CharField(_("名称"), max_length=40)
    address = EncryptedText(_("地址"), blank=True)
    secret = EncryptedText(_("密钥"), blank=True)
    # By what an answer says that a message was taken; empty: as its kind usually does.
    success_path = models.CharField(_("回答的哪一项"), max_length=80, blank=True)
    success_values = models.CharField(_("等于什么算发出"), max_length=80, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)
    down_since = models.DateTimeField(_("不通自"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("下次再试"), null=True, blank=True)
    last_error = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("通知通道")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def success_rule(self) -> SuccessRule:
        """By what an answer says that a message was taken."""
        return SuccessRule(self.success_path, self.success_values)


class Notice(ScopedModel):
    """Something people are told; ``key`` makes it one, however often it is asked for."""

    key = models.CharField(max_length=120, unique=True)
    subject = EncryptedText(_("标题"))
    text = EncryptedText(_("内容"))
    subject_kind = models.CharField(_("对象类别"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("对象"), null=True, blank=True)
    condition_text = models.TextField(_("告诉谁"), blank=True)
    urgent = models.BooleanField(_("紧急"), default=False)
    confidential = models.BooleanField(_("保密"), default=False)
    is_trial = models.BooleanField(_("试发"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=NoticeState, default=NoticeState.OPEN)
    by = _user(_("发的人"))
    made_at = models.DateTimeField(_("时间"), auto_now_add=True)
    stopped_at = models.DateTimeField(_("停止时间"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("清除时间"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("通知")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="notice_subject")]


class Delivery(ScopedModel):
    """One recipient's message. ``key`` is what a gateway tells doubles by.

    ``attempt`` names the try under way: only that try may say how it ended. The token of the
    personal link is worked out from the key; here stands only its one-way index.
    """

    notice = ScopedForeignKey(
        Notice,
        on_delete=models.PROTECT,
        related_name="deliveries",
        follows="free",
        verbose_name=_("通知"),
    )
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("收件人"), max_length=60)
    phone = EncryptedText(_("手机"), blank=True)
    email = EncryptedText(_("电子邮件"), blank=True)
    user = _user(_("用户"))
    person = ScopedForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        follows="free",
        verbose_name=_("居民"),
    )
    report_key = models.CharField(max_length=64, blank=True)
    channel = models.CharField(_("通道"), max_length=12, choices=ChannelKind)
    via = ScopedForeignKey(
        ChannelSetting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        follows="free",
        verbose_name=_("群"),
    )
    subject = EncryptedText(_("标题"))
    text = EncryptedText(_("内容"))
    urgent = models.BooleanField(_("紧急"), default=False)
    confidential = models.BooleanField(_("保密"), default=False)
    by = _user(_("发的人"))
    state = models.CharField(_("状态"), max_length=12, choices=DeliveryState)
    attempt = models.CharField(max_length=32, blank=True)
    tries = models.PositiveIntegerField(_("试了几次"), default=0)
    claimed_at = models.DateTimeField(_("开始发"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    reference = models.CharField(_("回执"), max_length=80, blank=True)
    error = models.CharField(_("原因"), max_length=200, blank=True)
    token_index = models.CharField(max_length=64, unique=True)
    read_at = models.DateTimeField(_("看到时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True, blank=True)
    answer = EncryptedText(_("回复"), blank=True)
    called_by = _user(_("打电话的人"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("通知收件")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["state", "urgent"], name="delivery_state"),
            models.Index(fields=["notice", "state"], name="delivery_notice_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sending") | (~Q(attempt="") & Q(claimed_at__isnull=False)),
                name="delivery_sending_has_its_attempt",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_shown(self) -> str:
        """The number as it may be seen by anybody who may see the row."""
        return mask_phone(self.phone) if self.phone else ""
