"""What rules do by themselves: every five minutes at what changed, once a week at everything."""

from __future__ import annotations

from linli.capabilities.alerts.runner import run_rules


def raise_alerts() -> int:
    """Run every rule; return how often it raised an alert.

    From Sunday on each looks once from nothing, so that what no change announced is found within
    a week; a rule whose whole look was cut off does it again.
    """
    return run_rules(weekly=True).raised
