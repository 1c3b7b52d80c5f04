"""Two open the same page and save: nothing is lost in silence, and what both changed is shown."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.capabilities.alerts.tests.builders import a_rule
from linli.capabilities.cases.models import Category
from linli.capabilities.cases.tests.builders import Station, a_station
from linli.capabilities.form_filling.tests.builders import a_blank
from linli.capabilities.visits import actions as visits
from linli.capabilities.visits.models import CarePlan
from linli.core.edit_versions import Shown
from linli.core.scope import system_scope
from linli.register.facilities.actions import NewFacility, add_facilities
from linli.register.facilities.models import Facility
from linli.register.parties.actions import ContactFacts, add_contact, add_party
from linli.register.parties.models import Party, PartyContact
from linli.register.people.models import Person
from linli.register.places.models import Building, Place
from linli.workbench.conditions import actions as own
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.journal.models import JournalEntry
from tests.edits import choices_of, edit, opened, save, sent_by
from tests.people import a_person, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PHONE, NEWER, TYPED = "13800001234", "13800005678", "13800009999"


@dataclass
class Try:
    """A page with two fields: what B puts into one and A into the other, and what A types too."""

    address: str
    row: Any
    theirs: tuple[str, str]
    mine: tuple[str, str]
    other: str
    now: tuple[Any, Any] = ("", "")
    words: tuple[str, str] = ("", "")

    def known(self) -> tuple[Any, Any]:
        with system_scope("look"):
            self.row.refresh_from_db()
        return getattr(self.row, self.theirs[0]), getattr(self.row, self.mine[0])


@pytest.fixture
def station() -> Station:
    return a_station()


@pytest.fixture
def a(client: Client, station: Station) -> Client:
    client.force_login(station.officer)
    return client


@pytest.fixture
def b(station: Station) -> Client:
    other = Client()
    other.force_login(a_user("wujing", "subdistrict_officer", station.town.town))
    return other


@pytest.fixture
def her(station: Station) -> Person:
    home = station.town.home("1", "101")
    return a_person(home, "虞阿香", aged=84, phone=PHONE, workplace="毛巾厂", education="college")


def the_party(station: Station) -> Party:
    with system_scope("set up a test"):
        place = Place.objects.get(pk=station.town.community.pk)
        return add_party(place=place, name="甬安物业", kind="物业", hours="24小时", by=None)


def pages_of_the_register(station: Station, her: Person) -> list[Try]:
    party = the_party(station)
    with system_scope("set up a test"):
        facts = ContactFacts("王经理", role="经理", phone="14300000003")
        contact = add_contact(party=party, facts=facts, by=None)
        place = Place.objects.get(pk=station.town.building("1").pk)
        lift = add_facilities(facilities=[NewFacility(place, "电梯", "1幢电梯")], by=None)[0]
        building = Building.objects.get(place=place)
        # The rows are read anew, so that no two stories hold the same object.
        rows = [
            Person.objects.get(pk=her.pk),
            Facility.objects.get(pk=lift.pk),
            Party.objects.get(pk=party.pk),
            PartyContact.objects.get(pk=contact.pk),
        ]
    return [
        Try(
            f"/people/{her.pk}/edit/",
            rows[0],
            ("education", "junior"),
            ("workplace", "纺织厂"),
            "senior",
            words=("初中", "高中"),
        ),
        Try(f"/facilities/{lift.pk}/edit/", rows[1], ("code", "甲-1"), ("name", "东梯"), "乙-2"),
        Try(
            f"/directory/{party.pk}/edit/",
            rows[2],
            ("hours", "每天 8:00-20:00"),
            ("contact", "值班室"),
            "周一至周五 8:00-17:00",
        ),
        Try(
            f"/directory/{party.pk}/contacts/{contact.pk}/",
            rows[3],
            ("note", "周末不在"),
            ("role", "主任"),
            "找他儿子",
        ),
        Try(
            f"/places/{place.pk}/facts/",
            building,
            ("built_year", "1998"),
            ("lift_count", "2"),
            "1999",
            now=(1998, 2),
        ),
    ]


def pages_of_the_office(station: Station) -> list[Try]:
    with system_scope("set up a test"):
        town = Place.objects.get(pk=station.town.town.pk)
        said = conditions.condition_json(conditions.understood("person", "80岁以上老人"))
        given = {"name": "高龄", "every": 7, "condition": said}
        plan = visits.save_plan(plan=CarePlan(place=town), by=None, given=given)
        noise = Category.objects.get(pk=station.noise.pk)
    rule = a_rule(town)
    return [
        Try(
            f"/visits/plans/{plan.pk}/edit/",
            plan,
            ("every", "30"),
            ("name", "看望"),
            "14",
            (30, ""),
        ),
        Try(
            f"/whistles/rules/{rule.pk}/edit/",
            rule,
            ("message", "{名称}要检验"),
            ("name", "电梯"),
            "{名称}到期",
        ),
        Try(
            f"/cases/categories/{noise.pk}/",
            noise,
            ("name", "噪声扰民"),
            ("working_days", "9"),
            "吵闹",
            ("", 9),
        ),
    ]


def lose_nothing(pages: list[Try], a: Client, b: Client) -> None:
    for one in pages:
        page_a, page_b = opened(a, one.address), opened(b, one.address)
        assert save(b, one.address, page_b, **dict([one.theirs])).status_code == 302, one.address
        answer = a.post(one.address, {**page_a, **dict([one.mine])}, follow=True)
        assert answer.status_code == 200, one.address
        assert "已一并保留" in answer.content.decode(), one.address
        wanted = [one.now[at] or side[1] for at, side in enumerate((one.theirs, one.mine))]
        assert list(one.known()) == wanted, one.address


def show_both(pages: list[Try], a: Client, b: Client) -> None:
    for one in pages:
        name, theirs = one.theirs
        page_a = opened(a, one.address)
        assert edit(b, one.address, dict([one.theirs])).status_code == 302, one.address
        answer = save(a, one.address, page_a, **{name: one.other}, **dict([one.mine]))
        assert answer.status_code == 409, one.address
        words = answer.content.decode()
        assert f"别人改的：{one.words[0] or theirs}" in words, one.address
        assert f"我写的：{one.words[1] or one.other}" in words, one.address
        assert str(one.known()[0]) == theirs, one.address
        # What was typed is still in the page, and so is what nobody else touched.
        assert sent_by(answer)[name] == one.other, one.address
        assert sent_by(answer)[one.mine[0]] == one.mine[1], one.address


def test_what_each_of_two_changed_in_the_register_is_kept(
    station: Station, her: Person, a: Client, b: Client
) -> None:
    lose_nothing(pages_of_the_register(station, her), a, b)


def test_what_each_of_two_changed_in_the_office_is_kept(
    station: Station, a: Client, b: Client
) -> None:
    lose_nothing(pages_of_the_office(station), a, b)


def test_what_both_changed_is_shown_from_both_sides(
    station: Station, her: Person, a: Client, b: Client
) -> None:
    show_both([*pages_of_the_register(station, her), *pages_of_the_office(station)], a, b)


def test_each_field_is_chosen_by_itself_and_counts_against_what_was_seen(
    station: Station, her: Person, a: Client, b: Client
) -> None:
    address = f"/people/{her.pk}/edit/"
    page = opened(a, address)
    edit(b, address, {"education": "junior", "ethnicity": "回族"})
    answer = save(a, address, page, education="senior", ethnicity="畲族")
    assert answer.status_code == 409
    choices = choices_of(answer)
    assert set(choices) == {"keep_education", "keep_ethnicity"}
    # Not chosen is not decided.
    undecided = save(a, address, sent_by(answer))
    assert undecided.status_code == 409
    chosen = {
        "keep_education": choices["keep_education"]["mine"],
        "keep_ethnicity": choices["keep_ethnicity"]["theirs"],
    }
    # Chosen against 初中: of what was written after that nobody has seen anything.
    edit(b, address, {"education": "primary"})
    answer = save(a, address, sent_by(undecided), **chosen)
    assert answer.status_code == 409
    assert "别人改的：小学" in answer.content.decode()
    assert set(choices_of(answer)) == {"keep_education"}
    again = {"keep_education": choices_of(answer)["keep_education"]["mine"]}
    assert save(a, address, sent_by(answer), **again).status_code == 302
    with system_scope("look"):
        her.refresh_from_db()
        assert (her.education, her.ethnicity) == ("senior", "回族")
        entries = JournalEntry.objects.filter(kind="person.facts_changed").order_by("pk")
        assert [sorted(one.data["fields"]) for one in entries] == [
            ["education", "ethnicity"],
            ["education"],
            ["education"],
        ]


def test_a_covered_value_left_alone_is_not_written_and_tells_nothing(
    her: Person, a: Client, b: Client
) -> None:
    address = f"/people/{her.pk}/edit/"
    page = opened(a, address)
    assert page["phone"] == ""
    edit(b, address, {"phone": NEWER})
    assert save(a, address, page, workplace="纺织厂").status_code == 302
    with system_scope("look"):
        her.refresh_from_db()
        assert (her.phone, her.workplace) == (NEWER, "纺织厂")
    # Both typed one: the other side is shown covered, and a right guess is answered like a wrong.
    for typed in (TYPED, NEWER):
        answer = save(a, address, page, phone=typed, workplace="纺织厂")
        assert answer.status_code == 409
        words = answer.content.decode()
        assert f"我写的：{typed}" in words
        assert words.count(NEWER) == (words.count(typed) if typed == NEWER else 0)
        assert "别人改的：138" in words
    # The page carries marks, and no mark is the value's or the same on another page.
    assert len({opened(a, address)["shown"] for _n in range(2)}) == 2


def test_a_page_that_says_not_what_it_was_shown_overwrites_nothing(her: Person, a: Client) -> None:
    address = f"/people/{her.pk}/edit/"
    page = opened(a, address)
    for shown in ("", "x", "x education=0000", page["shown"].replace("education=", "education=0")):
        answer = save(a, address, {**page, "shown": shown}, education="senior")
        assert answer.status_code == 409
        assert "别人改的：大专" in answer.content.decode()
    # The negative control: with what it was shown the same is written.
    assert save(a, address, page, education="senior").status_code == 302


def test_an_own_value_that_is_covered_is_not_taken_back_by_saving(
    station: Station, her: Person, a: Client, b: Client
) -> None:
    with working_as("subdistrict_officer", station.town.town.path):
        place = Place.objects.get(pk=station.town.town.pk)
        hobby = own.define_attribute(
            label="子女电话",
            subject="person",
            kind="text",
            sensitivity="personal",
            place=place,
            by=station.officer,
        )
    address = f"/own-fields/{hobby.pk}/of/{her.pk}/"
    assert edit(b, address, {"value": "十三号楼阿明"}).status_code == 302
    page = opened(a, address)
    assert page["value"] == ""
    assert save(a, address, page).status_code == 302
    with system_scope("look"):
        assert OwnFieldValue.objects.get(attribute=hobby).text == "十三号楼阿明"
    edit(b, address, {"value": "十五号楼阿明"})
    answer = save(a, address, page, value="阿强")
    assert answer.status_code == 409
    assert "十五号楼" not in answer.content.decode()


def test_a_date_that_both_left_alone_stays_and_a_record_that_is_gone_is_not_found(
    station: Station, a: Client
) -> None:
    party = the_party(station)
    with system_scope("set up a test"):
        contact = add_contact(party=party, facts=ContactFacts("王经理"), by=None)
        place = Place.objects.get(pk=station.town.building("1").pk)
        new = NewFacility(place, "电梯", "1幢电梯", expires_on=date(2030, 5, 1))
        lift = add_facilities(facilities=[new], by=None)[0]
    assert edit(a, f"/facilities/{lift.pk}/edit/", {"name": "东梯"}).status_code == 302
    with system_scope("look"):
        lift.refresh_from_db()
        assert (lift.name, lift.expires_on) == ("东梯", date(2030, 5, 1))
    address = f"/directory/{party.pk}/contacts/{contact.pk}/"
    page = opened(a, address)
    a.post(f"{address}remove/")
    assert save(a, address, page, name="李经理").status_code == 404


def test_a_duty_that_somebody_set_meanwhile_is_shown_before_it_is_set_anew(
    station: Station, a: Client, b: Client
) -> None:
    with system_scope("set up a test"):
        place = Place.objects.get(pk=station.town.building("1").pk)
        lift = add_facilities(facilities=[NewFacility(place, "电梯", "1幢电梯")], by=None)[0]
    address = f"/facilities/{lift.pk}/duties/add/"
    typed = {"kind": "check", "name": "月检", "months": "1", "due_on": "2027-01-05"}
    page = opened(a, address)
    assert edit(b, address, {**typed, "due_on": "2027-02-09"}).status_code == 302
    answer = save(a, address, {**page, **typed})
    assert answer.status_code == 422
    assert "别人设定了“月检”：每1个月，下次2027-02-09" in answer.content.decode()
    assert sent_by(answer)["due_on"] == "2027-01-05"
    assert save(a, address, sent_by(answer)).status_code == 302
    with system_scope("look"):
        assert lift.duties.get(name="月检").due_on == date(2027, 1, 5)
    # A duty of another name is nobody's business here.
    page = opened(a, address)
    edit(b, address, {**typed, "name": "年检", "months": "12"})
    assert save(a, address, {**page, **typed}).status_code == 302


def test_what_a_form_s_headings_stand_for_is_compared_too(
    station: Station, a: Client, b: Client
) -> None:
    file = io.BytesIO(a_blank(title="一览表"))
    file.name = "一览表.xlsx"
    there = a.post("/forms/", {"file": file, "place": str(station.town.community.pk)})
    address = there["Location"].removesuffix("headings/") + "headings/"
    page = opened(a, address)
    headings = [name for name in page if name[0] == "h" and name[1:].isdigit()]
    first, second = headings[:2]
    assert edit(b, address, {first: "left"}).status_code == 302
    merged = a.post(address, {**page, second: "one_off", "basis": "通知"}, follow=True)
    assert "已一并保留" in merged.content.decode()
    now = opened(a, address)
    assert (now[first], now[second], now["basis"]) == ("left", "one_off", "通知")
    edit(b, address, {second: "left"})
    assert save(a, address, {**now, second: "auto"}).status_code == 409


def test_a_mark_says_nothing_of_its_value(her: Person) -> None:
    one, other = Shown(her), Shown(her)
    assert one.mark("phone", PHONE) != other.mark("phone", PHONE)
    assert one.mark("phone", PHONE) != one.mark("mobile", PHONE)
    neighbour = Shown(Person(pk=her.pk + 1), one.number)
    assert neighbour.mark("phone", PHONE) != one.mark("phone", PHONE)
    one.note("phone", PHONE)
    again = Shown.read(her, str(one))
    assert again.is_as_shown("phone", PHONE)
    assert not again.is_as_shown("phone", NEWER)
    assert not again.is_as_shown("name", "")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_shown_both_sides() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")
    station = a_station()
    party = the_party(station)
    address = f"/directory/{party.pk}/edit/"
    clients = [Client(), Client()]
    for one in clients:
        one.force_login(station.officer)
    pages = [opened(one, address) for one in clients]
    ready, answers = threading.Barrier(2), []

    def work(at: int) -> None:
        try:
            ready.wait()
            answers.append(save(clients[at], address, pages[at], contact=f"值班{at}").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[at]) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
