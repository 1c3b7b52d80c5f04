"""Alerts: 30 rules over a register with 5,000 facilities, by change and from nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.measuring import Section, once_s, peak_mib
from bench.sections import _built, _django

FACILITIES, RULES = 5_000, 30
TRIAL_LIMIT_S = 3


def alerts() -> Section:
    """Run thirty rules at night, after one change, and from nothing; try one on a year."""
    people = int(os.environ["BENCH_PEOPLE"])
    built = _built(people)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("linli.sqlite3", "keys.json", "demo.json"):
            if (built / name).exists():
                shutil.copy(built / name, Path(folder) / name)
        os.environ["LINLI_DATA"] = folder
        _django()
        return _measured(people)


def _measured(people: int) -> Section:
    from django.core.management import call_command

    from linli.capabilities.alerts.runner import run_rules
    from linli.core.actions import writes_allowed
    from linli.core.scope import system_scope
    from linli.core.time import today

    with writes_allowed("migrations"):
        call_command("migrate", interactive=False, verbosity=0)
    section = Section(f"Alerts: {RULES} rules, {people:,} residents, {FACILITIES:,} facilities")
    with system_scope("the bench"):
        _set_up()
    first, went = once_s(run_rules)
    section.add("the first run, everything new", first, "s", note=f"{went.raised} alerts")
    whole, again = once_s(lambda: run_rules(whole=True))
    section.add("again from nothing, all known", whole, "s", note=f"{again.raised} alerts")
    night, went = once_s(lambda: run_rules(on=today() + timedelta(days=1)))
    section.add(
        "a night later, by change and by day",
        night,
        "s",
        "from nothing",
        whole,
        note=f"{went.raised} alerts",
    )
    with system_scope("the bench"):
        _change_one()
    change, went = once_s(lambda: run_rules(on=today() + timedelta(days=1)))
    section.add(
        "after one change", change, "s", "from nothing", whole, note=f"{went.raised} alerts"
    )
    with system_scope("the bench"):
        tried = sorted(_trials(), key=lambda one: -one[1])
        name, seconds, words = tried[0]
        section.add(
            f"tried on the past year, the slowest of {len(tried)} rules: {name}",
            seconds,
            "s",
            limit=TRIAL_LIMIT_S,
            note=words,
        )
        section.add("tried on the past year, the middle one", tried[len(tried) // 2][1], "s")
    section.peak_mib = peak_mib()
    return section


def _set_up() -> None:
    """Fill the facilities up to 5,000, each with its day, and switch thirty rules on."""
    from linli.capabilities.alerts.actions import save_rule, switch_on
    from linli.capabilities.alerts.library import LIBRARY
    from linli.capabilities.alerts.models import AlertRule
    from linli.core.actions import writes_allowed
    from linli.core.time import today
    from linli.register.facilities.actions import NewFacility, add_facilities
    from linli.register.facilities.models import Facility
    from linli.register.places.models import Place

    with writes_allowed("the bench: rules of the demonstration would count twice"):
        AlertRule.objects.all().update(is_on=False)
    buildings = list(Place.objects.filter(kind="building").order_by("path")[:500])
    missing = FACILITIES - Facility.objects.count()
    new = [
        NewFacility(
            buildings[n % len(buildings)],
            ("电梯", "消防设备", "储备物资")[n % 3],
            f"设施{n}",
            next_inspection_on=today() + timedelta(days=n % 365),
            expires_on=today() + timedelta(days=n % 700),
            quantity=n % 50,
            minimum=2,
        )
        for n in range(missing)
    ]
    if new:
        add_facilities(facilities=new, by=None)
    town = Place.objects.filter(kind="subdistrict").order_by("path").first()
    for n in range(RULES):
        facts: dict[str, Any] = LIBRARY[n % len(LIBRARY)].facts()
        facts |= {"key": f"bench-{n}", "name": f"{facts['name']}{n}"}
        rule = save_rule(rule=AlertRule(place=town), given=facts, by=None)
        switch_on(rule=rule, would=0, of=0, confirmed=None, by=None)


def _change_one() -> None:
    from linli.core.time import today
    from linli.register.facilities.actions import edit_facility
    from linli.register.facilities.models import Facility

    facility = Facility.objects.filter(kind="电梯").order_by("-pk").first()
    changes = {"next_inspection_on": today() + timedelta(days=20)}
    edit_facility(facility=facility, changes=changes, by=None)


def _trials() -> list[tuple[str, float, str]]:
    from linli.capabilities.alerts.library import LIBRARY
    from linli.capabilities.alerts.models import AlertRule
    from linli.capabilities.alerts.queries import trial
    from linli.core.batch_cache import batch_cache
    from linli.core.time import today

    day = today()
    made = []
    # Every rule that ships, each once.
    for n in range(len(LIBRARY)):
        rule = AlertRule.objects.select_related("place").get(key=f"bench-{n}")
        with batch_cache():
            seconds, tried = once_s(
                lambda rule=rule: trial(rule, since=day - timedelta(days=365), until=day, today=day)
            )
        made.append((rule.name, seconds, tried.words))
    return made


SECTIONS = {"alerts": alerts}
