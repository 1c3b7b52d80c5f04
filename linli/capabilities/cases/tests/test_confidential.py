"""A case becomes confidential: nothing of it is left on any page of those who may not see it."""

from __future__ import annotations

import re
from collections import deque
from datetime import timedelta

import pytest
from django.test import Client

from linli.capabilities.cases import actions
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import case_or_not_found
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.errors import NotFound
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.posts.actions import issue_token
from linli.register.posts.models import Post, User
from linli.workbench.journal.actions import write_note
from linli.workbench.journal.models import JournalEntry, Mention
from linli.workbench.journal.queries import rows_about
from linli.workbench.notices.actions import Recipient, hide_notices, send_notice
from linli.workbench.notices.queries import notices
from linli.workbench.tasks.actions import accept_task, escalate_task, finish_task, hide_tasks
from linli.workbench.tasks.actions.follow_up import FOLLOW_UP
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import inbox, task_or_not_found
from tests.people import a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True)]
CANARY = "金丝雀"
MOST_PAGES = 60
HREF = re.compile(r'href="(/[^"#]*)')
LEADS_AWAY = ("/static/", "/accounts/", "/login", "/logout", "/language", "/help/")


@pytest.fixture
def station() -> Station:
    return a_station()


def acting(station: Station, user: User, role: str):  # type: ignore[no-untyped-def]
    with system_scope("look"):
        path = Post.objects.get(user=user, role=role).scope_path
    return working_as(role, path, user=user)


def a_story(station: Station, *, follow_up: bool = True) -> Case:
    """A grid worker takes a case down; the community works on it, notes it, finishes a share."""
    taken = a_case(station, f"{CANARY}家常打孩子", by=station.grid_worker)
    with acting(station, station.worker, "community_worker"):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.lift, by=station.worker)
        actions.assign_case(case=case, by=station.worker)
        write_note(
            about=case,
            text=f"{CANARY}妈妈说孩子怕回家",
            by=station.worker,
            follow_up_on=today() + timedelta(days=2) if follow_up else None,
        )
        share = Task.objects.get(kind="cases.handle", subject_id=case.pk)
        accept_task(task=share, by=station.worker)
        finish_task(task=share, by=station.worker, result=f"{CANARY}已报派出所")
    return case


def everything_found(user: User, also: list[str]) -> dict[str, str]:
    """Follow every link from 今日, and open what was bookmarked; return the bodies."""
    client = Client()
    client.force_login(user)
    waiting, bodies = deque([*also, "/"]), {}
    while waiting and len(bodies) < MOST_PAGES:
        address = waiting.popleft()
        if address in bodies or address.startswith(LEADS_AWAY):
            continue
        answer = client.get(address)
        bodies[address] = answer.getvalue().decode(errors="replace")
        if "html" in answer.headers.get("Content-Type", ""):
            waiting.extend(one.replace("&amp;", "&") for one in HREF.findall(bodies[address]))
    return bodies


def by_program(user: User) -> str:
    with system_scope("set up a test"):
        post = Post.objects.get(user=user)
        token = issue_token(post=post, name="程序", purpose="核对待办清单", days=30, by=user).raw
    client, said = Client(), ""
    for address in ("/api/v1/tasks", "/api/v1/cases"):
        answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        said += answer.content.decode()
    return said


def bookmarks(station: Station, case: Case) -> list[str]:
    building = station.town.building("1").pk
    with system_scope("look"):
        tasks = list(Task.objects.values_list("pk", flat=True))
    found = [f"/tasks/{pk}/" for pk in tasks] + [f"/journal/about/tasks.task/{pk}/" for pk in tasks]
    return [
        "/tasks/",
        "/journal/",
        "/calendar/",
        f"/cases/{case.pk}/",
        f"/places/{building}/",
        f"/journal/about/places.place/{building}/",
        f"/journal/about/cases.case/{case.pk}/",
        *found,
    ]


def leaks(station: Station, case: Case, user: User) -> list[str]:
    bodies = everything_found(user, bookmarks(station, case))
    assert len(bodies) > 20
    found = [address for address, body in bodies.items() if CANARY in body]
    with system_scope("look"):
        role = Post.objects.get(user=user).role
    if role in ("grid_worker", "secretary"):
        found += ["the interface"] if CANARY in by_program(user) else []
    return found


def the_others(station: Station) -> list[User]:
    """Those who have no business with it: the grid, the property, the community next door."""
    return [
        station.grid_worker,
        a_user("wuye", "property_manager", station.town.estate),
        a_user("linju", "secretary", station.town.next_community),
    ]


def test_before_it_is_confidential_the_grid_worker_reads_of_it(station: Station) -> None:
    """The negative control: the canary is on pages that the others open."""
    case = a_story(station)
    assert len(leaks(station, case, station.grid_worker)) > 3


@pytest.mark.parametrize(
    "way", ["by hand", pytest.param("by its category", marks=pytest.mark.nightly)]
)
def test_nothing_is_left_where_others_look(station: Station, way: str) -> None:
    case = a_story(station)
    with acting(station, station.secretary, "secretary"):
        case = case_or_not_found(case.pk)
        if way == "by hand":
            actions.set_confidential(case=case, confidential=True, by=station.secretary)
        else:
            actions.set_category(case=case, category=station.violence, by=station.secretary)
        write_note(
            about=case,
            text=f"{CANARY}孩子今晚住外婆家",
            by=station.secretary,
            follow_up_on=today() + timedelta(days=1),
        )
    for user in the_others(station) if way == "by hand" else [station.grid_worker]:
        assert leaks(station, case, user) == [], user.name
    assert len(leaks(station, case, station.secretary)) > 2
    with system_scope("look"):
        said = JournalEntry.objects.filter(subject_kind="cases.case", subject_id=case.pk)
        assert not Mention.objects.filter(subject_kind="places.place", entry__in=said).exists()


def test_a_category_chosen_at_dispatch_hides_it_from_whoever_chose_it(station: Station) -> None:
    taken = a_case(station, f"{CANARY}家的事", by=station.worker)
    with acting(station, station.worker, "community_worker"):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.violence, by=station.worker)
        actions.assign_case(case=case, by=station.worker)
    assert leaks(station, case, station.worker) == []


def test_its_follow_up_goes_to_the_post_that_has_it(station: Station) -> None:
    with system_scope("set up a test"):
        taken = a_case(station, "邻居家常打孩子", confidential=True)
    with acting(station, station.secretary, "secretary"):
        case = case_or_not_found(taken.case.pk)
        day = today() + timedelta(days=1)
        write_note(about=case, text="先问外婆", by=station.secretary, follow_up_on=day)
        task = Task.objects.get(kind=FOLLOW_UP)
        assert (task.seat_role, task.seat_place) == ("secretary", station.town.community)
        assert task.confidential
        assert "外婆" not in task.title
    with acting(station, station.worker, "community_worker"), pytest.raises(NotFound):
        task_or_not_found(task.pk)


def test_a_post_with_a_share_of_it_reads_its_task_and_late_it_goes_past_the_others(
    station: Station,
) -> None:
    from linli.workbench.tasks.queries import Seat

    with system_scope("set up a test"):
        taken = a_case(station, "邻居家常打孩子", confidential=True)
    with acting(station, station.secretary, "secretary"):
        seat = Seat("grid_worker", station.town.grids[0])
        case = case_or_not_found(taken.case.pk)
        actions.assign_case(case=case, by=station.secretary, shares=[actions.Share(seat=seat)])
    with acting(station, station.grid_worker, "grid_worker"):
        (door,) = inbox(station.grid_worker).doors
        task = task_or_not_found(door.lines[0].pk)
        assert case_or_not_found(case.pk) == case
    with system_scope("it is late"):
        escalate_task(task=task, by=None)
    assert task.raised_role == "secretary"
    with acting(station, station.worker, "community_worker"):
        assert inbox(station.worker).total == 0


def test_shown_again_its_tasks_have_their_names_back(station: Station) -> None:
    case = a_story(station)
    with acting(station, station.secretary, "secretary"):
        case = case_or_not_found(case.pk)
        for hidden in (True, False):
            actions.set_confidential(case=case, confidential=hidden, by=station.secretary)
        share = Task.objects.get(kind="cases.handle", subject_id=case.pk)
    assert (share.confidential, share.title) == (False, case.title)
    with acting(station, station.grid_worker, "grid_worker"):
        assert any(CANARY in row.text for row in rows_about(case))


def test_what_was_told_and_is_to_be_done_about_a_record_is_hidden_and_shown(
    station: Station,
) -> None:
    case = a_story(station)
    with system_scope("set up a test"):
        case = case_or_not_found(case.pk)
        send_notice(
            key="case:told",
            about=case,
            recipients=[Recipient("虞阿香", phone="13905740001")],
            subject="有答复了",
            text=f"{CANARY}家的事办好了",
            by=None,
        )
        assert hide_notices(about=case, hidden=True, by=None) == 1
        assert hide_tasks(about=case, title="保密办件", hidden=True, by=None) == 4
    with acting(station, station.worker, "community_worker"):
        assert not notices().exists()
    with system_scope("set up a test"):
        assert hide_notices(about=case, hidden=False, by=None) == 1
        assert hide_tasks(about=case, title=case.title, hidden=False, by=None) == 4
    with acting(station, station.worker, "community_worker"):
        assert notices().exists()
