"""A4 到期提醒: a month before a lift's inspection the secretary hears, hands out, sees it done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.capabilities.alerts.models import Alert, AlertRule
from linli.capabilities.alerts.runner import run_rules
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.facilities.actions import Cycle, NewFacility, add_facilities, set_duty
from linli.register.facilities.models import Duty, Facility
from linli.workbench.tasks.models import Task
from tests.browser import Visitor
from tests.people import Subdistrict, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def lifts(town: Subdistrict) -> list[Facility]:
    with system_scope("test"):
        new = [
            NewFacility(town.building(number), "电梯", f"{number}幢{n}号电梯")
            for number in ("1", "2")
            for n in (1, 2)
        ]
        made = add_facilities(facilities=new, by=None)
        for n, lift in enumerate(made):
            set_duty(
                facility=lift,
                kind="inspection",
                name="年检",
                cycle=Cycle(months=12),
                due_on=today() + timedelta(days=25 + 40 * n),
                by=None,
            )
        return made


def test_the_secretary_hears_a_month_ahead_and_sees_it_done(browser_page: Visitor) -> None:
    visitor, town = browser_page, a_subdistrict()
    secretary = a_user("shuji", "secretary", town.community)
    a_user("wangge", "grid_worker", town.grids[0])
    made = lifts(town)
    visitor.sign_in(secretary)
    page = visitor.open("/whistles/rules/")
    visitor.click("电梯年检")
    visitor.click("采用", role="button")
    assert "会吹4次" in page.inner_text("main")
    assert "殷家社区里" in page.inner_text("main")
    visitor.click("启用")
    assert "启用后马上吹1次" in page.inner_text("main")
    visitor.click("启用规则", role="button")
    assert run_rules().raised == 1
    assert run_rules(whole=True).raised == 0
    visitor.open("/whistles/")
    visitor.click("1幢1号电梯")
    assert "1幢1号电梯" in page.inner_text("main")
    with system_scope("test"):
        task = Task.objects.get(kind="alerts.respond")
        duty = Duty.objects.get(facility=made[0])
    _hand_to_the_grid(visitor, task)
    visitor.open(f"/facilities/{made[0].pk}/")
    visitor.open(f"/facilities/{made[0].pk}/duties/{duty.pk}/done/")
    page.get_by_label("结果").fill("合格")
    visitor.click("办结周期事项", role="button")
    assert "合格" in page.inner_text("main")
    # The alert and its task end with the duty, in the same moment; the next day is set.
    with system_scope("test"):
        assert Alert.objects.get().state == "done"
        assert Task.objects.get(pk=task.pk).state == "done"
        assert Duty.objects.get(pk=duty.pk).due_on > today() + timedelta(days=300)
    assert run_rules(whole=True).cleared == 0
    with system_scope("test"):
        assert AlertRule.objects.get().is_on
    visitor.open("/whistles/?over=1")
    visitor.open("/calendar/")
    visitor.open("/calendar/feeds/")


def _hand_to_the_grid(visitor: Visitor, task: Task) -> None:
    """The secretary gives it to the grid worker who knows the door."""
    page = visitor.open(f"/tasks/{task.pk}/hand-over/")
    page.get_by_text("第1网格 · 网格员").first.click()
    page.get_by_label("原因").fill("请提醒居民")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("load")
    visitor.check()
    with system_scope("test"):
        assert Task.objects.get(pk=task.pk).seat_role == "grid_worker"


def test_every_other_page_of_alerts_and_facilities_holds_up(phone_page: Visitor) -> None:
    visitor, town = phone_page, a_subdistrict()
    made = lifts(town)
    visitor.sign_in(a_user("shuji", "secretary", town.community))
    visitor.open("/whistles/")
    visitor.open("/whistles/signal/")
    page = visitor.open("/whistles/rules/add/")
    page.get_by_label("名称").fill("独居老人")
    page.get_by_label("居民", exact=True).check()
    page.get_by_label("哪些").fill("80岁以上独居老人")
    page.get_by_label("情况出现").check()
    page.get_by_label("说什么").fill("上门看一看")
    visitor.click("保存", role="button")
    assert "年龄≥80岁 且 独居" in page.inner_text("main")
    with system_scope("test"):
        rule = AlertRule.objects.get()
    visitor.open(f"/whistles/rules/{rule.pk}/edit/")
    there = f"/facilities/{made[0].pk}/"
    for path in ("", "code/", "edit/", "move/", "end/", "duties/add/"):
        visitor.open(there + path)
    for path in ("/facilities/", "/facilities/add/", "/facilities/take/"):
        visitor.open(path)


def test_a_condition_ticked_on_the_ask_page_becomes_a_rule(browser_page: Visitor) -> None:
    visitor, town = browser_page, a_subdistrict()
    visitor.sign_in(a_user("shuji", "secretary", town.community))
    page = visitor.open("/ask/?q=80岁以上独居老人")
    visitor.click("写吹哨规则")
    assert page.get_by_label("哪些").input_value() == "年龄≥80岁 且 独居"
    page.get_by_label("名称").fill("高龄独居")
    page.get_by_label("情况出现").check()
    page.get_by_label("说什么").fill("上门看一看")
    visitor.click("保存", role="button")
    assert "年龄≥80岁 且 独居" in page.inner_text("main")
    page = visitor.open("/ask/?q=80岁以上独居老人")
    visitor.click("定期看望")
    assert page.get_by_label("看望谁").input_value() == "年龄≥80岁 且 独居"
    page = visitor.open("/ask/?q=80岁以上独居老人")
    visitor.click("挨户走访")
    assert page.get_by_label("哪些户").input_value() == "年龄≥80岁 且 独居"
