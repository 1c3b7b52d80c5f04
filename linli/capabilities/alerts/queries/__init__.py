"""What rules find, what they would have found, and how they do."""

from linli.capabilities.alerts.queries.backtest import Trial, trial
from linli.capabilities.alerts.queries.evaluate import Due, Look, find, subject_label
from linli.capabilities.alerts.queries.presenters import (
    Record,
    explained,
    note_named,
    occasion_or_not_found,
    occasions,
    record_of,
    rule_or_not_found,
    rules_here,
    signal_or_not_found,
    signals_here,
    withheld,
)

__all__ = [
    "Due",
    "Look",
    "Record",
    "Trial",
    "explained",
    "find",
    "note_named",
    "occasion_or_not_found",
    "occasions",
    "record_of",
    "rule_or_not_found",
    "rules_here",
    "signal_or_not_found",
    "signals_here",
    "subject_label",
    "trial",
    "withheld",
]
