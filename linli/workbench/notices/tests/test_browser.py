"""A notice goes out, is called, decided and answered in Chromium, on a phone and on a desktop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.core.scope import system_scope
from linli.workbench.notices import outbox
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.recipients import token_of
from linli.workbench.notices.tests.conftest import resident
from linli.workbench.notices.tests.test_outbox import AT_NOON
from tests.people import Subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def by_name(name: str) -> Delivery:
    with system_scope("look"):
        return Delivery.objects.get(name=name)


def test_from_writing_to_the_answer(browser_page: Any, town: Subdistrict, gateway: Any) -> None:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    resident(town, "吴奶奶", aged=88, phone="13905740002", preferred_channel="phone")
    resident(town, "陈伯", door="102", aged=90, phone="13905740003")
    browser_page.sign_in(a_user("yin", "secretary", town.community))
    browser_page.open("/notices/")
    browser_page.click("写通知")
    page = browser_page.page
    page.get_by_label("告诉谁").fill("80岁以上老人")
    page.get_by_label("标题").fill("停水通知")
    page.get_by_label("内容").fill("{姓名}您好，明天停水。")
    browser_page.click("看一看", role="button")
    browser_page.click("发送给3人", role="button")
    assert page.get_by_role("heading", name="停水通知").is_visible()
    with system_scope("a worker claims, and dies"):
        outbox.claim(by_name("陈伯").pk)
        outbox.note_lost(after=timedelta(0))
    outbox.send_queued(now=AT_NOON)
    browser_page.open("/notices/unsure/")
    browser_page.click("改为打电话", role="button")
    browser_page.open("/notices/calls/")
    browser_page.click("吴奶奶")
    browser_page.click("显示号码", role="button")
    assert page.get_by_text("13905740002").is_visible()
    page.get_by_label("打通了，本人或家人知道了").check()
    page.get_by_label("对方怎么说").fill("会存水")
    browser_page.click("记下", role="button")
    browser_page.open("/notices/templates/")
    browser_page.open("/notices/messages/")
    browser_page.context.clear_cookies()
    token = token_of(by_name("虞阿香").key)
    browser_page.open(f"/n/{token}/")
    page.get_by_label("回复一句").fill("知道了")
    browser_page.click("我知道了", role="button")
    assert page.get_by_text("已收到您的回复：知道了").is_visible()
    browser_page.open(f"/n/{'0' * 26}/", status=404)
    browser_page.sign_in(a_user("yin2", "secretary", town.community))
    browser_page.open("/notices/")
    browser_page.click("停水通知")
    assert page.get_by_text("回复：会存水").is_visible()


def test_an_officer_sees_how_channels_are_doing(browser_page: Any, town: Subdistrict) -> None:
    browser_page.sign_in(a_user("ma", "subdistrict_officer", town.town))
    browser_page.open("/notices/channels/")
    page = browser_page.page
    page.get_by_label("名称").fill("殷家工作群")
    page.get_by_label("地址").fill("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-1")
    browser_page.click("保存", role="button")
    assert page.get_by_role("heading", name="殷家工作群").is_visible()
    browser_page.click("测试和规则")
    page.get_by_label("对方怎样回答才算发出").select_option("errcode")
    browser_page.click("保存", role="button")
    assert page.get_by_label("对方怎样回答才算发出").input_value() == "errcode"
    browser_page.open("/notices/write/")
