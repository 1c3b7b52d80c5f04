"""Rules of the library at work in the demonstration."""

from __future__ import annotations

from linli.capabilities.whistles.actions import save_rule, switch_on
from linli.capabilities.whistles.library import LIBRARY
from linli.capabilities.whistles.models import WhistleRule
from linli.capabilities.whistles.queries.finding import Look, find
from linli.capabilities.whistles.running import Went, run_rules
from linli.core.time import today
from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

# For the two communities whose secretaries are in the cast.
EVERYWHERE = ("lift-inspection", "duty-due", "expiry", "fire-expiry", "reserve-short", "lease-ends")
IN_YINJIA = ("turning-80", "turning-90", "due-date", "typhoon-frail")


def add_whistles() -> Went:
    """Take rules from the library, switch them on and let them run once."""
    for code, keys in ((YINJIA, EVERYWHERE + IN_YINJIA), (LIFT_ESTATE, EVERYWHERE)):
        place = Place.objects.filter(kind=PlaceKind.COMMUNITY, code=code).first()
        if place is None:
            continue
        for one in LIBRARY:
            if one.key in keys:
                _take(place, one.facts())
    return run_rules()


def _take(place: Place, facts: dict[str, object]) -> None:
    rule = save_rule(rule=WhistleRule(place=place), given=facts, by=None)
    would = sum(due.path.startswith(place.path) for due in find(rule, Look(today())))
    switch_on(rule=rule, would=would, of=0, confirmed=would, by=None)
