"""Pages of visits: sent twice is once; whoever made a visit does not answer as the resident."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.visits import actions, queries, terms
from linli.capabilities.visits.models import CarePlan, FeedbackRequest, Promise, Visit
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.conditions import queries as conditions
from linli.workbench.tasks.actions import enter_year
from linli.workbench.tasks.models import Task
from tests.edits import edit
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def old(town: Subdistrict) -> Person:
    return a_person(town.home("1", "101"), "虞阿香", aged=86)


def signed_in(town: Subdistrict, name: str, role: str) -> Client:
    place = town.grids[0] if role == "grid_worker" else town.community
    client = Client()
    client.force_login(a_user(name, role, place))
    return client


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("", {"way": "door", "promise": "修灯", "promise_on": "day"}),
        ("promise/", {"promise": "修灯", "promise_on": "day"}),
        ("at-once/", {"why": "邻居说没见到人"}),
    ],
)
def test_a_page_sent_twice_is_one_thing(
    town: Subdistrict, old: Person, address: str, given: dict[str, str]
) -> None:
    client = signed_in(town, "lin", "grid_worker")
    address = f"/visits/people/{old.pk}/{address}"
    form = {key: today().isoformat() if said == "day" else said for key, said in given.items()}
    form_token = client.get(address).context["form"]["form_token"].value()
    for _time in range(2):
        assert client.post(address, {**form, "form_token": form_token}).status_code == 302
    things = {Visit: "why" in form or "way" in form, Promise: "promise" in form}
    with system_scope("test"):
        assert {model: model.objects.count() for model in things} == {
            model: int(is_one) for model, is_one in things.items()
        }
        assert Task.objects.exclude(kind=terms.ASK).count() == 1
    # The negative control: another page is another thing.
    client.post(address, {**form, "form_token": "another-page"})
    with system_scope("test"):
        assert all(model.objects.count() == 2 * is_one for model, is_one in things.items())


def test_who_made_the_visit_gets_no_link_and_cannot_answer(town: Subdistrict, old: Person) -> None:
    lin, chen = (signed_in(town, "lin", "grid_worker"), signed_in(town, "chen", "community_worker"))
    with system_scope("test"):
        from linli.register.posts.models import User

        worker = User.objects.get(username="lin")
    with working_as("grid_worker", town.grids[0].path, worker):
        actions.record_visit(person=old, way="door", by=worker, draw=0.0)
        feedback_request = FeedbackRequest.objects.get()
        link = f"/felt/{queries.token_of(feedback_request)}/"
    theirs = chen.get(f"/visits/askings/{feedback_request.pk}/").content.decode()
    assert link in theirs
    mine = lin.get(f"/visits/askings/{feedback_request.pk}/").content.decode()
    assert link not in mine
    assert "data:image/svg" not in mine
    assert lin.get(link).status_code == 403
    answer = {"visited": "yes", "rating": "good", "words": "", "answered_by": "self"}
    assert lin.post(link, answer).status_code == 403
    with system_scope("test"):
        assert FeedbackRequest.objects.get().state == "open"
    # The negative control: the resident, who is nobody's colleague, can.
    assert Client().post(link, answer).status_code == 200
    with system_scope("test"):
        assert FeedbackRequest.objects.get().state == "answered"


def test_a_plan_that_grows_is_switched_off_and_a_small_change_goes_on(
    town: Subdistrict, old: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuji = signed_in(town, "shuji", "secretary")
    with system_scope("test"):
        said = conditions.condition_json(conditions.understood("person", "80岁以上老人"))
        plan = actions.save_plan(
            plan=CarePlan(place=town.community),
            by=None,
            given={"name": "高龄", "every": 7, "condition": said},
        )
        actions.switch_plan(plan=plan, on=True, people=1, of=9, confirmed=None, by=None)
    form = {"name": "高龄", "sentence": "80岁以上老人", "every": "14"}
    page = edit(shuji, f"/visits/plans/{plan.pk}/edit/", form, follow=True).content.decode()
    assert "先停用了" not in page
    with system_scope("test"):
        assert CarePlan.objects.get().is_on
    monkeypatch.setattr("linli.capabilities.visits.rules.MANY", 1)
    form["sentence"] = "60岁以上老人"
    page = edit(shuji, f"/visits/plans/{plan.pk}/edit/", form, follow=True).content.decode()
    assert "先停用了" in page
    with system_scope("test"):
        assert not CarePlan.objects.get().is_on


def test_the_operator_is_told_on_the_home_page_of_a_year_whose_days_off_are_not_known(
    town: Subdistrict, time_machine: Any
) -> None:
    time_machine.move_to("2031-11-20 10:00+08:00")
    client = Client()
    client.force_login(a_user("ganbu", "subdistrict_officer", town.town))
    said = "2031年的放假安排还没有录入"
    assert said in client.get("/").content.decode()
    # The negative control: once it is entered nobody is told of that year any more.
    for year in (2031, 2032):
        with working_as("subdistrict_officer", town.town.path):
            enter_year(year=year, holidays=[date(year, 1, 1)], worked=[], source="国办发", by=None)
    assert "放假安排还没有录入" not in client.get("/").content.decode()
