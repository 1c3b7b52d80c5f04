"""The officer lets a city's programme hear of cases, on a phone and on a desktop."""

from __future__ import annotations

from typing import Any

import pytest

from linli.capabilities.cases.tests.builders import a_case, a_station
from linli.capabilities.cases.tests.webhooks.test_stories import Receiver, receiver
from linli.workbench.webhooks import outbox

__all__ = ["receiver"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_an_officer_adds_an_address_tests_it_and_reads_what_was_sent(
    browser_page: Any, receiver: Receiver
) -> None:
    station = a_station()
    visitor = browser_page
    visitor.sign_in(station.officer)
    page = visitor.open("/cases/webhooks/")
    visitor.click("添加")
    page.get_by_label("名称").fill("区城运中心")
    page.get_by_label("地址").fill("https://10.0.0.1/hook")
    visitor.seen.expected_status = 422
    visitor.click("添加", role="button")
    assert page.get_by_text("内网").first.is_visible()
    visitor.seen.expected_status = 200
    page.get_by_label("地址").fill(receiver.url)
    visitor.click("添加", role="button")
    assert "whsec_" in page.locator("code").inner_text()

    visitor.click("去测试发送")
    visitor.click("测试发送", role="button")
    assert receiver.events() == ["webhook.test"]
    receiver.status = 503
    a_case(station)
    outbox.send_due()
    visitor.open(page.url.removeprefix(visitor.address))
    assert page.get_by_text("对方回答503").is_visible()
    visitor.click("停用", role="button")
    visitor.open("/cases/webhooks/")
    visitor.open("/mine/")
    visitor.click("事件推送")


def test_a_stopped_address_stands_on_today(phone_page: Any, receiver: Receiver) -> None:
    from linli.capabilities.cases.tests.webhooks.test_stories import add

    station = a_station()
    add(station, receiver)
    receiver.status = 410
    a_case(station)
    outbox.send_due()
    phone_page.sign_in(station.officer)
    page = phone_page.open("/")
    assert page.get_by_text("事件推送停了").is_visible()
    phone_page.click("区城运中心")
    assert page.get_by_text("不再接收").is_visible()


def test_the_list_is_empty_before_anybody_listens(phone_page: Any) -> None:
    station = a_station()
    phone_page.sign_in(station.officer)
    page = phone_page.open("/cases/webhooks/")
    assert page.get_by_text("还没有别的系统在听").is_visible()
