"""What rules find, what they would have found, and how they do."""

from linli.capabilities.alerts.queries.backtest import Trial, trial
from linli.capabilities.alerts.queries.evaluate import Look, RuleHit, find, subject_label
from linli.capabilities.alerts.queries.presenters import (
    Record,
    advisories_here,
    advisory_or_not_found,
    alert_or_not_found,
    alerts,
    explained,
    note_named,
    record_of,
    rule_or_not_found,
    rules_here,
    withheld,
)

__all__ = [
    "Look",
    "Record",
    "RuleHit",
    "Trial",
    "advisories_here",
    "advisory_or_not_found",
    "alert_or_not_found",
    "alerts",
    "explained",
    "find",
    "note_named",
    "record_of",
    "rule_or_not_found",
    "rules_here",
    "subject_label",
    "trial",
    "withheld",
]
