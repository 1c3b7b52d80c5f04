"""The words of cases: how they come in, where they stand, how they end."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

HANDLE = "cases.handle"  # the kind of task of whoever handles a case
DISPATCH = "cases.dispatch"  # of whoever hands out what is new, refused or reopened
ANSWER = "cases.answer"  # of whoever tells the reporters what was done


class CaseChannel(TextChoices):
    """How a case came in."""

    PHONE = "phone", _("电话")
    DOOR = "door", _("上门")
    HOTLINE = "hotline", _("12345热线")
    PAGE = "page", _("居民自己提交")
    CHAT = "chat", _("微信群")
    MEETING = "meeting", _("会议")
    OPEN311 = "open311", _("Open311接口")


class CaseState(TextChoices):
    """Where a case stands."""

    RECEIVED = "received", _("待分派")
    ASSIGNED = "assigned", _("待接办")
    ACCEPTED = "accepted", _("已接办")
    IN_HAND = "in_hand", _("办理中")
    HANDLED = "handled", _("已办待答复")
    ANSWERED = "answered", _("已答复待确认")
    CLOSED = "closed", _("已结")


class CaseOutcome(TextChoices):
    """How a case ended. Each is counted by itself; only FIXED is fixed."""

    FIXED = "fixed", _("居民确认解决")
    UNCONFIRMED = "unconfirmed", _("已办结，未经确认")
    CANNOT = "cannot", _("办不了，已说明原因")
    NOT_OURS = "not_ours", _("不归本街道，已转交")
    WITHDRAWN = "withdrawn", _("居民撤回")
    MERGED = "merged", _("并入另一件")


class AnswerKind(TextChoices):
    """What an answer says."""

    HANDLED = "handled", _("办好了")
    CANNOT = "cannot", _("办不了")
    NOT_OURS = "not_ours", _("不归我们，已转交")


class HandlingState(TextChoices):
    """Where one party's share of a case stands."""

    ASSIGNED = "assigned", _("待接办")
    ACCEPTED = "accepted", _("办理中")
    REFUSED = "refused", _("已退回")
    DONE = "done", _("已办")
    CANCELLED = "cancelled", _("已取消")


class Verdict(TextChoices):
    """What the person who reported says."""

    FIXED = "fixed", _("解决了")
    NOT_FIXED = "not_fixed", _("没解决")


class WantsAnswer(TextChoices):
    """How somebody wants to hear back."""

    PAGE = "page", _("自己凭编号查")
    PHONE = "phone", _("打电话")
    SMS = "sms", _("发短信")
    NONE = "none", _("不用答复")


class ReporterConsent(TextChoices):
    """With what consent somebody reports for another (N4)."""

    SPOKEN = "spoken", _("本人口头同意")
    WRITTEN = "written", _("本人书面同意")
    GUARDIAN = "guardian", _("监护人代办")
    URGENT = "urgent", _("情况紧急，来不及征得同意")


OPEN_STATES = tuple(state for state in CaseState.values if state != CaseState.CLOSED)
WORKING = (CaseState.ASSIGNED, CaseState.ACCEPTED, CaseState.IN_HAND)
IN_DANGER = (CaseState.RECEIVED, *WORKING)  # until it is dealt with
ACTIVE_HANDLINGS = (HandlingState.ASSIGNED, HandlingState.ACCEPTED)


class ProgramEvent(TextChoices):
    """What happened to a case, as programs are told."""

    RECEIVED = "case.received", _("收到办件")
    ASSIGNED = "case.assigned", _("已分派")
    ACCEPTED = "case.accepted", _("已接办")
    REFUSED = "case.refused", _("被退回")
    HANDLED = "case.handled", _("已办好")
    ANSWERED = "case.answered", _("已答复")
    CLOSED = "case.closed", _("已结案")
    REOPENED = "case.reopened", _("重开")
