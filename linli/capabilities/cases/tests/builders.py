"""What stories of cases begin with: a subdistrict with its posts and a small taxonomy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.capabilities.cases import actions
from linli.capabilities.cases.models import Category
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.posts.models import User
from tests.people import Subdistrict, a_subdistrict, a_user


@dataclass
class Station:
    """潘火街道 with an officer, 殷家社区 with secretary and worker, a grid worker, categories."""

    town: Subdistrict
    officer: User
    secretary: User
    worker: User
    grid_worker: User
    noise: Category
    lift: Category
    violence: Category


def a_station() -> Station:
    """Build the station of every story of cases."""
    town = a_subdistrict()
    people = {
        "officer": a_user("luying", "subdistrict_officer", town.town),
        "secretary": a_user("yinhong", "secretary", town.community),
        "worker": a_user("zhouqiang", "community_worker", town.community),
        "grid_worker": a_user("linfang", "grid_worker", town.grids[0]),
    }
    with system_scope("set up a test"):
        place = Place.objects.get(pk=town.town.pk)
        top = actions.add_category(place=place, name="小区管理", by=None)
        noise = actions.add_category(
            place=place, name="噪音扰民", parent=top, working_days=3, role="grid_worker", by=None
        )
        lift = actions.add_category(
            place=place,
            name="电梯故障",
            parent=top,
            working_days=1,
            role="community_worker",
            needs_review=True,
            by=None,
        )
        violence = actions.add_category(
            place=place, name="家庭暴力", parent=top, role="secretary", confidential=True, by=None
        )
    return Station(town, **people, noise=noise, lift=lift, violence=violence)


def a_case(
    station: Station, text: str = "三楼半夜装修，吵得睡不着", **given: Any
) -> actions.RegisteredReport:
    """Take a case at 1幢, as the community worker on the phone."""
    place: Place = given.pop("place", None) or station.town.building("1")
    with system_scope("set up a test"):
        fresh = Place.objects.get(pk=place.pk)
        return actions.take_case(text=text, place=fresh, by=given.pop("by", None), **given)
