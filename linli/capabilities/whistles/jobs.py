"""What rules do by themselves: every night at everything, in between at what changed."""

from __future__ import annotations

from linli.capabilities.whistles.models import WhistleRule
from linli.capabilities.whistles.running import Went, run_rules
from linli.core.scope import system_scope
from linli.core.time import today


def whistle() -> int:
    """Run every rule; return how often it whistled.

    On Sundays from nothing, so that what no change announced is found within a week.
    """
    on = today()
    with system_scope("has today been looked at from nothing"):
        done = WhistleRule.objects.filter(is_on=True, seen_on=on).exists()
    went: Went = run_rules(on=on, whole=on.isoweekday() == 7 and not done)
    return went.blown
