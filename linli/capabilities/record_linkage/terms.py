"""Named choices of record linkage, with their Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Bucket(TextChoices):
    """Where a row of the list lies after matching."""

    SURE = "sure", _("认准的")
    DECIDE = "decide", _("要您判断")
    NEW = "new", _("底册里没有")
    ELSEWHERE = "elsewhere", _("不归您的范围")
    UNUSABLE = "unusable", _("不能合并")


class LinkageState(TextChoices):
    """How far a linkage run has come."""

    READ = "read", _("已读入，待核对列")
    MATCHING = "matching", _("正在比对")
    MATCHED = "matched", _("已比对，待处理")
    APPLYING = "applying", _("正在写入")
    APPLIED = "applied", _("已写入底册")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    DROPPED = "dropped", _("已放弃")


class DifferenceChoice(TextChoices):
    """What becomes of one difference."""

    THEIRS = "theirs", _("用名单的")
    OURS = "ours", _("留底册的")
    LATER = "later", _("以后再说")


class RowAnswer(TextChoices):
    """What somebody said about a row that only a person can decide, or about somebody new."""

    OPEN = "", _("还没判断")
    SAME = "same", _("是同一个人")
    NEW = "new", _("是新人")
    LEAVE = "leave", _("这行不处理")


class WriteOutcome(TextChoices):
    """What became of a chosen difference when the register was written."""

    WRITTEN = "written", _("已写入")
    CHANGED_SINCE = "changed", _("比对之后底册又有修改，没有写入")
