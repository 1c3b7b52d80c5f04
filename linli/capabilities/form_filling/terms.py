"""Words of forms: where a form stands, and where the answer to a question."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

ASK, FILL = "form_filling.ask", "form_filling.fill"  # the kinds of tasks
DECIDE = "form_filling.decide"  # of whoever accepts or returns what was handed in
UNCOVERED = "form.uncovered"  # the journal's kind


class FormState(models.TextChoices):
    """Where a form to be filled stands (填表进度)."""

    READ = "read", _("待确认")
    OPEN = "open", _("填写中")
    HANDED_IN = "handed_in", _("已上交")
    ACCEPTED = "accepted", _("已收下")
    SENT_BACK = "returned", _("被退回")
    DROPPED = "dropped", _("不填了")


UNFINISHED = (FormState.READ, FormState.OPEN, FormState.SENT_BACK)


class QuestionState(models.TextChoices):
    """Where a missing value stands (缺项)."""

    OPEN = "open", _("待问")
    ANSWERED = "answered", _("已填")
    CANNOT = "cannot", _("问不到")
    DROPPED = "dropped", _("不再问")


class Cadence(models.TextChoices):
    """How often a department asks for a form."""

    ONCE = "once", _("一次")
    MONTHLY = "monthly", _("每月")
    QUARTERLY = "quarterly", _("每季")
    YEARLY = "yearly", _("每年")


class ColumnUse(models.TextChoices):
    """What a heading stands for once a worker confirmed it."""

    FIELD = "field", _("底册信息")
    ONE_OFF = "one_off", _("只为这张表问")
    LEFT = "left", _("留空手填")
    COUNT = "count", _("统计人数")
    PLACE = "place", _("地方名称")
    AUTO = "auto", _("自动编号或填单位、日期")
