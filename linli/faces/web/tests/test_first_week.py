"""今日 leads a new office through its first week, and is quiet on one that runs already."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.core.database import marks
from linli.core.database.backup_note import note_file
from linli.core.scope import guard_switched_off_for_negative_control, system_scope
from linli.register.posts.actions import add_user
from linli.register.posts.models import Post, User
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system

OFFICER, SECRETARY = "subdistrict_officer", "secretary"
STEP = re.compile(r'<span class="cell-label">([^<]+)</span>')


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> Subdistrict:
    settings.DATA_DIR = tmp_path
    return a_subdistrict()


def new(name: str, role: str, place: Any) -> tuple[Client, User]:
    """Somebody of a new office."""
    user = a_user(name, role, place)
    User.objects.filter(pk=user.pk).update(first_week={})
    client = Client()
    client.force_login(user)
    return client, user


def block(client: Client) -> str:
    page = client.get("/").content.decode()
    found = re.search(r'<form class="first-week".*?</form>', page, re.S)
    return found[0] if found else ""


def steps(client: Client) -> list[tuple[str, bool]]:
    """The steps as listed, each with: is it ticked?"""
    rows = re.findall(r"<li.*?</li>", block(client), re.S)
    return [(STEP.findall(row)[0], "#circle-check" in row) for row in rows]


def following(client: Client) -> list[str]:
    return re.findall(r'<li aria-current="step">.*?value="([^"]+)"', block(client), re.S)


def press(client: Client, step: str) -> str:
    answer = client.post("/first-week/", {"step": step})
    assert answer.status_code == 302, step
    return answer["Location"]


def test_the_officer_is_led_from_step_to_step(town: Subdistrict) -> None:
    client, user = new("陆颖", OFFICER, town.town)
    assert steps(client) == [
        ("看社区名单对不对", False),
        ("加同事", False),
        ("添加小区", True),
        ("导入楼栋和房屋", True),
        ("导入第一份居民名单", False),
        ("打开第二道验证", False),
        ("备份", False),
        ("试问一句", False),
        ("打印公开报事的二维码", False),
    ]
    assert following(client) == ["place_pages.communities"]
    assert press(client, "place_pages.communities") == "/places/"
    assert following(client) == ["colleague_lists.subdistrict_officer"]
    a_user("殷虹", SECRETARY, town.community)
    assert following(client) == ["imports.people"]
    a_person(town.home("1", "101"))
    assert following(client) == ["posts.second_factor"]
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=user, type="totp", data={})
    assert "linli backup --into" in block(client), "somebody else does it: how is said"
    assert following(client) == ["reports.ask"]
    press(client, "reports.ask")
    assert client.get(press(client, "cases.sheet")).status_code == 200
    assert [label for label, done in steps(client) if not done] == ["备份"]
    note_file().write_text("{}")
    assert block(client) == "", "all is done"


def test_the_secretary_has_steps_of_their_own(town: Subdistrict) -> None:
    client, _user = new("殷虹", SECRETARY, town.community)
    assert [label for label, _done in steps(client)] == [
        "添加小区",
        "导入楼栋和房屋",
        "给网格配人",
        "导入第一份居民名单",
        "试问一句",
        "安排第一次看望",
        "打印公开报事的二维码",
    ]
    for step in (
        "place_pages.estates",
        "colleague_lists.secretary",
        "imports.people",
        "visits.first",
        "cases.sheet",
    ):
        assert client.get(press(client, step)).status_code == 200, step
    worker, _user = new("翁巧云", "grid_worker", town.grids[0])
    assert block(worker) == "", "who sets nothing up is led nowhere"


def test_a_step_of_another_role_is_not_gone_to(town: Subdistrict) -> None:
    client, _user = new("殷虹", SECRETARY, town.community)
    for step in ("posts.second_factor", "backup", "no.such", ""):
        assert client.post("/first-week/", {"step": step}).status_code == 404, step


def test_what_may_not_be_seen_ticks_nothing(town: Subdistrict) -> None:
    client, _user = new("殷虹", SECRETARY, town.next_community)
    a_person(town.home("1", "101"))
    a_user("别人", "grid_worker", town.grids[0])
    undone = {"给网格配人", "导入第一份居民名单"}
    assert undone <= {label for label, done in steps(client) if not done}
    from linli.register.posts import first_steps
    from linli.register.posts.queries import scope_of

    with guard_switched_off_for_negative_control():
        scope = scope_of(_user, marks.datetime.now().date())
        assert first_steps.has_colleagues(scope), "without the scope it would tick"


def test_folded_away_and_brought_back(town: Subdistrict) -> None:
    client, _user = new("陆颖", OFFICER, town.town)
    assert "再打开" not in client.get("/mine/").content.decode()
    press(client, "reports.ask")
    client.post("/first-week/", {"fold": "on"})
    assert block(client) == ""
    elsewhere = Client()
    elsewhere.force_login(_user)
    assert block(elsewhere) == "", "it is remembered with the user"
    assert "再打开" in client.get("/mine/").content.decode()
    client.post("/first-week/", {"fold": "off"})
    assert ("试问一句", True) in steps(client)


def test_nothing_on_an_office_that_runs(town: Subdistrict) -> None:
    client = Client()
    client.force_login(a_user("陆颖", OFFICER, town.town))
    assert block(client) == ""
    assert client.post("/first-week/", {"fold": "off"}).status_code == 404


def test_only_who_comes_soon_after_the_set_up_is_led(town: Subdistrict) -> None:
    with system_scope("test"):
        assert add_user(username="before", name="以前", by=None).user.first_week is None
        with by_the_system():
            marks.begin_the_first_month()
        assert add_user(username="soon", name="刚来", by=None).user.first_week == {}
        with by_the_system():
            from linli.core.models import InstallationMark

            long_ago = marks.now() - marks.FIRST_MONTH * 2
            InstallationMark.objects.filter(name=marks.SET_UP).update(at=long_ago)
        assert add_user(username="late", name="后来", by=None).user.first_week is None


def test_it_costs_nothing_once_it_is_over(town: Subdistrict) -> None:
    def asked(client: Client) -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as asked_now:
            client.get("/")
        return len(asked_now)

    a_person(town.home("1", "101"))
    plain = Client()
    plain.force_login(a_user("老人", OFFICER, town.town))
    without = asked(plain)
    client, _user = new("陆颖", OFFICER, town.town)
    assert 1 <= asked(client) - without <= 6, "one question for each step that asks"
    client.post("/first-week/", {"fold": "on"})
    assert asked(client) - without <= 0
    client.post("/first-week/", {"fold": "off"})
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=_user, type="totp", data={})
    note_file().write_text("{}")
    for step in ("place_pages.communities", "reports.ask", "cases.sheet"):
        press(client, step)
    assert block(client) == ""
    assert asked(client) - without <= 0
    with system_scope("test"):
        assert Post.objects.exists()
