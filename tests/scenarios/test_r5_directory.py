"""R5 通讯录, P7 专业力量: who comes at three in the morning; a resident sent on with consent."""

from __future__ import annotations

import pytest

from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.tests.builders import a_neighbourhood
from linli.core.scope import system_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def here():
    """殷家社区, who comes when called there, and a grandmother who wants to write her will."""
    return a_neighbourhood()


def refused(browser_page):
    """Check the page of a form that was not taken, and go on."""
    browser_page.seen.expected_status = 422
    browser_page.check()
    browser_page.seen.expected_status = 200


def test_a_leaking_lift_at_three_in_the_morning_is_one_search(browser_page, here):
    browser_page.sign_in(here.worker)
    page = browser_page.open("/directory/")
    page.get_by_role("searchbox").fill("东方丽都1幢 夜里三点 电梯漏水")
    page.locator(".ask button[type=submit]").click()
    page.wait_for_load_state("load")
    browser_page.check()
    first = page.locator("#found a[href^='tel:']").first
    assert first.get_attribute("href") == "tel:14300000002"
    assert "夜班师傅" in first.inner_text()
    assert page.get_by_text("维护这里").first.is_visible()


def test_nobody_there_says_when_and_who_else(browser_page, here):
    browser_page.sign_in(here.worker)
    page = browser_page.open("/directory/?q=凌晨3点 律师 外星")
    assert page.get_by_text("没看懂这些词").is_visible()
    assert page.get_by_text("这时不在").is_visible()
    assert page.get_by_text("用户zhouqiang").first.is_visible()


def test_an_organisation_is_kept_up_on_the_spot(browser_page, here):
    browser_page.sign_in(here.worker)
    page = browser_page.open(f"/directory/add/?place={here.town.community.pk}")
    page.get_by_label("名称").fill("殷家锁行")
    page.get_by_label("能帮什么").fill("开锁换锁")
    page.get_by_label("时间").fill("看心情")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("load")
    assert page.get_by_text("看不懂").first.is_visible()
    refused(browser_page)
    page.get_by_label("时间").fill("夜间值班 22:00-6:00")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("load")
    browser_page.check()
    assert page.get_by_text("每天 22:00-次日6:00").first.is_visible()


def test_a_resident_is_referred_and_the_lawyer_answers_without_an_account(browser_page, here):
    browser_page.sign_in(here.worker)
    page = browser_page.open(f"/directory/refer/{here.her.pk}/")
    page.get_by_label("转给谁").select_option(str(here.law.pk))
    page.get_by_label("事项").select_option("law")
    page.get_by_label("什么事").fill("想问遗嘱怎么写")
    page.get_by_label("还没有同意").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("load")
    assert page.get_by_text("没有本人同意，不能转介").first.is_visible()
    refused(browser_page)
    page.get_by_label("当面口头").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("load")
    browser_page.check()
    link = page.locator("main .prose").first.inner_text().strip()
    with system_scope("look"):
        referral = Referral.objects.get()
    page.context.clear_cookies()
    browser_page.open(link[link.index("/r/") :])
    assert page.get_by_text("虞阿香").is_visible()
    assert "14300001234" not in page.content()
    page.get_by_label("回复").fill("周三上午来所里")
    page.get_by_role("button", name="我接下").click()
    page.wait_for_load_state("load")
    page.get_by_label("回复").fill("遗嘱已公证")
    page.get_by_role("button", name="办好了").click()
    page.wait_for_load_state("load")
    browser_page.check()
    assert page.get_by_text("虞阿香").count() == 0
    browser_page.sign_in(here.worker)
    browser_page.open(f"/directory/referrals/{referral.pk}/")
    assert page.get_by_text("遗嘱已公证").is_visible()
    browser_page.open(f"/people/{here.her.pk}/")
    assert page.get_by_text("甬江律师事务所").first.is_visible()
