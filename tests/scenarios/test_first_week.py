"""The first week: a new office is led from its first sign-in to its first question and notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linli.core.database.backup_note import note_file
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.places.actions import set_up_subdistrict
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.workbench.text_analysis.category_model import LEARNER
from tests.browser import Visitor
from tests.imports.files import xlsx
from tests.people import a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
COLLEAGUES = [["姓名", "岗位", "地点"], ["殷虹", "社区书记", "殷家社区"]]
DWELLINGS = [
    ["社区", "小区", "楼栋", "单元", "房号"],
    *(["殷家社区", "东方丽都", "1幢", "1单元", f"{floor}01"] for floor in (1, 2, 3)),
]
RESIDENTS = [
    ["姓名", "性别", "出生日期", "家庭住址"],
    ["虞阿香", "女", "1934-03-01", "殷家社区东方丽都1幢1单元101室"],
]


class Week:
    """A new subdistrict with one officer, led by 今日."""

    def __init__(self, visitor: Visitor) -> None:
        LEARNER.model()  # learnt before the first page: a browser on a busy machine waits 15 s
        self.visitor, self.page = visitor, visitor.page
        with system_scope("linli init"):
            town = set_up_subdistrict(code="330212007", by=None)
        officer = a_user("luying", "subdistrict_officer", town)
        User.objects.filter(pk=officer.pk).update(first_week={})
        visitor.sign_in(officer)

    def follows(self, words: str) -> None:
        """Go on from 今日 with the one button of the next step."""
        self.visitor.open("/")
        following = self.page.locator(".first-week li[aria-current=step]")
        assert words in following.inner_text()
        following.get_by_role("button", name="去做").click()
        self.arrived()

    def button(self, words: str) -> None:
        main = self.page.locator("main")
        either = main.get_by_role("button", name=words, exact=True)
        either.or_(main.get_by_role("link", name=words, exact=True)).first.click()
        self.arrived()

    def bring(self, name: str, rows: list[list[str]]) -> None:
        file: Any = {"name": name, "mimeType": "application/zip", "buffer": xlsx(rows)}
        self.page.set_input_files("main input[type=file]", files=file)

    def arrived(self) -> None:
        self.page.wait_for_load_state("load")
        self.visitor.check()


@pytest.mark.nightly
def test_a_new_office_is_led_to_the_end(
    browser_page: Visitor, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    week = Week(browser_page)
    week.follows("看社区名单对不对")
    assert week.page.get_by_text("殷家社区").first.is_visible()
    week.follows("加同事")
    week.bring("同事.xlsx", COLLEAGUES)
    week.button("看一看")
    week.button("任命")
    week.follows("添加小区")
    week.page.get_by_role("link", name="殷家社区").first.click()
    week.arrived()
    with system_scope("look"):
        community = Place.objects.get(kind="community", name="殷家社区")
    browser_page.open(f"/places/{community.pk}/add/?kind=estate")
    week.page.get_by_label("小区", exact=True).check()
    week.page.locator("[name=name]").fill("东方丽都")
    week.page.locator("main form button[type=submit]:visible").last.click()
    week.arrived()
    week.follows("导入楼栋和房屋")
    assert week.page.get_by_label("房屋", exact=True).is_checked()
    week.bring("房屋.xlsx", DWELLINGS)
    _taken_in(week, grow=True)
    week.follows("导入第一份居民名单")
    week.bring("居民.xlsx", RESIDENTS)
    _taken_in(week, grow=False)
    with system_scope("look"):
        assert Person.objects.count() == 1
        assert Post.objects.count() == 2
    week.visitor.open("/")
    from allauth.mfa.models import Authenticator

    user = User.objects.get(username="luying")
    Authenticator.objects.create(user=user, type="totp", data={})
    week.follows("试问一句")
    week.follows("打印公开报事的二维码")
    browser_page.open("/")
    left = week.page.locator(".first-week")
    assert "linli backup --into" in left.inner_text(), "somebody else does what is left"
    note_file().write_text("{}")
    browser_page.open("/")
    assert not left.count()


def _taken_in(week: Week, *, grow: bool) -> None:
    week.button("上传并核对")
    if grow:
        week.page.get_by_label("建立没有的楼栋和户室").check()
    week.button("看每一行的结果")
    week.button("导入")
    week.button("导入")
    assert "已导入" in week.page.title() + week.page.locator("main").inner_text()


def test_it_is_folded_away_and_brought_back(phone_page: Visitor, tmp_path: Path) -> None:
    week = Week(phone_page)
    week.follows("看社区名单对不对")
    phone_page.open("/")
    assert "加同事" in week.page.locator("li[aria-current=step]").inner_text()
    week.button("先收起")
    assert not week.page.locator(".first-week").count()
    phone_page.open("/mine/")
    week.button("再打开“开始使用”")
    assert week.page.locator(".first-week").count() == 1
