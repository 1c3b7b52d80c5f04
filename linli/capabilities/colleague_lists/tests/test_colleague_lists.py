"""Colleagues come in by Excel: the fate of each row first, then users, posts and passwords."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client

from linli.capabilities.colleague_lists.actions import take_list
from linli.capabilities.colleague_lists.plan import Fate, plan_of
from linli.capabilities.colleague_lists.table import MOST_ROWS, ColleagueRow, read_table
from linli.core.errors import Refused
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from tests.browser import Visitor
from tests.people import Subdistrict, a_subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HEAD = ("姓名", "用户名", "岗位", "地点", "手机")


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def a_file(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD, title: str = "") -> io.BytesIO:
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in ([(title,)] if title else []) + [head, *rows]:
        book.active.append(row)
    book.save(data)
    data.seek(0)
    data.name = "同事.xlsx"
    return data


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def kept(page: str) -> str:
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_a_list_of_colleagues_comes_in(town: Subdistrict) -> None:
    officer = a_user("ma", "subdistrict_officer", town.town)
    known = a_user("zhou", "community_worker", town.community)
    client = client_of(officer)
    file = a_file(
        ("陈书记", "chen", "社区书记", town.community.name, "13905740001"),
        ("林一", None, "社区工作者", town.community.name, None),
        (known.name, "zhou", "社区工作者", town.next_community.name, None),
        (known.name, "zhou", "社区工作者", town.community.name, None),
        ("别人", "zhou", "网格员", town.grids[0].name, None),
        ("王二", "wang2", "网格员", town.community.name, None),
        ("李三", "li3", "皇帝", town.community.name, None),
        ("赵四", "zhao4", "网格员", "无名网格", None),
        ("陈书记", "chen", "社区书记", town.community.name, None),
        title="街道同事一览",
    )
    page = client.post("/colleagues/", {"file": file}).content.decode()
    assert "没有用到、也不保存的列：手机" in page
    for said in (
        "新用户",
        "已有用户，任命",
        "已有这个岗位，不变",
        "不能设在",
        "皇帝",
        "无名网格",
        "重复",
    ):
        assert said in page, said
    assert f"是“{known.name}”的" in page
    with by_the_system():
        assert Post.objects.count() == 2, "nothing is written before it was looked at"
    taken = client.post("/colleagues/", {"rows": kept(page)}).content.decode()
    assert "只显示这一次" in taken
    with by_the_system():
        chen, lin = User.objects.get(username="chen"), User.objects.get(username="linyi")
        assert (chen.name, lin.name) == ("陈书记", "林一")
        assert chen.check_password(re.search(r"chen\s*<.*?>\s*(\w{14})\b", taken, re.S)[1])  # type: ignore[index]
        assert Post.objects.filter(user=known).count() == 2
        assert not User.objects.filter(username__in=("wang2", "li3", "zhao4")).exists()
        entry = JournalEntry.objects.filter(kind="colleague.list_taken").get()
    assert entry.data == {"new": 2, "appointed": 3, "left": 5}
    assert all(name in taken for name in ("别人", "王二", "李三", "赵四"))
    again = client.post("/colleagues/", {"rows": kept(page), "same": "7"}).content.decode()
    with by_the_system():
        assert Post.objects.filter(user=known, role="grid_worker").count() == 1, again


def test_who_gives_no_posts_has_no_such_page(town: Subdistrict) -> None:
    client = client_of(a_user("lin", "community_worker", town.community))
    assert client.get("/colleagues/").status_code == 404
    assert client.post("/colleagues/", {"rows": "x"}).status_code == 404


def test_a_secretary_appoints_below_and_inside_only(town: Subdistrict) -> None:
    shu = a_user("shu", "secretary", town.community)
    a_user("far", "community_worker", town.next_community)
    rows = [
        ColleagueRow(2, "陈一", "chen1", "社区书记", town.community.name),
        ColleagueRow(3, "陈二", "chen2", "社区工作者", town.next_community.name),
        ColleagueRow(4, "陈三", "far", "社区工作者", town.community.name),
        ColleagueRow(5, "陈四", "", "社区工作者", town.community.name),
        ColleagueRow(6, "陈五", "", "社区工作者", town.community.name),
        ColleagueRow(7, "陈五", "", "网格员", town.grids[0].name),
        ColleagueRow(8, "陈六", "x", "社区工作者", town.community.name),
        ColleagueRow(9, "陈七", "chensi", "社区工作者", town.community.name),
    ]
    with working_as("secretary", town.community.path, user=shu):
        planned = plan_of(rows, same={4})
        fates = [one.fate for one in planned]
        assert fates == [*3 * [Fate.BAD], Fate.NEW, *4 * [Fate.BAD]]
        assert "用户far" not in planned[2].why, "whose posts lie elsewhere is not named"
        taken = take_list(planned=planned, by=shu)
    assert [one.user.username for one in taken.new] == ["chensi"]


def test_files_that_are_no_list_are_refused_in_words(town: Subdistrict) -> None:
    client = client_of(a_user("ma", "subdistrict_officer", town.town))
    nothing = client.post("/colleagues/", {"file": a_file(("x",), head=("甲", "乙"))})
    assert nothing.status_code == 422
    assert "“姓名”“岗位”“地点”" in nothing.content.decode()
    assert client.post("/colleagues/", {}).status_code == 422
    assert client.post("/colleagues/", {"rows": "forged"}).status_code == 422
    many = a_file(*[(f"人{n}", f"u{n}", "网格员", "x", "") for n in range(MOST_ROWS + 1)])
    with pytest.raises(Refused, match="最多"):
        read_table(many.read(), "同事.xlsx")
    with pytest.raises(Refused, match="没有人"):
        read_table(a_file().read(), "同事.xlsx")


@pytest.mark.browser
def test_the_list_on_phone_and_desktop(browser_page: Visitor, tmp_path: Any) -> None:
    town = a_subdistrict()
    a_user("zhou", "community_worker", town.community)
    browser_page.sign_in(a_user("ma", "subdistrict_officer", town.town))
    file = tmp_path / "同事.xlsx"
    file.write_bytes(
        a_file(
            ("陈书记", "chen", "社区书记", town.community.name, "13905740001"),
            ("别人", "zhou", "网格员", town.grids[0].name, None),
        ).read()
    )
    page = browser_page.open("/colleagues/")
    page.locator("input[type=file]").set_input_files(str(file))
    browser_page.click("看一看", role="button")
    browser_page.click("任命", role="button")
    assert page.get_by_text("chen").first.is_visible()
