"""Whether a rule can work: its condition, its date, its numbers, and what its post may see."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.capabilities.alerts import rules
from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries.evaluate import condition_of, date_field
from linli.capabilities.alerts.queries.post_access import seen_by_the_post
from linli.capabilities.alerts.sources import SOURCES
from linli.capabilities.alerts.terms import AdvisoryKind, ThresholdSide, When
from linli.core.errors import Refused
from linli.register.facilities.terms import DutyKind
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.own_fields import dictionary

# The earliest of several duties: a rule on it would not see the others.
OF_DUTIES = ("next_inspection_on", "next_duty_on")


def checked(rule: AlertRule) -> AlertRule:
    """Refuse a rule that cannot work, with what to change."""
    if not rule.name.strip() or len(rule.name) > rules.LONGEST_NAME:
        raise Refused("alert.name", _("请给规则起个名字，最多40个字"), "name")
    if not rule.message.strip() or len(rule.message) > rules.LONGEST_MESSAGE:
        raise Refused("alert.message", _("请写明吹哨时说什么，最多100个字"), "message")
    if rule.role not in rules.MAY_READ:
        raise Refused("alert.role", _("请选由谁来办"), "role")
    if not 0 <= rule.repeat <= rules.MOST_REPEAT:
        raise Refused("alert.repeat", _("提醒间隔在0到365天之间"), "repeat")
    if rule.when not in When.values:
        raise Refused("alert.when", _("请选何时吹哨"), "when")
    if rule.when == When.SOURCE:
        if rule.source not in SOURCES:
            raise Refused("alert.source", _("没有这种发现"), "source")
        return rule
    words = dictionary()
    condition = conditions.check(condition_of(rule, words))
    rule.condition = conditions.condition_json(condition)
    seen_by_the_post(rule)
    _numbers(rule)
    return rule


def _numbers(rule: AlertRule) -> None:
    match rule.when:
        case When.DATE:
            date_field(rule, dictionary())
            if not 0 <= rule.lead <= rules.MOST_LEAD:
                raise Refused("alert.lead", _("提前天数在0到730之间"), "lead")
            if rule.subject == "facility" and rule.field in OF_DUTIES:
                raise Refused(
                    "alert.duty",
                    _("设施的检验和检查请选“周期事项到期”"),
                    "when",
                    _("每一项按自己的周期看，一项过期了不会挡住别的。"),
                )
        case When.DUTY:
            if rule.subject != "facility":
                raise Refused("alert.duty_of", _("周期事项只有设施有"), "subject")
            if rule.duty not in ("", *DutyKind.values):
                raise Refused("alert.duty_kind", _("请选哪种事项"), "duty")
            if not 0 <= rule.lead <= rules.MOST_LEAD:
                raise Refused("alert.lead", _("提前天数在0到730之间"), "lead")
        case When.SILENCE:
            date_field(rule, dictionary())
            if not 1 <= rule.days <= rules.MOST_SILENCE:
                raise Refused("alert.days", _("天数在1到3650之间，不能是0"), "days")
        case When.THRESHOLD if rule.side not in ThresholdSide.values:
            raise Refused("alert.side", _("请选超过还是少于"), "side")
        case When.DISAGREE if rule.field == rule.other:
            raise Refused("alert.compare", _("请选两个不同的字段"), "other")
        case When.SIGNAL if rule.advisory not in AdvisoryKind.values:
            raise Refused("alert.issue_advisory", _("请选哪种预警"), "advisory")
