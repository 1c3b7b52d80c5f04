"""The words of lists that are brought."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ListState(TextChoices):
    """How far a list is."""

    LOOKED_AT = "looked", _("待受理")
    TAKING = "taking", _("正在受理")
    TAKEN = "taken", _("已受理")
    DROPPED = "dropped", _("已放弃")


class Dispatch(TextChoices):
    """Which cases of a list are handed out at once, by order of whoever brought it."""

    NONE = "", _("先不分派，都留在待分派")
    SURE = "sure", _("分类有把握的，直接分派")
    ALL = "all", _("全部直接分派")


class HotlineRowOutcome(TextChoices):
    """What becomes of a row."""

    NEW = "new", _("新来件")
    TAKEN = "taken", _("已经收过")
    DOUBLE = "double", _("表里重复")
    BAD = "bad", _("要先改正")
