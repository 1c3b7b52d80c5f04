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
    "RuleHit",
    "Look",
    "Record",
    "Trial",
    "explained",
    "find",
    "note_named",
    "alert_or_not_found",
    "alerts",
    "record_of",
    "rule_or_not_found",
    "rules_here",
    "advisory_or_not_found",
    "advisories_here",
    "subject_label",
    "trial",
    "withheld",
]
