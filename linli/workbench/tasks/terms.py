"""The states of a task and their words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

FOLLOW_UP = "journal.follow_up"  # the kind of task that a note asks for


class Danger(TextChoices):
    """What threatens somebody's life: counted in minutes, red, on top of every list."""

    TRAPPED = "trapped", _("困人")
    GAS = "gas", _("燃气")
    FIRE = "fire", _("火情")
    LIFE = "life", _("人身危险")


class TaskState(TextChoices):
    """Where a task stands."""

    OPEN = "open", _("待接")
    ACCEPTED = "accepted", _("办理中")
    DONE = "done", _("已办")
    REFUSED = "refused", _("已退回")
    CANCELLED = "cancelled", _("已取消")


UNFINISHED = (TaskState.OPEN, TaskState.ACCEPTED)


class TaskEvent(TextChoices):
    """What listeners of a kind of task hear."""

    ACCEPTED = "accepted", _("接办")
    REFUSED = "refused", _("退回")
    HANDED_OVER = "handed_over", _("转办")
    DONE = "done", _("办结")
    CANCELLED = "cancelled", _("取消")
    REOPENED = "reopened", _("撤销办结")
    RECOUNTED = "recounted", _("重算期限")
