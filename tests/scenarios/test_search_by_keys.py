"""The search of the header by keys: slash, a word, arrows, Enter; and by thumb on a phone."""

from __future__ import annotations

import pytest

from linli.core.scope import system_scope
from tests.browser import Visitor
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def town() -> Subdistrict:
    town = a_subdistrict()
    with system_scope("set up a test"):
        a_person(town.home("1", "101"), "虞阿香")
        a_person(town.home("1", "102"), "虞阿宝")
    return town


def test_a_person_is_opened_without_the_mouse(desk_page: Visitor, town: Subdistrict) -> None:
    desk_page.sign_in(a_user("yinhong", "secretary", town.community))
    page = desk_page.open("/mine/")
    field, rows = page.locator("#find"), page.locator("ll-find [role=option]")
    page.keyboard.press("/")
    page.keyboard.type("虞阿")
    rows.filter(has_text="虞阿香").wait_for()
    desk_page.check()
    assert field.get_attribute("aria-expanded") == "true"
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    marked = field.get_attribute("aria-activedescendant")
    assert marked != first
    assert page.locator(f"#{marked}").get_attribute("aria-selected") == "true"
    wanted = page.locator(f"#{marked} .find-label").inner_text()
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*/")
    desk_page.check()
    assert page.locator("h1").inner_text() == wanted


def test_a_slash_in_a_field_is_a_slash_and_ctrl_k_is_heard_everywhere(
    desk_page: Visitor, town: Subdistrict
) -> None:
    desk_page.sign_in(a_user("yinhong", "secretary", town.community))
    page = desk_page.open("/find/")
    page.locator("#q").fill("")
    page.locator("#q").press("/")
    assert page.locator("#q").input_value() == "/"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "find"


def test_half_a_syllable_asks_nothing(desk_page: Visitor, town: Subdistrict) -> None:
    desk_page.sign_in(a_user("yinhong", "secretary", town.community))
    page = desk_page.open("/mine/")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/find/part/" in one.url else None)
    field = page.locator("#find")
    field.dispatch_event("compositionstart")
    field.fill("yu a")
    page.wait_for_timeout(500)
    assert asked == []
    field.fill("虞阿")
    field.dispatch_event("compositionend")
    page.locator("ll-find [role=option]").first.wait_for()
    assert len(asked) == 1


def test_on_a_phone_the_glass_leads_to_the_page(phone_page: Visitor, town: Subdistrict) -> None:
    phone_page.sign_in(a_user("yinhong", "secretary", town.community))
    phone_page.open("/mine/")
    page = phone_page.click("找")
    page.locator("#q").fill("阿香")
    page.locator("main form button").click()
    page.wait_for_load_state("load")
    phone_page.check()
    phone_page.click("虞阿香")
    assert page.locator("h1").inner_text() == "虞阿香"
