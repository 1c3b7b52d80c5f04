"""What rules find, what they would have found, and how they do."""

from linli.capabilities.whistles.queries.finding import Due, Look, find, subject_label
from linli.capabilities.whistles.queries.showing import (
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
from linli.capabilities.whistles.queries.trying import Trial, trial

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
