"""P10 留白: where nobody is responsible is seen, and mended from the page itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.capabilities.visits import terms
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.places.actions import add_building, add_place, state_estate
from linli.register.places.models import Building, Place
from linli.register.posts.actions import end_post, give_post
from linli.register.posts.models import Post, User
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import estates
from tests.guards.walker.test_query_counts import counted
from tests.people import Subdistrict, a_subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict(floors=1, doors=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_visit(place: Place) -> Task:
    fresh = Place.objects.get(pk=place.pk)
    return open_task(kind=terms.VISIT, about=fresh, place=fresh, title="看望", by=None)


def test_an_appointment_from_the_page_brings_the_tasks_and_its_end_sends_them_up(
    town: Subdistrict,
) -> None:
    shu = a_user("shu", "secretary", town.community)
    secretary = signed_in(shu)
    with system_scope("test"):
        task = a_visit(town.home("1", "101"))
    page = secretary.get("/tasks/nobody/").content.decode()
    assert "网格员 · 由上一级代办" in page
    link = (
        f"/posts/give/?role=grid_worker&amp;next=%2Ftasks%2Fnobody%2F&amp;place={town.grids[0].pk}"
    )
    assert page.count(link) == 2, "the empty post, and the task that waits for it"
    address = link.replace("&amp;", "&")
    form = secretary.get(address).context["form"]
    assert (form["role"].value(), form["place"].value()) == ("grid_worker", town.grids[0].pk)
    lin = a_user("lin", "grid_worker", town.grids[1])
    given = {
        "username": "lin",
        "role": "grid_worker",
        "place": town.grids[0].pk,
        "from_date": today().isoformat(),
    }
    answer = secretary.post(address, given)
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/nobody/")
    with system_scope("test"):
        task.refresh_from_db()
        assert (task.seat_role, task.seat_place_id, task.is_gap) == (
            "grid_worker",
            town.grids[0].pk,
            False,
        )
    assert "由上一级代办" not in secretary.get("/tasks/nobody/").content.decode()
    shown = signed_in(lin).get(f"/tasks/{task.pk}/").content.decode()
    assert "第1网格 · 网格员有人负责了：1件待办归这个岗位" in shown
    with system_scope("test"):
        end_post(post=Post.objects.get(user=lin, place=town.grids[0]), by=None)
        task.refresh_from_db()
        assert (task.seat_role, task.is_gap, task.missing_role) == (
            "secretary",
            True,
            "grid_worker",
        )


def test_the_page_never_leads_to_another_host(town: Subdistrict) -> None:
    secretary = signed_in(a_user("shu", "secretary", town.community))
    a_user("lin", "grid_worker", town.grids[1])
    given = {
        "username": "lin",
        "role": "grid_worker",
        "place": town.grids[0].pk,
        "from_date": today().isoformat(),
    }
    answer = secretary.post("/posts/give/?next=https%3A%2F%2Felsewhere.example%2F", given)
    assert answer["Location"] == "/posts/"


def many_estates(town: Subdistrict) -> list[Place]:
    """Wuyi Middle Road: 29 estates, 12 without property management, 10 of these no gatekeeper."""
    with system_scope("test"):
        made = [town.estate]
        made += [
            add_place(parent=town.community, kind="estate", name=f"小区{n}", by=None)
            for n in range(28)
        ]
        for number, estate in enumerate(made):
            if number < 12:
                said = {"property_managed": False, "gatekeeper": number >= 10}
                state_estate(estate=estate, by=None, **said)
            elif number < 25:
                state_estate(estate=estate, property_managed=True, gatekeeper=None, by=None)
        return made


def test_the_estates_of_wuyi_middle_road_are_counted_as_in_the_story(town: Subdistrict) -> None:
    many_estates(town)
    secretary = signed_in(a_user("shu", "secretary", town.community))
    page = secretary.get("/tasks/nobody/").content.decode()
    assert "小区29个：12个没有物业，其中10个没有门岗" in page
    assert "还没登记有没有物业的小区：4个" in page, "nobody has said: that is not without"
    with working_as("secretary", town.community.path):
        known = estates()
        assert (known.total, len(known.unmanaged), known.without_gatekeeper) == (29, 12, 10)


def test_what_is_stated_of_an_estate_holds_for_its_buildings_with_its_day(
    town: Subdistrict,
) -> None:
    worker = signed_in(a_user("wu", "community_worker", town.community))
    address = f"/tasks/nobody/estates/{town.estate.pk}/"
    assert address in worker.get("/tasks/nobody/").content.decode()
    assert worker.post(address, {"gatekeeper": ""}).status_code == 422
    given = {"property_managed": "0", "gatekeeper": "0"}
    assert worker.post(address, given)["Location"] == "/tasks/nobody/"
    page = worker.get("/tasks/nobody/").content.decode()
    assert "小区1个：1个没有物业，其中1个没有门岗" in page
    assert f"{today().isoformat()}登记" in page
    with system_scope("test"):
        inside = Building.objects.filter(scope_path__startswith=town.estate.path)
        assert {(one.property_managed, one.gatekeeper) for one in inside} == {(False, False)}
        manager = User.objects.get(username="wu")
        give_post(
            user=manager, role="property_manager", place=town.estate, from_date=today(), by=None
        )
    assert "没有物业" not in worker.get("/tasks/nobody/").content.decode()


@pytest.mark.parametrize("role", ["grid_worker", "property_manager"])
def test_others_mend_nothing(town: Subdistrict, role: str) -> None:
    place = town.grids[0] if role == "grid_worker" else town.estate
    client = signed_in(a_user("lin", role, place))
    assert client.get(f"/tasks/nobody/estates/{town.estate.pk}/").status_code == 404
    assert "/posts/give/" not in client.get("/tasks/nobody/").content.decode()
    elsewhere = signed_in(a_user("far", "community_worker", town.next_community))
    assert elsewhere.get(f"/tasks/nobody/estates/{town.estate.pk}/").status_code == 404


def test_the_page_asks_no_more_of_the_database_for_more_communities(town: Subdistrict) -> None:
    officer = signed_in(a_user("zhang", "subdistrict_officer", town.town))
    few = asked_by(officer, town)
    with system_scope("test"):
        for number in range(6):
            community = a_community(town, number)
            for parent in range(2):
                grid = add_place(parent=community, kind="grid", name=f"{parent}网格", by=None)
                built = add_building(
                    parent=grid, name="1幢", floors=1, doors_a_floor=1, entrances=1, by=None
                )
                a_visit(Place.objects.filter(path__startswith=built.path, kind="dwelling")[0])
    many = asked_by(officer, town)
    assert many <= few + 1
    assert many <= 40


def a_community(town: Subdistrict, number: int) -> Place:
    path = f"{town.town.path}33021200790{number}/"
    with by_the_system():
        return Place.objects.create(
            kind="community", name=f"社区{number}", path=path, scope_path=path, parent=town.town
        )


def asked_by(client: Client, town: Subdistrict) -> int:
    with system_scope("test"):
        a_visit(town.home("1", "101"))
    client.get("/tasks/nobody/")
    with counted() as asked:
        answer: Any = client.get("/tasks/nobody/")
    assert answer.status_code == 200
    return len(asked)
