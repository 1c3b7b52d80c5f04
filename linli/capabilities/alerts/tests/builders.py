"""Lifts with their own dates, and rules that watch them."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.capabilities.alerts import actions
from linli.capabilities.alerts.models import AlertRule
from linli.core.scope import system_scope
from linli.register.facilities.actions import Cycle, NewFacility, add_facilities, set_duty
from linli.register.facilities.models import Facility
from linli.register.places.models import Place
from tests.people import Subdistrict, a_subdistrict, a_user

LIFTS: dict[str, Any] = {
    "subject": "facility",
    "where": {"field": "kind", "op": "eq", "value": "电梯"},
}
YEARLY = Cycle(months=12)


def a_watched_town() -> Subdistrict:
    """A subdistrict with a secretary in 殷家社区 and a grid worker in the first grid."""
    town = a_subdistrict()
    a_user("shuji", "secretary", town.community)
    a_user("wangge", "grid_worker", town.grids[0])
    return town


def a_lift(place: Place, due: date | None, name: str = "1幢电梯") -> Facility:
    """A lift with a yearly inspection."""
    with system_scope("test"):
        lift = add_facilities(facilities=[NewFacility(place, "电梯", name)], by=None)[0]
        if due is not None:
            set_duty(
                facility=lift, kind="inspection", name="年检", cycle=YEARLY, due_on=due, by=None
            )
        lift.refresh_from_db()
        return lift


def a_rule(place: Place, **given: Any) -> AlertRule:
    """A rule that is on: lifts, a month ahead, to the secretary, unless told otherwise."""
    facts: dict[str, Any] = {
        "name": "电梯年检",
        "subject": "facility",
        "condition": LIFTS,
        "when": "duty",
        "duty": "inspection",
        "lead": 30,
        "past": True,
        "role": "secretary",
        "message": "{名称}{日期}到期，请安排检验",
    } | given
    with system_scope("test"):
        rule = AlertRule(place=place)
        actions.save_rule(rule=rule, given=facts, by=None)
        return actions.switch_on(rule=rule, would=0, of=0, confirmed=None, by=None)


def a_silence_rule(place: Place, days: int, **given: Any) -> AlertRule:
    """A rule that is on: whom nobody has reached for so many days."""
    facts = {"duty": "", "field": "last_contact_on", "days": days, "message": "很久没联系"}
    return a_rule(place, subject="person", condition={}, when="silence", **(facts | given))
