"""Things with dates in the demonstration: reserves, fire equipment, charging sheds, a lease."""

from __future__ import annotations

from datetime import date, timedelta

from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.facilities.actions import (
    Cycle,
    NewFacility,
    NewPaper,
    add_facilities,
    keep_paper,
    set_duty,
)
from linli.register.facilities.models import Facility
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

YEARLY, MONTHLY, QUARTERLY = Cycle(months=12), Cycle(months=1), Cycle(months=3)
FORTNIGHTLY = Cycle(days=15)
WITH_MAINTENANCE, WITH_PAPERS = 10, 4
RESERVES = (
    ("口罩", 4200, 3000, 40),
    ("消毒酒精", 60, 80, 200),
    ("应急饮用水", 300, 240, 25),
    ("急救包", 18, 20, 400),
)


def add_things(town: Place, today: date) -> int:
    """Add what communities keep, and yearly inspections for the sixty lifts; return how many."""
    added = 0
    for code in (YINJIA, LIFT_ESTATE):
        place = Place.objects.filter(kind=PlaceKind.COMMUNITY, code=code).first()
        if place is not None:
            added += _of_community(place, today)
    _inspections(town, today)
    return added


def _of_community(place: Place, today: date) -> int:
    def after(days: int) -> date:
        return today + timedelta(days=days)

    new = [
        NewFacility(place, "储备物资", name, quantity=there, minimum=least, expires_on=after(days))
        for name, there, least, days in RESERVES
    ]
    new.append(NewFacility(place, "公共场地", f"{place.name}原售楼处", contract_until=after(55)))
    estates = Place.objects.filter(kind=PlaceKind.ESTATE, path__startswith=place.path)
    for n, estate in enumerate(estates.order_by("path")[:4]):
        new.append(
            NewFacility(estate, "消防设备", f"{estate.name}消火栓", installed_on=after(-900))
        )
        new.append(
            NewFacility(estate, "消防设备", f"{estate.name}灭火器", expires_on=after(20 + n))
        )
        new.append(NewFacility(estate, "充电桩", f"{estate.name}充电棚", installed_on=after(-300)))
    for facility in add_facilities(facilities=new, by=None):
        _duty(facility, today)
    return len(new)


def _duty(facility: Facility, today: date) -> None:
    # Spread over four weeks, so that not everything is due on one day.
    due = today + timedelta(days=facility.pk % 28 + 1)
    if facility.name.endswith("消火栓"):
        set_duty(
            facility=facility, kind="check", name="季度试水", cycle=QUARTERLY, due_on=due, by=None
        )
    elif facility.kind == "充电桩":
        set_duty(facility=facility, kind="check", name="月检", cycle=MONTHLY, due_on=due, by=None)


def _inspections(town: Place, today: date) -> None:
    """Each added lift has its own yearly day, as in story A4; the first are kept more closely."""
    estate = Place.objects.filter(kind=PlaceKind.COMMUNITY, code=LIFT_ESTATE).first()
    if estate is None:
        return
    lifts = Facility.objects.filter(kind="电梯", scope_path__startswith=estate.path)
    inspected = lifts.filter(next_inspection_on__isnull=False).order_by("pk")[:60]
    for n, lift in enumerate(inspected):
        set_duty(
            facility=lift,
            kind="inspection",
            name="年检",
            cycle=YEARLY,
            due_on=lift.next_inspection_on,
            by=None,
        )
        if n < WITH_MAINTENANCE:
            set_duty(
                facility=lift,
                kind="maintenance",
                name="半月维保",
                cycle=FORTNIGHTLY,
                due_on=today + timedelta(days=n + 1),
                by=None,
            )
        if n < WITH_PAPERS:
            paper = NewPaper("使用登记证", f"梯11浙B{n:04d}", today + timedelta(days=25 + 90 * n))
            keep_paper(facility=lift, paper=paper, by=None)
