"""The demonstration, put into the database by the same actions that people use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from linli.core.scope import system_scope
from linli.demo.alerts import add_alerts
from linli.demo.cases import add_matters
from linli.demo.cast import CONFIRMING, add_cast, give_posts
from linli.demo.directory import add_directory
from linli.demo.facilities import add_things
from linli.demo.forms import add_forms
from linli.demo.plans import draw_plans
from linli.demo.population.facts import FactMaker
from linli.demo.population.families import Family, families
from linli.demo.population.layout import (
    HOUSEHOLDS,
    LIFT_ESTATE,
    PEOPLE,
    WALK_UP_FLOORS,
    YINJIA,
    Quarter,
    community_spec,
    quarters,
)
from linli.demo.visits import add_visits
from linli.register.facilities.actions import NewFacility, add_facilities
from linli.register.parties.actions import add_party
from linli.register.parties.models import Party
from linli.register.people.bulk import NewHousehold, settle_in_bulk
from linli.register.places.actions import change_dwellings, set_up_subdistrict
from linli.register.places.bulk import PlantedTree, create_tree
from linli.register.places.models import Place
from linli.register.places.terms import DwellingUsage, PlaceKind
from linli.register.posts.models import User

SEED = 330212007
PANHUO = "330212007"
LIFT = "电梯"
BY_A_PERSON = ("visit", "phone", "self")
SEEN_FROM_THE_SIGN_IN_PAGE = 8  # of the over-nineties living alone, so many live in 殷家社区

Report = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """How many of what the demonstration has."""

    communities: int
    dwellings: int
    households: int
    people: int
    lifts: int
    seconds: float


def build_demo(*, people: int, today: date, report: Report, seed: int = SEED) -> Built:
    """Build 潘火街道 from nothing; the same seed and day give the same people."""
    began = time.perf_counter()
    random = Random(seed)  # noqa: S311
    with system_scope("build the demonstration"):
        report("建立潘火街道和19个社区")
        town = set_up_subdistrict(code=PANHUO, by=None)
        cast = add_cast()
        communities = {one.code: one for one in Place.objects.filter(kind=PlaceKind.COMMUNITY)}
        # However few people were asked for, every community has some households.
        households = max(len(communities) * 4, round(people * HOUSEHOLDS / PEOPLE))
        plan = quarters(households, sorted(communities), random)
        everybody = _dealt(families(people, households, random), plan, random)
        parties = _parties(town)
        facts = FactMaker(random, today)
        dwellings = settled = lifts = 0
        for number, quarter in enumerate(plan, start=1):
            place = communities[quarter.code]
            report(f"{number:>2}/{len(plan)} {place.name}：{quarter.households}户")
            planted = create_tree(parent=place, specs=community_spec(quarter, random), by=None)
            lifts += _lifts(planted, quarter, parties[quarter.code == LIFT_ESTATE], random, today)
            homes = planted.of_kind(PlaceKind.DWELLING)
            dwellings += len(homes)
            confirming = [cast[name].pk for name in CONFIRMING.get(quarter.code, ())]
            settled += _settle(homes, everybody[quarter.code], facts, random, confirming)
        report("演示用户的岗位")
        give_posts(cast, town, today)
        _at_work(town, cast, today, report, seed)
    return Built(
        len(plan), dwellings, households, settled, lifts, round(time.perf_counter() - began, 1)
    )


def _at_work(town: Place, cast: dict[str, User], today: date, report: Report, seed: int) -> None:
    """Let the last weeks have happened: who is called, what is due, what came in, who was seen."""
    report("小区平面图")
    draw_plans(town)
    report("谁管什么、打哪个电话")
    add_directory(town)
    report("设施和它们的日子")
    add_things(town, today)
    report("近八周的办件")
    add_matters(town=town, random=Random(seed))  # noqa: S311
    report("吹哨规则")
    add_alerts()
    report("看望、承诺和一次入户排查")
    add_visits(worker=cast["linfang"], today=today, random=Random(seed))  # noqa: S311
    report("部门的表")
    add_forms(town=town, cast=cast, today=today)


def _dealt(
    households: list[Family], plan: list[Quarter], random: Random
) -> dict[str, list[Family]]:
    """Deal the households out to the communities; 殷家社区 is an older one."""
    dealt, start = {}, 0
    for quarter in plan:
        dealt[quarter.code] = households[start : start + quarter.households]
        start += quarter.households
    ours = dealt.get(YINJIA, [])
    wanted = min(SEEN_FROM_THE_SIGN_IN_PAGE, len(ours) // 4)
    for code, others in dealt.items():
        for place, family in enumerate(others):
            if sum(map(_is_very_old_alone, ours)) >= wanted:
                return dealt
            if code != YINJIA and _is_very_old_alone(family):
                swap = random.choice(
                    [
                        n
                        for n, one in enumerate(ours)
                        if len(one.members) == 1 and not _is_very_old_alone(one)
                    ]
                    or [0]
                )
                if len(ours[swap].members) == 1:
                    ours[swap], others[place] = family, ours[swap]
    return dealt


def _is_very_old_alone(family: Family) -> bool:
    return len(family.members) == 1 and family.members[0].age >= 90


def _parties(town: Place) -> dict[bool, Party]:
    """Add the organisations; True is who maintains the added lifts."""
    known = (
        ("潘火派出所", "公安", "治安、走失、纠纷", "全天", ""),
        ("潘火街道社区卫生服务中心", "医院", "家庭医生、慢病、疫苗", "8:00-16:30", ""),
        ("甬安物业服务公司", "物业", "保洁、维修、门岗", "8:00-20:00", "全天值班"),
    )
    for name, kind, helps, hours, _note in known:
        add_party(place=town, name=name, kind=kind, helps_with=helps, hours=hours, by=None)
    usual = add_party(
        place=town,
        name="明州电梯维保公司",
        kind="维保",
        helps_with="电梯困人、维保、年检",
        hours="全天",
        by=None,
    )
    added = add_party(
        place=town,
        name="四明加装电梯服务公司",
        kind="维保",
        helps_with="加装电梯维保、年检",
        hours="全天",
        by=None,
    )
    return {False: usual, True: added}


def _lifts(
    planted: PlantedTree, quarter: Quarter, maintainer: Party, random: Random, today: date
) -> int:
    """Add the lifts of every entrance of a building with lifts, as many as the building says."""
    with_lift = {
        place.path: spec.facts
        for spec, place in planted.places
        if place.kind == PlaceKind.BUILDING and spec.facts.get("has_lift")
    }
    entrances = planted.of_kind(PlaceKind.ENTRANCE)
    lifts: list[NewFacility] = []
    for building, facts in with_lift.items():
        mine = [place for place in entrances if place.path.startswith(building)]
        for entrance in mine:
            first = random.randint(1, 364)
            for nth in range(int(facts["lift_count"]) // len(mine)):
                number = len(lifts) + 1
                lifts.append(
                    NewFacility(
                        place=entrance,
                        kind=LIFT,
                        maintainer=maintainer,
                        name=f"{entrance.address}{f'{nth + 1}号' if nth else ''}电梯",
                        code=f"LT{quarter.code[-3:]}{number:04d}",
                        installed_on=_installed(facts, number),
                        # A second lift is inspected a week after the first, never the same day.
                        next_inspection_on=today + timedelta(days=(first + 7 * nth) % 365 or 1),
                    )
                )
    if lifts:
        add_facilities(facilities=lifts, by=None)
    return len(lifts)


def _installed(facts: Mapping[str, Any], number: int) -> date:
    """Return when a lift came: with its building, or years later to an old one."""
    if int(facts["floors"]) > WALK_UP_FLOORS:
        return date(int(facts["built_year"]), 6, 1)
    return date(2019 + number % 5, 1 + number % 12, 15)


def _confirmed(people: list[dict[str, Any]], who: int) -> None:
    """Name who confirmed them, where a person of the office did and not another office's file."""
    for person in people:
        if person["source"] in BY_A_PERSON:
            person["confirmed_by_id"] = who


def _settle(
    homes: list[Place], mine: list[Family], facts: FactMaker, random: Random, confirming: list[int]
) -> int:
    """Settle a community's households behind doors by chance; the other doors stay empty."""
    occupied = sorted(random.sample(range(len(homes)), len(mine)))

    def households() -> Iterator[NewHousehold]:
        for number, family in zip(occupied, mine, strict=True):
            people = list(facts.household(family))
            if confirming:
                _confirmed(people, confirming[number % len(confirming)])
            poor = any(person.get("low_income") for person in people)
            yield NewHousehold(homes[number], people, low_income=poor)

    done = settle_in_bulk(households=households(), source="visit", confirmed_on=None, by=None)
    used = {DwellingUsage.VACANT: set(range(len(homes))) - set(occupied)}
    for number, family in zip(occupied, mine, strict=True):
        usage = DwellingUsage.RENTED if family.tenants else DwellingUsage.SELF
        used.setdefault(usage, set()).add(number)
    for usage, numbers in used.items():
        if numbers:
            change_dwellings(
                dwellings=[homes[number] for number in sorted(numbers)],
                changes={"usage": str(usage)},
                by=None,
            )
    return done.people
