"""The alerts that wait, counted by rule and day; and the list that each number opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.queries.presenters import rules_here
from linli.capabilities.alerts.terms import LIVE


@dataclass
class RuleDays:
    """How many alerts of one rule wait on which day."""

    rule: int
    name: str
    by_day: dict[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AlertStrip:
    """What lies in the period, by rule, and how many alerts lie beside it."""

    rows: list[RuleDays]
    before: int
    after: int
    undated: int


def alert_strip(readable: QuerySet[Alert], first: date, last: date) -> AlertStrip:
    """Count the alerts that wait in one question: by rule and day."""
    counted = (
        readable
        # Grouping cannot carry the joined columns that a list shows.
        .select_related(None)
        .filter(state__in=LIVE)
        .order_by()
        .values_list("rule_id", "rule__name", "day")
        .annotate(n=Count("pk"))
    )
    rows: dict[int, RuleDays] = {}
    before = after = undated = 0
    for rule, name, day, n in counted:
        if day is None:
            undated += n
        elif day < first:
            before += n
        elif day > last:
            after += n
        else:
            rows.setdefault(rule, RuleDays(rule, name)).by_day[day] = n
    soonest = sorted(rows.values(), key=lambda row: (min(row.by_day), row.name))
    return AlertStrip(soonest, before, after, undated)


@dataclass(frozen=True)
class Narrowed:
    """What the address asks a list of alerts to be narrowed down to."""

    rule: int | None = None
    first: date | None = None
    last: date | None = None
    undated: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> Narrowed:
        """Read an address; what it does not understand narrows nothing."""
        rule = str(asked.get("rule", ""))
        return cls(
            int(rule[:15]) if rule.isdecimal() else None,
            _day(asked.get("from", "")),
            _day(asked.get("to", "")),
            asked.get("undated") == "1",
        )

    def of(self, rows: QuerySet[Alert]) -> QuerySet[Alert]:
        """Return the rows that are meant."""
        if self.rule is not None:
            rows = rows.filter(rule=self.rule)
        if self.first is not None:
            rows = rows.filter(day__gte=self.first)
        if self.last is not None:
            rows = rows.filter(day__lte=self.last)
        return rows.filter(day__isnull=True) if self.undated else rows

    @property
    def words(self) -> list[str]:
        """Say it, as far as the reader may know of the rule."""
        said = []
        if self.rule is not None:
            rule = rules_here().filter(pk=self.rule).first()
            said.append(rule.name if rule else _("没有这条规则"))
        if self.first or self.last:
            days = [f"{day:%m-%d}" if day else "" for day in (self.first, self.last)]
            said.append("–".join(days))
        return [*said, _("没有日子的")] if self.undated else said


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None
