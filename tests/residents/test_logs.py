"""The log: the auditor and the officer see who did what and why, and no personal value."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core.errors import Refused
from linli.core.scope import Scope, system_scope, use_scope
from linli.core.time import today
from linli.register.people.actions import change_facts, reveal_field
from linli.register.people.models import Person
from linli.workbench.journal.actions import look_up_log
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.pages import logs
from tests.browser import Visitor
from tests.residents.world import Neighbourhood, a_neighbourhood, a_user, someone, working_as

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PHONE = "13800001234"


def things_happen(here: Neighbourhood) -> None:
    chen = a_user("chen", "community_worker", here.community)
    far = a_user("far", "community_worker", here.other)
    with working_as("community_worker", user=chen):
        person = someone(here.homes[0], "虞阿香", phone=PHONE)
        change_facts(
            person=person,
            changes={"phone": "13900005678"},
            source="visit",
            confirmed_on=today(),
            by=chen,
        )
        reveal_field(person=person, field="phone", purpose="contact", words="通知体检时间", by=chen)
    with working_as("community_worker", here.other.path, user=far):
        someone(here.elsewhere, "金丝雀")


@pytest.fixture
def here(db: None) -> Neighbourhood:
    made = a_neighbourhood()
    things_happen(made)
    return made


def reader(role: str, place: Any) -> Client:
    client = Client()
    client.force_login(a_user(role, role, place), backend=BACKEND)
    return client


def test_the_auditor_reads_what_when_and_why(here: Neighbourhood) -> None:
    answer = reader("auditor", here.community).get("/logs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in ("查看个人信息", "手机", "通知体检时间", "登记居民"):
        assert said in page, said
    for personal in (PHONE, "13900005678", "虞阿香", "101室", "用户far", "用户chen"):
        assert personal not in page, personal


def test_who_dealt_with_somebody_is_read_for_a_purpose_which_is_kept(here: Neighbourhood) -> None:
    client = reader("auditor", here.community)
    with system_scope("test"):
        person = Person.objects.get(name="虞阿香")
    address = f"/logs/about/people.person/{person.pk}/"
    assert address in client.get("/logs/").content.decode()
    assert "用户chen" not in client.get(address).content.decode()
    with use_scope(Scope((), "community_worker")), pytest.raises(Refused):
        look_up_log(label="people.person", pk=person.pk, purpose="核实居民投诉", by=None)
    refused = client.post(address, {"purpose": "看"})
    assert refused.status_code == 422
    page = client.post(address, {"purpose": "核实居民投诉"}).content.decode()
    for said in ("用户chen", "社区工作者", "查看个人信息"):
        assert said in page, said
    with system_scope("test"):
        looked = JournalEntry.objects.get(kind="journal.log_looked_up")
        assert (looked.subject_id, looked.purpose) == (person.pk, "核实居民投诉")
    # Whose log it is not is told of no such page, as for somebody who never was.
    other = reader("subdistrict_officer", here.town).post(address, {"purpose": "核实居民投诉"})
    assert "用户chen" in other.content.decode()
    far = Client()
    far.force_login(a_user("auditor-far", "auditor", here.other), backend=BACKEND)
    for answer in (far.get(address), far.post(address, {"purpose": "核实居民投诉"})):
        assert answer.status_code == 404
        assert "用户chen" not in answer.content.decode()


def test_the_log_is_narrowed_by_kind_purpose_and_day_and_never_by_whose(
    here: Neighbourhood,
) -> None:
    client = reader("auditor", here.community)

    def count(**asked: str) -> int:
        return client.get("/logs/", asked).content.decode().count('<th scope="row">')

    # Confirming at the door is a contact too.
    assert count(kind="person.contacted") == 1
    assert count() == 4
    assert count(kind="person.field_revealed") == 1
    assert count(who="用户far") == count(who="chen") == 4  # it is no filter any more
    assert count(purpose="体检") == 1
    assert count(until=(today() - timedelta(days=1)).isoformat()) == 0
    assert count(since=today().isoformat()) == 4


def test_older_entries_are_a_page_further_without_a_total(
    here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "A_PAGE", 2)
    client = reader("auditor", here.community)
    first = client.get("/logs/").content.decode()
    assert first.count('<th scope="row">') == 2
    older = re.search(r'href="(\?before=\d+)"', first)
    assert older
    second = client.get(f"/logs/{older[1]}").content.decode()
    assert second.count('<th scope="row">') == 2
    assert not re.search(r'href="\?before=', second)
    assert not re.search(r"共\s*\d+|\d+\s*条", first)


def test_the_officer_reads_the_log_of_the_whole_subdistrict(here: Neighbourhood) -> None:
    client = reader("subdistrict_officer", here.town)
    assert client.get("/logs/").content.decode().count('<th scope="row">') == 5


@pytest.mark.parametrize(
    "role", ["secretary", "community_worker", "grid_worker", "micro_grid_lead", "property_manager"]
)
def test_others_read_no_log(here: Neighbourhood, role: str) -> None:
    assert reader(role, here.community).get("/logs/").status_code == 404


@pytest.mark.browser
def test_the_log_on_phone_and_desktop(browser_page: Visitor, transactional_db: None) -> None:
    here = a_neighbourhood()
    things_happen(here)
    browser_page.sign_in(a_user("shen", "auditor", here.community))
    browser_page.open("/")
    browser_page.open("/logs/")
