"""A process that runs the rules, to be killed while it does: see test_killed.py.

``prepare`` makes the installation of LINLI_DATA with many lifts due; ``run`` says "go" and runs;
``careless`` runs without the occasion key.
"""

from __future__ import annotations

import itertools
import os
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
LIFTS = 40


def prepare() -> None:
    """Make the database, the town, its lifts and the rule."""
    from linli.capabilities.alerts.tests.builders import a_rule, a_watched_town
    from linli.core.scope import system_scope
    from linli.core.time import today
    from linli.register.facilities.actions import NewFacility, add_facilities
    from tests import prepared
    from tests.people import by_the_system

    with by_the_system():
        prepared.migrate()
    town = a_watched_town()
    due: date = today() + timedelta(days=20)
    new = [
        NewFacility(town.building("1"), "电梯", f"{n}号梯", next_inspection_on=due)
        for n in range(LIFTS)
    ]
    with system_scope("test"):
        add_facilities(facilities=new, by=None)
    a_rule(town.community)


def run() -> None:
    """Run as the worker does."""
    from linli.capabilities.alerts.runner import run_rules

    run_rules()


def careless() -> None:
    """Run without the occasion key: the way that doubles. The negative control."""
    from linli.capabilities.alerts import runner

    raise_alert, numbers = runner.actions.raise_alert, itertools.count(os.getpid() * 1000)

    def without_a_key(*, due: Any, **given: Any) -> Any:
        return raise_alert(due=replace(due, key=f"{due.key}#{next(numbers)}"), **given)

    runner.actions.raise_alert = without_a_key  # type: ignore[assignment]
    runner._RuleRun._settled = lambda _run, _due, _before: False  # type: ignore[method-assign]
    runner.run_rules()


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] in ("run", "careless"):
        print("go", flush=True)
    {"prepare": prepare, "run": run, "careless": careless}[sys.argv[1]]()
