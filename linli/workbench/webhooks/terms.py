"""The words of webhooks: where a message to them stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

TEST = "webhook.test"


class WebhookDeliveryState(TextChoices):
    """Where one message to one program stands."""

    QUEUED = "queued", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("对方已收到")
    FAILED = "failed", _("未送达")
    UNKNOWN = "unknown", _("不清楚是否送达")


class StopReason(TextChoices):
    """Why nothing is sent any more."""

    BY_HAND = "by_hand", _("已停用")
    GONE = "gone", _("对方回答不再接收（410）")
    FAILING = "failing", _("连续3天没有送达，已自动停用")
