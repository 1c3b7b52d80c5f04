"""Rules and alerts as people read them: one sentence, a list, a record of how it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.alerts import rules, sources
from linli.capabilities.alerts.models import Advisory, Alert, AlertRule
from linli.capabilities.alerts.queries.evaluate import condition_of
from linli.capabilities.alerts.terms import (
    LIVE,
    AdvisoryKind,
    AlertState,
    ThresholdSide,
    Until,
    When,
)
from linli.core.fields import EVERYONE, Dictionary
from linli.core.scope import current_scope, one_or_not_found, path_q
from linli.register.facilities.terms import DutyKind
from linli.register.posts.terms import Role
from linli.workbench.conditions.disclosure import known, may_know
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.places import NamesInScope
from linli.workbench.conditions.text import text_writer
from linli.workbench.read_budget.actions import note_read
from linli.workbench.tasks.models import Task


def rules_here(called: str = "") -> QuerySet[AlertRule]:
    """Return the rules that raise alerts in the scope: its own and those of the places above.

    A post that sees no care data knows only the rules that alert it, and nobody knows of a rule
    that asks what they may not ask: its name alone would tell. ``called`` looks for a name.
    """
    alert_rules: QuerySet[AlertRule] = AlertRule.objects.select_related("place")
    if called:
        alert_rules = alert_rules.filter(name__icontains=called)
    role = current_scope().role
    if role in rules.SEES_OWN:
        alert_rules = alert_rules.filter(role=role)
    alert_rules = known(alert_rules, "condition", "field", "other", of=_may_know)
    return alert_rules.order_by("-is_on", "name", "pk")


def _may_know(row: Mapping[str, Any]) -> bool:
    return may_know(row["condition"], counts_from=[row["field"], row["other"]])


def rule_or_not_found(pk: int) -> AlertRule:
    """Return one rule that raises alerts in the scope."""
    alert_rule: AlertRule = one_or_not_found(rules_here(), pk=pk)
    return alert_rule


def alerts() -> QuerySet[Alert]:
    """Return the alerts of the scope, of the rules that the reader may know of."""
    rows: QuerySet[Alert] = Alert.objects.filter(path_q(current_scope()))
    if not current_scope().everything:
        rows = rows.filter(rule__in=rules_here().order_by().values("pk"))
    return rows.select_related("rule", "place", "task").order_by("day", "pk")


def note_named(shown: Iterable[Alert]) -> None:
    """Note the people whom the alerts that are about to be shown name."""
    note_read(alert.subject_id for alert in shown if alert.subject_kind == "people.person")


def withheld(tasks: QuerySet[Task], role: str) -> list[int]:
    """Return which tasks of alerts a role may not know: their rule asks what it may not ask."""
    columns = ("task_id", "rule__condition", "rule__field", "rule__other")
    rows = Alert.objects.filter(task__in=tasks.order_by().values("pk")).values(*columns)
    return [
        row["task_id"]
        for row in rows
        if not may_know(
            row["rule__condition"], counts_from=[row["rule__field"], row["rule__other"]], role=role
        )
    ]


def alert_or_not_found(pk: int) -> Alert:
    """Return one alert of the scope."""
    alert: Alert = one_or_not_found(alerts(), pk=pk)
    return alert


def advisories_here(on: date) -> QuerySet[Advisory]:
    """Return the warnings that hold here, also those given for a place above."""
    advisories: QuerySet[Advisory] = Advisory.objects.filter(ended=False, until_on__gte=on)
    return advisories.select_related("place").order_by("from_on", "pk")


def advisory_or_not_found(pk: int) -> Advisory:
    """Return one warning given for a place of the scope: only there may it be ended."""
    advisory: Advisory = one_or_not_found(
        Advisory.objects.filter(path_q(current_scope())).select_related("place"), pk=pk
    )
    return advisory


@dataclass(frozen=True)
class Record:
    """How a rule did: alerts waiting, done, false; ``is_mostly_false`` when it says so itself."""

    live: int = 0
    done: int = 0
    false: int = 0

    @property
    def closed(self) -> int:
        """How many came to an end by a person."""
        return self.done + self.false

    @property
    def is_mostly_false(self) -> bool:
        """Is the rule wrong more often than right?"""
        return rules.is_mostly_false(closed=self.closed, false=self.false)

    @property
    def words(self) -> str:
        """Say it in one line."""
        line = _("在办%(live)s，办结%(done)s，误报%(false)s")
        line %= {"live": self.live, "done": self.done, "false": self.false}
        return line + "。" + _("误报过半，请改条件或停用") if self.is_mostly_false else line


def record_of(found: QuerySet[AlertRule] | list[AlertRule]) -> dict[int, Record]:
    """Return how each rule did, counted over the alerts that the reader may see."""
    rows = (
        alerts()
        # Grouping cannot carry the joined columns that a list shows.
        .select_related(None)
        .filter(rule__in=[one.pk for one in found])
        .order_by()
        .values("rule")
        .annotate(
            live=Count("pk", filter=Q(state__in=LIVE)),
            done=Count("pk", filter=Q(state=AlertState.DONE)),
            false=Count("pk", filter=Q(state=AlertState.FALSE)),
        )
    )
    return {row["rule"]: Record(row["live"], row["done"], row["false"]) for row in rows}


def explained(rule: AlertRule) -> str:
    """Say a rule in one Chinese sentence."""
    role = str(Role(rule.role).label)
    sentence = _("%(what)s，吹哨给%(role)s：“%(message)s”") % {
        "what": _what(rule),
        "role": role,
        "message": rule.message,
    }
    if rule.when in (When.DATE, When.DUTY) and rule.past:
        sentence += _("；已过期的也吹")
    if rule.repeat:
        until = str(Until(rule.until).label)
        sentence += _("；每%(n)s天提醒一次，%(until)s") % {"n": rule.repeat, "until": until}
    return sentence + "。"


def _what(rule: AlertRule) -> str:
    words = dictionary()
    place = rule.place.name
    if rule.when == When.SOURCE:
        return _("%(place)s里，%(what)s") % {
            "place": place,
            "what": _(sources.SOURCES[rule.source].words),
        }
    who = _who(rule, words)
    filled = {"place": place, "who": who, "days": rule.days, "lead": rule.lead}
    match rule.when:
        case When.DATE:
            filled["date"] = _(words.field(rule.subject, rule.field).label)
            if rule.years:
                filled["date"] += _("满%(n)s年") % {"n": rule.years}
            if rule.months:
                filled["date"] += _("（每%(n)s个月一次）") % {"n": rule.months}
            if rule.lead:
                return _("%(place)s里，%(who)s在%(date)s前%(lead)s天") % filled
            return _("%(place)s里，%(who)s到%(date)s那天") % filled
        case When.DUTY:
            filled["duty"] = DutyKind(rule.duty).label if rule.duty else _("每一种周期事项")
            return _("%(place)s里，%(who)s的%(duty)s到期前%(lead)s天，按各自的周期") % filled
        case When.SILENCE:
            filled["date"] = _(words.field(rule.subject, rule.field).label)
            return _("%(place)s里，%(who)s超过%(days)s天没有“%(date)s”") % filled
        case When.THRESHOLD:
            filled |= {"side": ThresholdSide(rule.side).label, "n": rule.number}
            return _("%(place)s里，%(who)s合起来%(side)s%(n)s") % filled
        case When.DISAGREE:
            filled["one"] = _(words.field(rule.subject, rule.field).label)
            filled["other"] = _(words.field(rule.subject, rule.other).label)
            return _("%(place)s里，%(who)s的“%(one)s”和“%(other)s”不一致") % filled
        case When.SIGNAL:
            filled["signal"] = AdvisoryKind(rule.advisory).label
            return _("%(place)s发出%(signal)s时，对%(who)s") % filled
    return _("%(place)s里，出现%(who)s") % filled


def _who(rule: AlertRule, words: Dictionary) -> str:
    label = _(words.subject(rule.subject).label)
    condition = condition_of(rule, words)
    if condition.where == EVERYONE and not condition.unread:
        return _("每个%(label)s") % {"label": label}
    said = text_writer.said_of(condition, words, NamesInScope())
    return _("%(said)s的%(label)s") % {"said": said, "label": label}
