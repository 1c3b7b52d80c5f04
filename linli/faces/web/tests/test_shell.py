"""The shell in a real browser: every component, both sizes, both sizes of type."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from tests.browser import Visitor

BUILT = settings.ROOT / "faces/web/static/built"


@pytest.fixture
def worker(transactional_db: None) -> User:
    """陈丽华, who works for 殷家社区."""
    path = "330212007/330212007009/"
    with system_scope("test"), writes_allowed("test"):
        place = Place.objects.create(
            kind="community", name="殷家社区", code="330212007009", path=path, scope_path=path
        )
        user = User.objects.create_user("chen", password=None, name="陈丽华")
        Post.objects.create(
            user=user,
            role="community_worker",
            place=place,
            scope_path=path,
            from_date=datetime.date(2026, 1, 1),
        )
    return user


@pytest.mark.browser
def test_every_component_stands_at_both_sizes(browser_page: Visitor) -> None:
    browser_page.open("/patterns/")


@pytest.mark.browser
def test_care_mode_is_one_tap_away_and_remembered(browser_page: Visitor) -> None:
    page = browser_page.open("/patterns/")
    small = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    browser_page.click("关怀版", role="button")
    assert page.locator("html").get_attribute("data-care") == "on"
    large = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert large >= small * 1.25
    browser_page.open("/patterns/")
    assert page.locator("html").get_attribute("data-care") == "on"


@pytest.mark.browser
def test_typing_pinyin_asks_only_when_the_composition_ends(phone_page: Visitor) -> None:
    page = phone_page.open("/patterns/")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/patterns/part/" in r.url else None)
    page.evaluate("""() => {
      const field = document.getElementById('typed');
      field.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
      field.value = 'yin jia';
      field.dispatchEvent(new InputEvent('input', {bubbles: true}));
    }""")
    page.wait_for_timeout(700)
    assert asked == []
    page.evaluate("""() => {
      const field = document.getElementById('typed');
      field.value = '殷家';
      field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}));
    }""")
    page.get_by_text("“殷家”：14 人").wait_for()
    assert len(asked) == 1
    phone_page.check()


@pytest.mark.browser
def test_arrow_keys_walk_from_door_to_door(phone_page: Visitor) -> None:
    page = phone_page.open("/patterns/")
    page.locator("a.door", has_text="901").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert "702" in page.evaluate("document.activeElement.innerText")


@pytest.mark.browser
def test_a_verb_that_asks_first_opens_a_dialog(browser_page: Visitor) -> None:
    page = browser_page.open("/patterns/")
    page.get_by_role("link", name="合并").click()
    assert page.locator("dialog.confirm").is_visible()
    browser_page.check()
    page.get_by_role("button", name="取消").click()
    assert not page.locator("dialog.confirm").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_home_greets_the_worker_in_three_languages(
    browser_page: Visitor, worker: User, language: str
) -> None:
    browser_page.sign_in(worker)
    browser_page.cookie(settings.LANGUAGE_COOKIE_NAME, language)
    page = browser_page.open("/")
    assert page.locator("html").get_attribute("lang") == language
    assert "殷家社区" in page.locator(".post").inner_text()
    browser_page.open("/mine/")


@pytest.mark.browser
def test_a_missing_page_says_so_in_words(browser_page: Visitor) -> None:
    page = browser_page.open("/no-such-page/", status=404)
    assert "没有找到" in page.locator("h1").inner_text()


def test_nothing_built_leads_outside() -> None:
    allowed = ("http://www.w3.org/",)  # names of XML vocabularies, never fetched
    for name in ("app.css", "app.js", "icons.svg"):
        text = (BUILT / name).read_text(encoding="utf-8")
        found = [a for a in re.findall(r"https?://[^\s\"'<>)]+", text) if not a.startswith(allowed)]
        assert found == [], name


@pytest.mark.django_db
def test_the_policy_allows_no_inline_script() -> None:
    policy = Client().get("/patterns/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    "outside", ["https://example.com/", "//example.com", "javascript:alert(1)"]
)
def test_a_switch_never_leads_to_another_host(outside: str) -> None:
    answer = Client().post("/care/", {"care": "on", "next": outside})
    assert answer.headers["Location"] == "/"


@pytest.mark.browser
def test_the_shell_works_without_script(chromium: Browser, live_server: Any) -> None:
    context = chromium.new_context(
        java_script_enabled=False, locale="zh-CN", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(live_server.url + "/patterns/")
    page.get_by_role("button", name="关怀版").click()
    assert page.locator("html").get_attribute("data-care") == "on"
    page.get_by_role("searchbox", name="条件").fill("殷家")
    page.get_by_role("searchbox", name="条件").press("Enter")
    page.get_by_text("“殷家”：14 人").wait_for()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    "path",
    [
        "/account/password/change/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/webauthn/",
        "/account/reauthenticate/",
    ],
)
def test_pages_of_the_account_stand_in_the_shell(
    phone_page: Visitor, worker: User, path: str
) -> None:
    with writes_allowed("test"):
        worker.set_password("correct horse battery")
        worker.save()
    phone_page.sign_in(worker)
    phone_page.open(path)
