"""A list and its records: by keyboard alone on a desk, and the same rows as cards on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from linli.capabilities.cases.tests.builders import Station, a_case, a_station

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLES = ("楼道灯不亮", "电梯有异响", "水管漏水")


def focus(page: Any) -> str:
    """Return the words of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_from_the_list_to_a_record_to_many(browser_page: Any) -> None:
    station = a_station()
    for title in TITLES:
        a_case(station, title)
    browser_page.sign_in(station.secretary)
    browser_page.open("/cases/")
    if browser_page.is_phone:
        by_touch(browser_page)
    else:
        by_keyboard(browser_page, station)


def by_keyboard(visitor: Any, station: Station) -> None:
    page = visitor.page
    press = page.keyboard.press
    press("ArrowDown")
    assert TITLES[0] in focus(page)
    press("x")
    press("ArrowDown")
    press("Enter")
    page.wait_for_selector("#beside .beside-title")
    assert TITLES[1] in focus(page), "Enter reads on in the record"
    assert "open=%2Fcases%2F" in page.url
    visitor.check()
    page.reload()
    page.wait_for_selector("#beside .beside-title")
    assert TITLES[1] in page.inner_text("#beside"), "a reload keeps it"
    press("Escape")
    assert page.locator("#beside").is_hidden()
    assert TITLES[1] in focus(page), "Esc goes back to its row"
    press("x")
    press("ArrowDown")
    press("x")
    assert "已选 2" in page.inner_text(".list-bar")
    page.get_by_role("button", name="催办").focus()
    press("Enter")
    page.get_by_role("heading", name="催办：2条").wait_for()
    visitor.check()
    visitor.seen.expected_status = 422
    page.get_by_role("button", name="催办：2条").focus()
    press("Enter")
    page.get_by_text("没有办的").wait_for()
    assert "这件事就在您手上" in page.inner_text("main"), "a refusal says why"
    page.get_by_role("link", name="回到名单").focus()
    press("Enter")
    page.get_by_role("heading", name="办件", exact=True).wait_for()


def by_touch(visitor: Any) -> None:
    page = visitor.page
    assert [title for title in TITLES if page.get_by_role("link", name=title).is_visible()] == [
        *TITLES
    ]
    assert not page.get_by_label("选 楼道灯不亮").is_visible()
    page.get_by_text("多选").click()
    page.locator("tbody .tick-box").first.click()
    assert "已选 1" in page.inner_text(".list-bar")
    visitor.check()
    page.get_by_role("link", name=TITLES[1]).click()
    page.get_by_role("heading", name=TITLES[1]).wait_for()
    assert page.locator("#beside").count() == 0, "a phone goes to the page itself"
    visitor.check()
