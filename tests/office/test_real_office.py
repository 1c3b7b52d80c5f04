"""An office is served for real, and phones come to it: not trusting, trusting, by number."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.db import connection

from tests.office.real import DESK, PHONE, a_browser, an_installation, an_office, first_password
from tests.office.real import linli as run
from tools.rehearsal import people

NOTE = "这部手机还没有信任本单位的证书"
BY_NUMBER = "用数字网址不能用通行密钥"
MOST_S = 600.0
needs_certutil = pytest.mark.skipif(not shutil.which("certutil"), reason="libnss3-tools")
pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="an office is served from its own file"
)


@pytest.fixture
def data(db: None, tmp_path: Path) -> Path:
    return an_installation(tmp_path / "data")


def a_page(browser: Any, address: str, size: dict[str, int] = PHONE, **more: Any) -> Any:
    context = browser.new_context(viewport=size, locale="zh-CN", base_url=address, **more)
    context.set_default_timeout(20_000)
    return context.new_page()


def what_is_shown(page: Any) -> str:
    """Return the words of the sign-in page when the phone has found out what it trusts."""
    page.goto("/sign-in/")
    page.wait_for_timeout(1000)
    shown: str = page.inner_text("main")
    return shown


def test_a_phone_that_does_not_trust_the_office_is_told_and_works(
    data: Path, tmp_path: Path
) -> None:
    phone = a_browser(tmp_path / "phone")
    with an_office(data, knows_already=True) as office, phone as browser:
        by_name = what_is_shown(a_page(browser, office.by_name, ignore_https_errors=True))
        assert NOTE in by_name
        assert "登录" in by_name
        assert "用通行密钥登录" not in by_name
        with urlopen(f"http://127.0.0.1:{office.steps_port}/", timeout=20) as answer:
            steps = answer.read().decode()
        said = office.said.read_text().partition("要一样：")[2].split()[:16]
        assert " ".join(said) in steps.replace("<br>", " "), "the same at both screens"


@pytest.mark.nightly
@needs_certutil
def test_a_phone_that_trusts_the_office_hears_nothing_of_it(data: Path, tmp_path: Path) -> None:
    with an_office(data) as office, a_browser(tmp_path / "phone", office.root) as browser:
        by_name = what_is_shown(a_page(browser, office.by_name))
        assert NOTE not in by_name
        assert BY_NUMBER not in by_name
        assert "用通行密钥登录" in by_name
        by_number = what_is_shown(a_page(browser, office.by_number))
        assert NOTE not in by_number
        assert BY_NUMBER in by_number
        assert "用通行密钥登录" not in by_number
        without = what_is_shown(a_page(browser, office.by_name, java_script_enabled=False))
        assert NOTE not in without


@pytest.mark.nightly
def test_an_office_starts_and_a_grid_worker_is_on_the_phone(tmp_path: Path) -> None:
    """From nothing to the first sign-in of a second colleague: seconds, of ten minutes."""
    began = time.monotonic()
    data = tmp_path / "data"
    data.mkdir()
    officer = first_password(run(data, "init", "330212007", "--officer", "陆颖").stdout)
    follow(data, tmp_path, officer)
    assert time.monotonic() - began < MOST_S
    print(f"from nothing to a colleague's phone: {time.monotonic() - began:.0f} s")


def follow(data: Path, tmp_path: Path, officer: tuple[str, str]) -> None:
    """The officer sets a second factor up and appoints; the colleague signs in on a phone."""
    with an_office(data) as office, a_browser(tmp_path / "people") as browser:
        desk = a_page(browser, office.by_name, DESK, ignore_https_errors=True)
        people.first_sign_in(desk, *officer, "陆颖自己的口令-2026")
        desk.goto("/connect-phones/")
        assert f"127.0.0.1:{office.steps_port}" in desk.inner_text("main")
        worker = appointed(desk)
        phone = a_page(browser, office.by_name, PHONE, ignore_https_errors=True)
        people.sign_in(phone, *worker)
        own_password(phone, worker[1])
        phone.goto("/")
        assert "网格员" in phone.inner_text("body")
        cookies = phone.context.cookies()
        assert cookies
        assert all(one["secure"] for one in cookies), cookies


def appointed(desk: Any) -> tuple[str, str]:
    """Make a grid and appoint its worker by the pages; return name and first password."""
    desk.goto("/places/")
    link = desk.locator("main a", has_text="殷家社区").first.get_attribute("href")
    desk.goto(f"{link}add/")
    desk.get_by_label("网格", exact=True).check()
    desk.get_by_label("名称").fill("第1网格")
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_load_state()
    desk.goto("/posts/give/")
    desk.locator("input[name=username]").fill("zhouqiang")
    desk.locator("input[name=name]").fill("周强")
    desk.locator("select[name=role]").select_option("grid_worker")
    grid = desk.locator("select[name=place] option", has_text="第1网格").get_attribute("value")
    desk.locator("select[name=place]").select_option(grid)
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_load_state()
    return first_password(desk.inner_text("main"))


def own_password(page: Any, given: str) -> None:
    """Choose a password at the first sign-in."""
    page.locator("input[name=oldpassword]").fill(given)
    page.locator("input[name=password1]").fill("周强自己的口令-2026")
    page.locator("input[name=password2]").fill("周强自己的口令-2026")
    page.locator("form:has(input[name=password1]) button[type=submit]").click()
    page.wait_for_load_state()
