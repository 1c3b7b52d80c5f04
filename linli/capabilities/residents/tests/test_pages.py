"""The caller knows only "阿香" or the last four digits: the file is found, read, uncovered once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core.time import age_on, day_from, today
from linli.core.time.today import CHINA
from linli.register.people.models import Person
from linli.register.people.queries import people_found
from linli.workbench.journal.models import JournalEntry
from tests.browser import Visitor
from tests.edits import edit
from tests.residents.world import (
    Neighbourhood,
    a_neighbourhood,
    a_user,
    an_identity_number,
    by_the_system,
    someone,
    working_as,
)

pytestmark = pytest.mark.django_db
PHONE = "13800001234"
NUMBER = an_identity_number(date(1934, 3, 8))


@pytest.fixture
def here(db: None) -> Neighbourhood:
    return a_file()


@pytest.fixture
def here_live(transactional_db: None) -> Neighbourhood:
    return a_file()


def a_file() -> Neighbourhood:
    """虞阿香, 92, and her husband; next door somebody of another community."""
    here = a_neighbourhood()
    recently = today() - timedelta(days=12)
    with working_as("subdistrict_officer", here.town.path):
        wife = someone(
            here.homes[0],
            "虞阿香",
            phone=PHONE,
            identity_number=NUMBER,
            relation_to_head="0",
            chronic_illness="hypertension",
            lives_since=date(2011, 5, 1),
            tenure="owner",
            hukou_address="宁波市鄞州区潘火路100号",
            confirmed_on=recently,
            ethnicity="汉族",
        )
        someone(
            here.homes[0],
            "邬根发",
            household=wife.household,
            birth_date=date(1931, 1, 1),
            relation_to_head="1",
            confirmed_on=recently,
        )
        someone(here.elsewhere, "金丝雀")
    return here


def signed_in_as(role: str, here: Neighbourhood) -> Client:
    client = Client()
    client.force_login(
        a_user(role, role, here.community), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def the_one(name: str) -> Person:
    with by_the_system():
        return Person.objects.get(name=name)


def html(answer: Any) -> str:
    return str(answer.content.decode())


def test_two_characters_and_initials_find_the_file(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    for asked in ("阿香", "yax"):
        assert "虞阿香" in html(client.get("/people/", {"q": asked})), asked
    assert "金丝雀" not in html(client.get("/people/", {"q": "丝雀"}))
    part = client.get("/people/", {"q": "阿香"}, headers={"HX-Target": "found"})
    assert "<html" not in html(part)


def test_a_number_typed_into_the_search_leads_to_looking_up(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    found = html(client.get("/people/", {"q": "1234"}))
    assert "虞阿香" not in found
    assert "按号码查人要写用途" in found
    begun = client.post("/people/look-up/", {"number": "1234", "begin": "1"})
    assert begun.status_code == 200
    assert 'value="1234"' in html(begun)
    asked = {"number": "1234", "purpose": "visit", "words": "送药上门"}
    assert client.post("/people/look-up/", {**asked, "words": ""}).status_code == 422
    assert "虞阿香" in html(client.post("/people/look-up/", asked))
    nobody = html(client.post("/people/look-up/", {**asked, "number": "9999"}))
    assert "没有人用这个号码" in nobody
    page = html(client.get(f"/people/{the_one('虞阿香').pk}/"))
    assert "送药上门" in page


@pytest.mark.parametrize("role", ["micro_grid_lead", "property_manager", "auditor"])
def test_who_may_not_reveal_has_no_page_to_look_up(here: Neighbourhood, role: str) -> None:
    assert signed_in_as(role, here).get("/people/look-up/").status_code == 404


def test_a_property_manager_opens_no_file(here: Neighbourhood) -> None:
    client = signed_in_as("property_manager", here)
    person = the_one("虞阿香")
    for address in ("/people/", f"/people/{person.pk}/", f"/households/{person.household_id}/"):
        assert client.get(address).status_code == 404, address
    home = html(client.get(f"/places/{person.home_id}/"))
    assert "虞阿香" not in home
    assert "住户信息不在您的岗位范围内" in home


def test_the_page_covers_numbers_and_says_why_somebody_needs_care(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    page = html(client.get(f"/people/{the_one('虞阿香').pk}/"))
    assert PHONE not in page
    assert NUMBER not in page
    assert "潘火路100号" not in page
    assert "138****1234" in page
    assert "92岁（≥80岁）" in page
    assert "高血压" in page


def test_a_stairwell_lead_sees_no_care_data_and_cannot_uncover(here: Neighbourhood) -> None:
    client = signed_in_as("micro_grid_lead", here)
    pk = the_one("虞阿香").pk
    page = html(client.get(f"/people/{pk}/"))
    assert "虞阿香" in page
    assert "高血压" not in page
    assert "慢性病" not in page
    assert client.get(f"/people/{pk}/reveal/phone/").status_code == 404
    assert client.post(f"/people/{pk}/reveal/phone/", {}).status_code == 404
    assert client.get(f"/people/{pk}/edit/").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "edit/", "reveal/phone/", "move/", "leave/", "death/", "undo-departure/"]
)
def test_out_of_scope_is_not_found(here: Neighbourhood, path: str) -> None:
    client = signed_in_as("community_worker", here)
    assert client.get(f"/people/{the_one('金丝雀').pk}/{path}").status_code == 404


def test_the_auditor_sees_no_file(here: Neighbourhood) -> None:
    client = signed_in_as("auditor", here)
    assert client.get("/people/").status_code == 404
    assert client.get(f"/people/{the_one('虞阿香').pk}/").status_code == 404


def test_uncovering_takes_a_purpose_lasts_a_minute_and_is_one_entry(
    here: Neighbourhood, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 11, 23, 9, 0, tzinfo=CHINA), tick=False)
    client = signed_in_as("grid_worker", here)
    pk = the_one("虞阿香").pk
    asked = f"/people/{pk}/reveal/phone/"
    assert client.post(asked, {"purpose": "contact", "words": ""}).status_code == 422
    answer = client.post(asked, {"purpose": "contact", "words": "通知体检时间"}, follow=True)
    page = html(answer)
    assert PHONE in page
    assert NUMBER not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "通知体检时间" in page, "who looked stands on the file"
    with by_the_system():
        entries = list(JournalEntry.objects.filter(kind="person.field_revealed"))
        assert [(e.subject_id, e.data["field"]) for e in entries] == [(pk, "phone")]
        assert entries[0].purpose == "联系本人或家属：通知体检时间"
    time_machine.shift(timedelta(seconds=61))
    assert PHONE not in html(client.get(f"/people/{pk}/"))


def test_a_reveal_in_one_session_opens_nothing_in_another(here: Neighbourhood) -> None:
    first = signed_in_as("grid_worker", here)
    second = signed_in_as("community_worker", here)
    pk = the_one("虞阿香").pk
    first.post(f"/people/{pk}/reveal/phone/", {"purpose": "contact", "words": "通知体检时间"})
    assert PHONE not in html(second.get(f"/people/{pk}/"))


def test_a_month_of_birth_is_shown_as_a_month(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    with working_as("subdistrict_officer", here.town.path):
        pk = someone(here.homes[0], "殷阿月", birth_date=day_from("1950-03")).pk
    page = html(client.get(f"/people/{pk}/"))
    assert f"{age_on(date(1950, 3, 1), today())}岁" in page
    assert "1950-**-**" in page
    client.post(f"/people/{pk}/reveal/birth_date/", {"purpose": "contact", "words": "通知体检时间"})
    page = html(client.get(f"/people/{pk}/"))
    assert "1950年3月" in page
    assert "1950-03-01" not in page


def test_editing_leaves_covered_values_alone_unless_typed(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    person = the_one("虞阿香")
    page = html(client.get(f"/people/{person.pk}/edit/"))
    assert PHONE not in page
    sent = {
        "name": "虞阿香",
        "sex": "2",
        "source": "visit",
        "confirmed_on": today().isoformat(),
        "chronic_illness": "diabetes",
        "ethnicity": "汉族",
        "tenure": "owner",
        "relation_to_head": "0",
        "lives_since": "2011-05-01",
        "identity_kind": "resident",
    }
    assert edit(client, f"/people/{person.pk}/edit/", sent).status_code == 302
    changed = the_one("虞阿香")
    assert changed.phone == PHONE
    assert changed.chronic_illness == "diabetes"
    wrong = edit(client, f"/people/{person.pk}/edit/", {"phone": "1380000123"})
    assert wrong.status_code == 422
    assert "手机号码应为11位" in html(wrong)


def test_somebody_is_registered_confirmed_and_moved_in_pages(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    home = here.homes[2]
    sent = {"name": "单建国", "source": "visit", "confirmed_on": today().isoformat()}
    answer = client.post(f"/people/add/?home={home.pk}", sent)
    assert answer.status_code == 302, html(answer)
    person = the_one("单建国")
    assert person.home_id == home.pk
    client.post(f"/people/{person.pk}/confirm/", {"source": "phone"})
    assert the_one("单建国").source == "phone"
    assert "301室" in html(client.get(f"/people/{person.pk}/move/", {"q": "东方 301"}))
    there = f"/people/{person.pk}/move/?home={here.homes[3].pk}"
    assert client.post(there, {"on": today().isoformat()}).status_code == 302
    assert the_one("单建国").home_id == here.homes[3].pk
    left = client.post(f"/people/{person.pk}/leave/", {"on": today().isoformat()})
    assert left.status_code == 302
    assert the_one("单建国").status == "moved_out"
    with working_as("community_worker"):
        assert not people_found("单建国")


def test_a_death_recorded_by_mistake_is_taken_back(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    person = the_one("邬根发")
    there = f"/people/{person.pk}/undo-departure/"
    assert client.get(there).status_code == 404, "nothing to take back"
    client.post(f"/people/{person.pk}/death/", {"on": today().isoformat()})
    assert there in html(client.get(f"/people/{person.pk}/"))
    asked = html(client.get(there))
    assert "恢复为在住" in asked
    assert "之后的变动" not in asked
    assert client.post(there).status_code == 302
    back = the_one("邬根发")
    assert (back.status, back.household_id) == ("current", person.household_id)
    assert "撤销身故或迁出登记" in html(client.get(f"/people/{person.pk}/"))


def test_a_household_shows_its_people_and_can_part(here: Neighbourhood) -> None:
    client = signed_in_as("community_worker", here)
    wife, husband = the_one("虞阿香"), the_one("邬根发")
    page = f"/households/{wife.household_id}/"
    assert "邬根发" in html(client.get(page))
    assert client.post(f"{page}head/", {"head": husband.pk}).status_code == 302
    assert client.post(f"{page}split/", {}).status_code == 422
    assert client.post(f"{page}split/", {"leaving": [wife.pk]}).status_code == 302
    assert the_one("虞阿香").household_id != husband.household_id


@pytest.mark.browser
def test_the_file_on_phone_and_desktop(browser_page: Visitor, here_live: Neighbourhood) -> None:
    browser_page.sign_in(a_user("chen", "community_worker", here_live.community))
    page = browser_page.open("/people/?q=阿香")
    browser_page.click("虞阿香")
    page.locator("#fact-phone a").click()
    browser_page.check()
    page.get_by_label("联系本人或家属").check()
    page.get_by_label("说明").fill("通知体检时间")
    browser_page.click("显示一分钟", role="button")
    assert page.get_by_text(PHONE).is_visible()
    pk = the_one("虞阿香").pk
    for path in ("edit/", "move/?q=东方", "leave/", "death/"):
        browser_page.open(f"/people/{pk}/{path}")
    browser_page.open(f"/households/{the_one('虞阿香').household_id}/")
    browser_page.open("/people/")
