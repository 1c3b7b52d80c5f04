"""R4 陌生来电: whoever was reached is reached everywhere, by whatever door, until it is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linli.capabilities.cases.actions import Reporter, take_case
from linli.capabilities.visits.actions import record_visit
from linli.capabilities.visits.models import Visit
from linli.commons.coverage import actions as coverage
from linli.commons.coverage import queries as coverages
from linli.commons.coverage.models import CoverageRow
from linli.core.scope import system_scope
from linli.core.time import today
from linli.faces.cli.main import main
from linli.register.people.actions import change_facts, confirm_facts
from linli.register.people.models import Person, PersonContact
from linli.register.posts.models import User
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.actions import write_note
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices.actions import note_call, send_notice
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.recipients import recipient_of
from linli.workbench.tasks.actions import finish_task, open_task, reopen_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import FOLLOW_UP
from tests.api.conftest import a_program
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LONG_AGO = today() - timedelta(days=100)
ASKED = "90天没联系的80岁以上老人"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def chen(town: Subdistrict) -> User:
    return a_user("chen", "community_worker", town.community)


@pytest.fixture
def old(town: Subdistrict) -> Person:
    """Somebody who was last reached a hundred days ago."""
    return a_person(town.home("1", "101"), aged=86, phone="13905740001", last_contact_on=LONG_AGO)


def not_reached() -> list[int]:
    """Who stands on the list of those not reached for ninety days, in the active scope."""
    return list(conditions.ids(conditions.understood("person", ASKED)))


def _follow_up(old: Person, by: User) -> Task:
    return open_task(
        kind=FOLLOW_UP, about=old, place=old.home, person=old, title="回访", due_on=today(), by=by
    )


def _row(old: Person) -> CoverageRow:
    canvass = coverage.open_coverage(
        title="燃气排查",
        why="燃气条例",
        place=old.home.parent,
        condition={},
        until_on=today() + timedelta(days=7),
        by=None,
    )
    return coverages.rows_of(canvass).get(household=old.household)


def _called(old: Person, by: User, *, reached: bool) -> None:
    old.preferred_channel = "phone"
    send_notice(
        key="k", about=old.home, recipients=[recipient_of(old)], by=by, text="停水", subject="停水"
    )
    note_call(delivery=Delivery.objects.get(), reached=reached, by=by)


def _canvassed(old: Person, by: User, result: str) -> None:
    coverage.record(row=_row(old), result=result, way="door", met=[old], by=by)


DOORS: dict[str, Callable[[Person, User], object]] = {
    "confirmed by phone": lambda old, by: confirm_facts(
        person=old, source="phone", confirmed_on=today(), by=by
    ),
    "confirmed at the door": lambda old, by: confirm_facts(
        person=old, source="visit", confirmed_on=today(), fields=["phone"], by=by
    ),
    "told a fact": lambda old, by: change_facts(
        person=old, changes={"workplace": "菜场"}, source="visit", confirmed_on=today(), by=by
    ),
    "a note": lambda old, by: write_note(about=old, text="都好", contact="wechat", by=by),
    "a visit": lambda old, by: record_visit(person=old, way="door", by=by),
    "a case by phone": lambda old, by: take_case(
        text="灯不亮", place=old.home, by=by, reporter=Reporter(name="虞阿香", person=old)
    ),
    "a task that speaks with them": lambda old, by: finish_task(
        task=_follow_up(old, by), contact="phone", by=by
    ),
    "a canvass": lambda old, by: _canvassed(old, by, "reached"),
    "who refuses was spoken with": lambda old, by: _canvassed(old, by, "refused"),
    "a call of a notice": lambda old, by: _called(old, by, reached=True),
}
NO_DOORS: dict[str, Callable[[Person, User], object]] = {
    "a list": lambda old, by: confirm_facts(
        person=old, source="import", confirmed_on=today(), by=by
    ),
    "a neighbour": lambda old, by: change_facts(
        person=old, changes={"workplace": "菜场"}, source="neighbour", confirmed_on=today(), by=by
    ),
    "seen by a neighbour": lambda old, by: record_visit(person=old, way="neighbour", by=by),
    "a task without a word": lambda old, by: finish_task(task=_follow_up(old, by), by=by),
    "nobody at home": lambda old, by: _canvassed(old, by, "absent"),
    "a call that nobody took": lambda old, by: _called(old, by, reached=False),
    "a confidential case": lambda old, by: take_case(
        text="家里打人", place=old.home, by=by, confidential=True, reporter=Reporter(person=old)
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_whoever_is_reached_by_any_door_is_on_no_list_of_those_not_reached(
    door: str, town: Subdistrict, old: Person, chen: User
) -> None:
    with working_as("community_worker", town.community.path, chen):
        assert not_reached() == [old.pk]
        DOORS[door](Person.objects.get(pk=old.pk), chen)
        assert not_reached() == []
        assert Person.objects.get(pk=old.pk).last_contact_on == today()
        assert JournalEntry.objects.filter(kind="person.contacted").count() == 1


@pytest.mark.parametrize("door", NO_DOORS)
def test_what_is_no_contact_reaches_nobody(
    door: str, town: Subdistrict, old: Person, chen: User
) -> None:
    with working_as("community_worker", town.community.path, chen):
        NO_DOORS[door](Person.objects.get(pk=old.pk), chen)
        assert not_reached() == [old.pk]


def test_of_a_household_only_those_spoken_with_were_reached(
    town: Subdistrict, old: Person, chen: User
) -> None:
    wife = a_person(old.home, "钱阿宝", aged=84, household=old.household, last_contact_on=LONG_AGO)
    client = Client()
    client.force_login(chen)
    with system_scope("test"):
        row = _row(old)
    address = f"/canvasses/{row.coverage_id}/stops/{row.pk}/"
    said = client.post(address, {"result": "reached", "way": "door"})
    assert said.status_code == 422
    assert "请选和谁说上了话" in said.content.decode()
    assert (
        client.post(address, {"result": "reached", "way": "door", "met": [wife.pk]}).status_code
        == 302
    )
    with system_scope("test"):
        assert not_reached() == [old.pk]
        contact = PersonContact.objects.exclude(by=None).get()
        assert (contact.person_id, contact.channel, contact.by) == (wife.pk, "visit", chen)


def test_a_step_that_is_taken_back_takes_its_contact_back(
    town: Subdistrict, old: Person, chen: User
) -> None:
    with working_as("community_worker", town.community.path, chen):
        row = _row(old)
        coverage.record(row=row, result="reached", way="phone", met=[old], by=chen)
        task = _follow_up(old, chen)
        finish_task(task=task, contact="phone", by=chen)
        coverage.correct(row=row, reason="点错了户", by=chen)
        # The other contact of the day stands.
        assert not_reached() == []
        reopen_task(task=task, by=chen)
        # The day before, of a list, stands again.
        assert Person.objects.get(pk=old.pk).last_contact_on == LONG_AGO
        assert not_reached() == [old.pk]
        assert JournalEntry.objects.filter(kind="person.contact_taken_back").count() == 2


def test_a_visit_that_is_taken_back_is_still_to_be_made(
    town: Subdistrict, old: Person, chen: User
) -> None:
    from linli.capabilities.visits.actions import visit_at_once

    with working_as("community_worker", town.community.path, chen):
        task = visit_at_once(person=old, why="邻居说摔了", by=chen).task
        finish_task(task=task, by=chen)
        assert not_reached() == []
        task.refresh_from_db()
        reopen_task(task=task, by=chen)
        assert not_reached() == [old.pk]
        assert Visit.objects.get().state == "planned"
        task.refresh_from_db()
        finish_task(task=task, by=chen)
        assert not_reached() == []


def test_page_list_program_and_command_line_agree(
    town: Subdistrict, old: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    program = a_program("chen", "community_worker", town.community)
    client = Client()
    client.force_login(program.user)
    asked = {"subject": "person", "where": {"field": "days_since_contact", "op": "ge", "value": 90}}

    def everywhere() -> list[bool]:
        page = client.get("/ask/", {"q": ASKED}).content.decode()
        main(["ask", ASKED, "--as", "chen"])
        return [
            "虞阿香" in page,
            "虞阿香" in capsys.readouterr().out,
            program.post("/conditions/count", condition=asked).json()["count"] == 1,
        ]

    assert everywhere() == [True] * 3
    # On the round, one tap: 在，信息都对.
    answer = client.post(
        f"/round/doors/{old.home_id}/", {f"people-is{old.pk}": "right", "form_token": "a-page"}
    )
    assert answer.status_code == 302
    assert everywhere() == [False] * 3


def test_a_case_from_a_persons_page_asks_for_nothing_that_is_known(
    town: Subdistrict, old: Person, chen: User
) -> None:
    with system_scope("test"):
        change_facts(
            person=old,
            changes={"preferred_channel": "message"},
            source="self",
            confirmed_on=today(),
            by=None,
        )
    client = Client()
    client.force_login(chen)
    page = client.get("/cases/take/", {"place": old.home_id, "person": old.pk})
    form, text = page.context["form"], page.content.decode()
    assert form["wants_answer"].value() == "sms"
    assert "空着就用登记的号码：139****0001" in text
    assert "13905740001" not in text
    given = {
        "text": "灯不亮",
        "where": "东方丽都1幢101室",
        "channel": "door",
        "wants_answer": "sms",
    }
    given |= {"name": old.name, "person": str(old.pk), "client_id": form["client_id"].value()}
    assert client.post("/cases/take/", given).status_code == 302
    with system_scope("test"):
        from linli.capabilities.cases.models import Report

        assert Report.objects.get().phone == "13905740001"
