"""The channels and states of notices and their words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChannelKind(TextChoices):
    """The way a message takes."""

    INBOX = "inbox", _("站内消息")
    SMS = "sms", _("短信")
    EMAIL = "email", _("电子邮件")
    CALL = "call", _("电话通知单")
    WECOMBOT = "wecombot", _("企业微信群机器人")
    WECOMAPP = "wecomapp", _("企业微信应用")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")


GROUPS = (ChannelKind.WECOMBOT, ChannelKind.WECOMAPP, ChannelKind.DINGTALK, ChannelKind.FEISHU)
WITH_SETTINGS = (ChannelKind.SMS, ChannelKind.EMAIL, *GROUPS)


class NoticeState(TextChoices):
    """Is a notice still going out?"""

    OPEN = "open", _("发送中")
    STOPPED = "stopped", _("已停止")


class DeliveryState(TextChoices):
    """Where one recipient's message stands; read and answered are noted beside it."""

    QUEUED = "queued", _("待发")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("没发成")
    UNKNOWN = "unknown", _("不确定")
    TO_CALL = "to_call", _("待打电话")
    REACHED = "reached", _("已打通")
    NOT_REACHED = "not_reached", _("没打通")
    STOPPED = "stopped", _("已停止")


STILL_TO_CALL = (DeliveryState.TO_CALL, DeliveryState.NOT_REACHED)
WAITING = (DeliveryState.QUEUED, DeliveryState.TO_CALL, DeliveryState.NOT_REACHED)
TOLD = (DeliveryState.SENT, DeliveryState.REACHED)
