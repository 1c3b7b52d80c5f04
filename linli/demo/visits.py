"""Visits, promises and a canvass at work in the demonstration."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from linli.capabilities.visits import actions
from linli.capabilities.visits.library import LIBRARY
from linli.capabilities.visits.models import CarePlan, FeedbackRequest, Visit
from linli.capabilities.visits.queries import people_of
from linli.commons.coverage.actions import open_coverage, record
from linli.commons.coverage.models import CoverageRow
from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.demo.stage import acting
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User

IN_YINJIA = ("alone-80", "frail", "alone-60", "severe-disability")
ELSEWHERE = ("alone-80", "frail")
WORDS = ("精神不错，在听广播", "腿脚不便，药快吃完了", "女儿周末回来", "楼道灯暗，走路怕摔", "")
PROMISED = (
    ("修好楼道的灯", "kept", "good", "灯亮了，走路放心多了"),
    ("送一次血压计", "kept", "good", ""),
    ("陪去换医保卡", "kept", "good", "小姑娘很耐心"),
    ("联系家电维修", "kept", "so_so", ""),
    ("问清助餐点几点开", "kept", "good", ""),
    ("请人清走门口纸板", "kept", "bad", "过两天又堆上了"),
    ("把降噪的事带给物业", "broken", "", ""),
    ("带老花镜来", "open", "", ""),
    ("问高龄津贴到账日期", "open", "", ""),
    ("帮忙预约剪发", "open", "", ""),
)


def add_visits(*, worker: User, today: date, random: Random) -> int:
    """Switch plans on, let the last weeks have had visits and promises; return the visits."""
    held = 0
    for code, keys in ((YINJIA, IN_YINJIA), (LIFT_ESTATE, ELSEWHERE)):
        place = Place.objects.filter(kind=PlaceKind.COMMUNITY, code=code).first()
        if place is None:
            continue
        plans = [_plan(place, key) for key in keys]
        held += _held(plans, today, random)
        if code == YINJIA:
            _promises(place, worker, today)
            _canvass(place, worker, today, random)
    actions.plan_visits(on=today, by=None)
    return held


def _plan(place: Place, key: str) -> CarePlan:
    entry = next(entry for entry in LIBRARY if entry.key == key)
    facts: dict[str, Any] = {
        "name": entry.name,
        "every": entry.every,
        "in_person": entry.in_person,
        "condition": entry.condition,
    }
    plan = actions.save_plan(plan=CarePlan(place=place, key=key), given=facts, by=None)
    people = len(people_of(plan))
    return actions.switch_plan(plan=plan, on=True, people=people, of=0, confirmed=people, by=None)


def _held(plans: list[CarePlan], today: date, random: Random) -> int:
    """Most were visited within their round, some are overdue: as it is."""
    seen: set[int] = set()
    for plan in plans:
        for pk in people_of(plan):
            if pk in seen or random.random() < 0.1:
                continue
            seen.add(pk)
            person = Person.objects.select_related("home", "household").get(pk=pk)
            ago = random.randrange(1, max(2, plan.every))
            way = "door" if plan.in_person else random.choice(("door", "door", "phone"))
            actions.record_visit(
                person=person,
                way=way,
                words=random.choice(WORDS),
                by=None,
                # Never drawn: nobody is asked how an invented visit felt.
                draw=1.0,
                on=today - timedelta(days=ago),
                evening=random.random() < 0.2,
            )
    return len(seen)


def _promises(place: Place, asker: User, today: date) -> None:
    visits = Visit.objects.filter(scope_path__startswith=place.path, state="done")
    for (what, state, rating, words), visit in zip(
        PROMISED, visits.select_related("person__home").order_by("pk")[:10], strict=False
    ):
        due = today if state != "open" else today + timedelta(days=3)
        promise = actions.make_promise(person=visit.person, what=what, due_on=due, by=None)
        if state == "kept":
            # Always drawn, so that there is an answer to show.
            actions.keep_promise(promise=promise, words="", by=None, draw=0.0)
            with acting(asker, "community_worker", place.path):
                actions.answer_feedback(
                    feedback_request=FeedbackRequest.objects.get(promise=promise),
                    visited=None,
                    kept=rating != "bad",
                    rating=rating,
                    words=words,
                    answered_by="self",
                    by=asker,
                )
        elif state == "broken":
            actions.break_promise(
                promise=promise, reason="物业在换公司，暂时没人接", by=None, draw=1.0
            )


def _canvass(place: Place, walker: User, today: date, random: Random) -> None:
    """One estate is being walked for gas safety."""
    estate = Place.objects.filter(kind=PlaceKind.ESTATE, path__startswith=place.path).first()
    if estate is None:
        return
    canvass = open_coverage(
        title="燃气安全入户排查",
        why="城镇燃气管理条例：看软管、阀门和报警器",
        place=estate,
        condition={},
        until_on=today + timedelta(days=14),
        by=walker,
    )
    with acting(walker, "community_worker", place.path):
        stops = CoverageRow.objects.filter(coverage=canvass).order_by("place__path")
        for stop in stops.select_related("coverage", "place", "household", "by")[:120]:
            drawn = random.random()
            if drawn < 0.6:
                result = "reached" if drawn < 0.42 else "absent" if drawn < 0.56 else "refused"
                record(row=stop, result=result, way="door", by=walker)
