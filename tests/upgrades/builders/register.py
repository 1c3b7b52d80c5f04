"""Places, people, posts and what stands in the register about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.core.scope import system_scope
from linli.register.facilities.actions import (
    Cycle,
    NewFacility,
    NewPaper,
    add_facilities,
    finish_duty,
    keep_paper,
    set_duty,
)
from linli.register.facilities.models import Facility
from linli.register.parties.actions import ContactFacts, add_contact, add_party
from linli.register.parties.models import Party
from linli.register.people import actions as people
from linli.register.people.models import Person
from linli.register.places.actions import rename_place
from linli.register.places.plan_layout import in_rows
from linli.register.places.plans import draw_plan, standing_buildings
from linli.register.posts.actions import add_user, give_post, issue_token
from linli.register.posts.models import Post, User
from linli.register.posts.terms import Role
from tests.people import Subdistrict, a_person, a_subdistrict, by_the_system, working_as

SINCE = date(2026, 1, 1)
# username → name, role; where the post is held follows from the role
STAFF = {
    "officer": ("陆颖", Role.SUBDISTRICT_OFFICER),
    "secretary": ("殷虹", Role.SECRETARY),
    "worker": ("林芳", Role.COMMUNITY_WORKER),
    "grid": ("周强", Role.GRID_WORKER),
    "manager": ("吴敏", Role.PROPERTY_MANAGER),
    "auditor": ("沈维", Role.AUDITOR),
    "neighbour": ("何军", Role.SECRETARY),
}
FAMILIES = (
    ("101", (("虞阿香", 92, "2"), ("虞大根", 66, "1"), ("虞小芳", 38, "2"))),
    ("102", (("邬根发", 76, "1"), ("孙月娥", 74, "2"))),
    ("201", (("陈德", 50, "1"), ("陈小德", 19, "1"), ("李秀英", 47, "2"))),
    ("202", (("洪小满", 38, "2"), ("洪豆豆", 4, "1"))),
    ("301", (("周阿毛", 81, "1"),)),
    ("302", (("钱阿宝", 40, "1"), ("钱思源", 12, "1"))),
)


@dataclass
class Made:
    """What was made, for the steps that follow."""

    town: Subdistrict
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    facilities: list[Facility] = field(default_factory=list)
    rows: dict[str, Any] = field(default_factory=dict)

    def at_work(self, name: str, place: Any = None) -> Any:
        """Work at somebody's post, or in their role at another place."""
        role = STAFF[name][1]
        return working_as(role, (place or self.seat(name)).path, self.users[name])

    def seat(self, name: str) -> Any:
        """Where somebody's post is held."""
        role = STAFF[name][1]
        if name == "neighbour":
            return self.town.next_community
        if role in (Role.SUBDISTRICT_OFFICER, Role.AUDITOR):
            return self.town.town
        if role == Role.GRID_WORKER:
            return self.town.grids[0]
        return self.town.estate if role == Role.PROPERTY_MANAGER else self.town.community

    def fresh(self, name: str) -> Person:
        """Read somebody again."""
        person: Person = Person.objects.get(pk=self.people[name].pk)
        return person


def a_small_town() -> Made:
    """Build the places, move people in, give the posts."""
    made = Made(a_subdistrict())
    with system_scope("set up the stored installation"):
        for name, (word, role) in STAFF.items():
            made.users[name] = add_user(username=name, name=word, by=None).user
            give_post(
                user=made.users[name], role=role, place=made.seat(name), from_date=SINCE, by=None
            )
        _people(made)
        _parties_and_facilities(made)
    with made.at_work("worker"):
        _what_happened(made)
    _tokens_and_keys(made)
    return made


def _people(made: Made) -> None:
    number = 0
    for building in ("1", "2", "9"):
        for door, family in FAMILIES if building == "1" else FAMILIES[:4]:
            home, household = made.town.home(building, door), None
            for nth, (name, aged, sex) in enumerate(family):
                number += 1
                who = name if building == "1" else f"{name}{building}"
                made.people[who] = a_person(
                    home,
                    who,
                    aged=aged,
                    sex=sex,
                    phone=f"1430000{number:04d}",
                    relation_to_head="0" if nth == 0 else "",
                    household=household,
                )
                household = made.people[who].household


def _parties_and_facilities(made: Made) -> None:
    for name, kind, helps in (
        ("甬安物业服务公司", "物业", "保洁、维修"),
        ("甬江律师事务所", "律师", "法律咨询、遗产"),
        ("明州电梯维保公司", "维保", "电梯困人、年检"),
    ):
        party = add_party(place=made.town.town, name=name, kind=kind, helps_with=helps, by=None)
        facts = ContactFacts("值班", phone="14300009001", hours="24小时", is_on_call=True)
        add_contact(party=party, facts=facts, by=None)
        made.parties[kind] = party
    building = made.town.building("1")
    lift = NewFacility(building, "电梯", "1幢电梯", "LT0001", date(2019, 6, 1))
    masks = NewFacility(made.town.community, "储备物资", "口罩", quantity=40, minimum=300)
    made.facilities = add_facilities(facilities=[lift, masks], by=None)
    duty = set_duty(
        facility=made.facilities[0],
        kind="maintenance",
        name="半月维保",
        cycle=Cycle(days=15),
        due_on=date(2026, 11, 23),
        by=None,
    )
    finish_duty(duty=duty, done_on=date(2026, 11, 22), result="正常", by=None)
    paper = NewPaper("使用登记证", "梯11浙B0001", date(2026, 12, 20))
    keep_paper(facility=made.facilities[0], paper=paper, by=None)


def _what_happened(made: Made) -> None:
    """Facts of several origins, moves, a split household, a death; a place with a history."""
    worker, on = made.users["worker"], date(2026, 11, 20)
    houses = [one.pk for one in standing_buildings(made.town.estate)]
    draw_plan(estate=made.town.estate, cells=in_rows(houses), by=worker)
    changes = {"disability_kind": "4", "disability_level": "2", "care_level": "severe"}
    for name, facts, source in (
        ("虞阿香", {**changes, "hukou_address": "鄞州区潘火路1号"}, "department"),
        ("邬根发", {"disability_kind": "3", "disability_level": "1", "low_income": True}, "phone"),
        ("洪小满", {"due_date": date(2027, 2, 1), "education": "bachelor"}, "self"),
        (
            "陈德",
            {
                "veteran": True,
                "disability_kind": "1",
                "disability_level": "3",
                "phone": "14300008888",
            },
            "visit",
        ),
    ):
        people.change_facts(
            person=made.fresh(name), changes=facts, source=source, confirmed_on=on, by=worker
        )
    people.confirm_facts(person=made.fresh("虞大根"), source="visit", confirmed_on=on, by=worker)
    people.move_out(person=made.fresh("钱阿宝"), on=date(2026, 11, 10), to="杭州", by=worker)
    people.move_home(
        person=made.fresh("虞小芳"), dwelling=made.town.home("2", "302"), on=on, by=worker
    )
    son = made.fresh("陈小德")
    people.split_household(household=son.household, leaving=[son], head=son, on=on, by=worker)
    people.record_death(person=made.fresh("周阿毛"), on=date(2026, 11, 12), by=worker)
    with made.at_work("officer"):
        rename_place(place=made.town.grids[1], name="第二网格（新）", by=made.users["officer"])


def _tokens_and_keys(made: Made) -> None:
    from allauth.mfa.models import Authenticator

    with made.at_work("secretary"):
        post = Post.objects.get(user=made.users["secretary"])
        issue_token(
            post=post, name="报表程序", purpose="每天取数", days=90, by=made.users["secretary"]
        )
    with by_the_system():
        Authenticator.objects.create(
            user=made.users["officer"], type="recovery_codes", data={"seed": "x", "used_mask": 0}
        )
