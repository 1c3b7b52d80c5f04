"""Alerts, rules and warnings end with what they are about."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.capabilities.alerts.actions import clear_alert, end_advisory, switch_off
from linli.capabilities.alerts.models import Advisory, Alert, AlertRule
from linli.capabilities.alerts.rules import LONGEST_REASON
from linli.capabilities.alerts.terms import AlertState
from linli.core.endings import Ending
from linli.core.time import today


def clear_alerts(rows: QuerySet[Alert], ending: Ending) -> None:
    """Clear them with the reason; a rule that finds the same again raises it again."""
    reason = ending.reason[:LONGEST_REASON]
    for alert in rows.select_related("task", "place", "rule"):
        clear_alert(alert=alert, state=AlertState.CLEARED, reason=reason, on=today(), by=ending.by)


def switch_rules_off(rows: QuerySet[AlertRule], ending: Ending) -> None:
    """Switch off the rules of a place that is withdrawn."""
    for rule in rows:
        switch_off(rule=rule, by=ending.by)


def end_advisories(rows: QuerySet[Advisory], ending: Ending) -> None:
    """End the warnings that were given for a place that is withdrawn."""
    for advisory in rows.select_related("place"):
        end_advisory(advisory=advisory, by=ending.by)
