"""What stories of the directory begin with: a subdistrict, its posts, and who serves it."""

from __future__ import annotations

from dataclasses import dataclass

from linli.core.scope import system_scope
from linli.register.facilities.actions import NewFacility, add_facilities
from linli.register.parties.actions import ContactFacts, add_contact, add_party
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as


@dataclass
class Neighbourhood:
    """殷家社区 with who comes when called, a grandmother at 1幢101, and those who work there."""

    town: Subdistrict
    officer: User
    worker: User
    manager: User
    lifts: Party
    property: Party
    law: Party
    her: Person


def a_neighbourhood() -> Neighbourhood:
    """Build the neighbourhood of every story of the directory."""
    town = a_subdistrict()
    officer = a_user("luying", "subdistrict_officer", town.town)
    worker = a_user("zhouqiang", "community_worker", town.community)
    manager = a_user("wumin", "property_manager", town.estate)
    with system_scope("set up a test"):
        place = Place.objects.get(pk=town.town.pk)
        lifts = add_party(
            place=place,
            name="明州电梯维保",
            kind="维保",
            helps_with="电梯困人、维保",
            hours="周一至周六 8:00-17:30",
            phone="14300000001",
            by=None,
        )
        night = ContactFacts(
            "夜班师傅",
            phone="14300000002",
            is_on_call=True,
            is_personal=False,
            hours="17:30-次日8:00",
        )
        add_contact(party=lifts, facts=night, by=None)
        own = ContactFacts("王经理", role="经理", phone="14300000003")
        add_contact(party=lifts, facts=own, by=None)
        managed = add_party(
            place=Place.objects.get(pk=town.estate.pk),
            name="甬安物业",
            kind="物业",
            helps_with="保洁、门岗、漏水疏通",
            hours="24小时",
            phone="14300000004",
            contact="值班室",
            by=None,
        )
        law = add_party(
            place=place,
            name="甬江律师事务所",
            kind="律师",
            helps_with="法律援助、遗产",
            hours="工作日 9:00-17:00",
            phone="14300000005",
            by=None,
        )
        add_party(
            place=Place.objects.get(pk=town.next_community.pk),
            name="潘火社区锁行",
            kind="开锁",
            helps_with="开锁换锁",
            hours="24小时",
            by=None,
        )
        building = Place.objects.get(pk=town.building("1").pk)
        add_facilities(
            facilities=[NewFacility(building, "电梯", "1幢电梯", maintainer=lifts)], by=None
        )
    her = a_person(town.home("1", "101"), "虞阿香", aged=82, phone="14300001234")
    return Neighbourhood(town, officer, worker, manager, lifts, managed, law, her)


def as_worker(here: Neighbourhood):  # type: ignore[no-untyped-def]
    """Work as the community worker of 殷家社区."""
    return working_as("community_worker", here.town.community.path, user=here.worker)
