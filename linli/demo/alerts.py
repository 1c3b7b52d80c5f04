"""Rules of the library at work in the demonstration."""

from __future__ import annotations

from datetime import date, timedelta

from linli.capabilities.alerts.actions import save_rule, switch_on
from linli.capabilities.alerts.library import LIBRARY
from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries.evaluate import Look, find
from linli.capabilities.alerts.runner import RuleRunResult, run_rules
from linli.core.time import today
from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.people.actions import change_facts
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.places.queries import below
from linli.register.places.terms import PlaceKind

# For the two communities whose secretaries are in the cast.
EVERYWHERE = (
    "lift-inspection",
    "inspection-due",
    "duty-due",
    "maintenance-due",
    "expiry",
    "fire-expiry",
    "reserve-short",
    "lease-ends",
    "paper-ends",
)
IN_YINJIA = (
    "turning-80",
    "turning-90",
    "due-date",
    "typhoon-frail",
    "tenant-lease-ends",
    "low-income-differs",
    "late-promises",
)
LEASES = 12


def add_alerts() -> RuleRunResult:
    """Take rules from the library, switch them on and let them run once."""
    for code, keys in ((YINJIA, EVERYWHERE + IN_YINJIA), (LIFT_ESTATE, EVERYWHERE)):
        place = Place.objects.filter(kind=PlaceKind.COMMUNITY, code=code).first()
        if place is None:
            continue
        if code == YINJIA:
            _leases_and_a_difference(place)
        for entry in LIBRARY:
            if entry.key in keys:
                _take(place, entry.facts())
    return run_rules()


def _leases_and_a_difference(place: Place) -> None:
    """Some tenants said until when they rent; one household and one of its members differ."""
    here = Person.objects.filter(below(place.path), status="current").order_by("pk")
    day = today()
    for n, tenant in enumerate(here.filter(tenure="tenant", relation_to_head="0")[:LEASES]):
        _said(tenant, {"lease_until": day + timedelta(days=12 + 30 * n)}, day)
    poor = here.filter(household__low_income=True, low_income__isnull=True).first()
    if poor is not None:
        _said(poor, {"low_income": False}, day)


def _said(person: Person, changes: dict[str, object], day: date) -> None:
    change_facts(person=person, changes=changes, source="visit", confirmed_on=day, by=None)


def _take(place: Place, facts: dict[str, object]) -> None:
    rule = save_rule(rule=AlertRule(place=place), given=facts, by=None)
    would = sum(due.path.startswith(place.path) for due in find(rule, Look(today())))
    switch_on(rule=rule, would=would, of=0, confirmed=would, by=None)
