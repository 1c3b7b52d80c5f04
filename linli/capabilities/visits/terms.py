"""Ways to visit, states, great changes and feelings, with their words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# The kinds of tasks.
VISIT, AT_ONCE = "visits.visit", "visits.at_once"
PROMISE, ASK, MANY_FRAIL = "visits.promise", "visits.ask", "visits.many_frail"
DISPUTED, TELL = "visits.disputed", "visits.tell"
TELL_FAMILY = "visits.tell_family"  # what was promised to somebody who has died


class VisitWay(TextChoices):
    """How somebody was visited: all of them count."""

    DOOR = "door", _("上门见到")
    PHONE = "phone", _("打电话")
    MESSAGE = "message", _("发消息")
    NEIGHBOUR = "neighbour", _("邻居见到")


# What a look of one's own is: a plan may ask that somebody has seen the resident.
IN_PERSON = (VisitWay.DOOR, VisitWay.NEIGHBOUR)


class VisitState(TextChoices):
    """Where a visit stands."""

    PLANNED = "planned", _("要去")
    DONE = "done", _("去过")
    STOPPED = "stopped", _("不用去了")
    # Neither counts as made: what the resident says of it stands until it is looked into.
    DISPUTED = "disputed", _("居民说没来过")
    NOT_MADE = "not_made", _("查明没去")


DENIED = (VisitState.DISPUTED, VisitState.NOT_MADE)


class LossOfAbility(TextChoices):
    """What happened that cannot wait for the next turn."""

    BEREAVED = "bereaved", _("家人去世")
    FRAIL = "frail", _("刚失能")
    TOLD = "told", _("有人说起")
    DISPUTED = "disputed", _("居民说没来过")


class PromiseState(TextChoices):
    """Where a promise stands."""

    OPEN = "open", _("等着兑现")
    KEPT = "kept", _("已兑现")
    BROKEN = "broken", _("没做到")
    WITHDRAWN = "withdrawn", _("不需要了")


class FeedbackState(TextChoices):
    """Where a question about a visit or a promise stands."""

    OPEN = "open", _("等回答")
    ANSWERED = "answered", _("已回答")
    DECLINED = "declined", _("不想说")
    EXPIRED = "expired", _("没有回音")


class Rating(TextChoices):
    """Three faces."""

    GOOD = "good", _("暖心")
    SO_SO = "so_so", _("一般")
    BAD = "bad", _("不舒服")


class Finding(TextChoices):
    """What came out when a resident had said that nobody came, or that nothing was done."""

    TOOK_PLACE = "yes", _("确实去过、做过")
    NOT = "no", _("没去、没做")
    MISTAKEN = "mistaken", _("记错了人")


class AnsweredBy(TextChoices):
    """Whose feeling it is."""

    SELF = "self", _("本人")
    HELPER = "helper", _("照顾的人")
