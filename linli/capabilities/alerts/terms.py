"""When a rule raises an alert and what became of an alert, with the Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

RESPOND = "alerts.respond"  # the kind of task that an alert opens


class When(TextChoices):
    """What makes a rule alert."""

    DATE = "date", _("日期临近")
    DUTY = "duty", _("周期事项到期")
    SILENCE = "silence", _("多少天没有动静")
    HOLDS = "holds", _("情况出现")
    THRESHOLD = "threshold", _("合起来的数量越线")
    DISAGREE = "disagree", _("两处登记不一致")
    SIGNAL = "advisory", _("发出预警")
    SOURCE = "source", _("系统自己发现")


class ThresholdSide(TextChoices):
    """On which side of a number."""

    OVER = "over", _("超过")
    UNDER = "under", _("少于")


class Until(TextChoices):
    """How long an alert is repeated."""

    DONE = "done", _("直到办结")
    DAY = "day", _("直到当天")


class AdvisoryKind(TextChoices):
    """What is warned of."""

    TYPHOON = "typhoon", _("台风预警")
    HEAT = "heat", _("高温预警")
    COLD = "cold", _("寒潮预警")
    NO_HEATING = "no_heating", _("停暖停电停水")


class AlertState(TextChoices):
    """What became of an alert."""

    OPEN = "open", _("待响应")
    HEARD = "heard", _("已响应")
    DONE = "done", _("已办结")
    FALSE = "false", _("误报")
    CLEARED = "cleared", _("已消除")
    MOVED = "moved", _("改期再吹")


LIVE = (AlertState.OPEN, AlertState.HEARD)
# What a run ends by itself; with the same day or fact again it raises an alert again.
TAKEN_BACK = (AlertState.MOVED, AlertState.CLEARED, AlertState.DONE)
