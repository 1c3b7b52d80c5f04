"""V8 感受度: visits by need, a promise made at a door, and what the resident says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.capabilities.visits import actions, queries
from linli.capabilities.visits.jobs import hear_changes, plan_at
from linli.capabilities.visits.models import CarePlan, FeedbackRequest, Promise, Visit
from linli.core.scope import system_scope
from linli.core.time import add_working_days, today
from linli.register.people.actions import form_household, record_death
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar
from tests.browser import Visitor
from tests.people import a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_plan_a_visit_a_promise_and_how_it_felt(
    browser_page: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The lot does not fall on the visit: what is asked about is the promise.
    lots = iter([9_999, 0])
    where = "linli.capabilities.visits.actions.feedback.randbelow"
    monkeypatch.setattr(where, lambda _n: next(lots))
    visitor, town = browser_page, a_subdistrict()
    secretary = a_user("shuji", "secretary", town.community)
    lin = a_user("lin", "grid_worker", town.grids[0])
    chen = a_user("chen", "community_worker", town.community)
    old = a_person(town.home("1", "201"), "虞阿香", aged=86)
    a_person(town.home("1", "301"), "钱阿宝", aged=40)
    visitor.sign_in(secretary)
    page = visitor.open("/visits/")
    visitor.click("高龄独居每周看")
    visitor.click("采用", role="button")
    assert "1人" in page.inner_text("main")
    visitor.click("启用")
    visitor.click("启用看望安排", role="button")
    went = plan_at(today())
    assert went.planned == 1
    assert plan_at(today()).planned == 0
    _bring_near()
    visitor.sign_in(lin)
    page = visitor.open("/tasks/")
    assert "看望虞阿香" in page.inner_text("main")
    visit = _visit()
    visitor.open(f"/visits/{visit.pk}/")
    page.get_by_text("上门见到").click()
    page.get_by_label("看到什么、说了什么").fill("腿脚不好，楼道灯坏了")
    page.get_by_label("答应了什么").fill("修好二楼的灯")
    page.get_by_label("哪天之前做到").fill((today() + timedelta(days=3)).isoformat())
    visitor.click("记下", role="button")
    with system_scope("test"):
        assert _visit().state == "done"
        assert Task.objects.get(kind="visits.visit").state == "done"
        promise = Promise.objects.get()
        old.refresh_from_db()
        assert old.last_contact_on == today()
    _kept_and_asked(visitor, promise, lin, chen)
    visitor.sign_in(secretary)
    page = visitor.open("/visits/figures/")
    text = page.inner_text("main")
    assert "殷家社区" in text
    assert "不算比例" in text  # one promise is too few for a share
    assert "灯亮了" in text
    assert lin.name not in text


def _bring_near() -> None:
    """The day has come: its task is opened."""
    plan_at(today())
    with system_scope("test"):
        visit = _visit()
        if visit.task is None:
            plan_at(visit.day)
        assert _visit().task is not None


def _visit() -> Visit:
    with system_scope("test"):
        visit: Visit = Visit.objects.select_related("task", "person").order_by("pk").first()
        return visit


def _kept_and_asked(visitor: Visitor, promise: Promise, lin: object, chen: object) -> None:
    """The promise is kept; another person may ask, the resident answers on their own page."""
    page = visitor.open(f"/visits/promises/{promise.pk}/")
    visitor.click("做到了")
    visitor.click("做到了", role="button")
    with system_scope("test"):
        feedback_request = FeedbackRequest.objects.get(promise=promise)
        token = queries.token_of(feedback_request)
    page = visitor.open(f"/visits/askings/{feedback_request.pk}/")
    assert "请换一位同事来问" in page.inner_text("main")
    assert page.locator("main img").count() == 0  # nor can they open the resident's own page
    visitor.open(f"/felt/{token}/", status=403)
    visitor.sign_in(chen)
    page = visitor.open(f"/visits/askings/{feedback_request.pk}/")
    assert page.get_by_text("暖心").count() == 1
    visitor.context.clear_cookies()
    page = visitor.open(f"/felt/{token}/")
    text = page.inner_text("main")
    assert "修好二楼的灯" in text
    assert "虞阿香" not in text  # whoever finds the link learns no name
    page.get_by_text("是", exact=True).first.click()
    page.get_by_text("暖心").click()
    page.get_by_label("想说的话").fill("灯亮了，谢谢")
    visitor.click("告诉社区", role="button")
    assert "谢谢" in page.inner_text("main")
    visitor.open("/felt/not-a-word/", status=404)
    with system_scope("test"):
        assert Promise.objects.get().resident_verdict == "yes"
        assert FeedbackRequest.objects.get().state == "answered"
        assert Task.objects.get(kind="visits.ask").state == "done"


def test_a_death_in_the_household_brings_somebody_within_a_day(phone_page: Visitor) -> None:
    visitor, town = phone_page, a_subdistrict()
    lin = a_user("lin", "grid_worker", town.grids[0])
    home = town.home("1", "101")
    husband = a_person(home, "沈根生", aged=88)
    with system_scope("test"):
        wife = a_person(home, "金阿珍", aged=85)
        form_household(dwelling=home, people=[husband, wife], head=husband, by=None)
        record_death(person=husband, on=today(), by=None)
    assert hear_changes() == 1
    assert hear_changes() == 0
    visitor.sign_in(lin)
    page = visitor.open("/visits/")
    assert "马上去" in page.inner_text("main")
    with system_scope("test"):
        task = Task.objects.filter(kind="visits.at_once").first()
        assert task.due_on <= today() + timedelta(days=1)
    page = visitor.open(f"/people/{wife.pk}/")
    assert "马上看望" in page.inner_text("main")


def test_every_other_page_of_visits_holds_up(phone_page: Visitor) -> None:
    visitor, town = phone_page, a_subdistrict()
    secretary = a_user("shuji", "secretary", town.community)
    old = a_person(town.home("1", "201"), "虞阿香", aged=86)
    with system_scope("test"):
        promise = actions.make_promise(
            person=old, what="修灯", due_on=add_working_days(today(), 2, calendar()), by=None
        )
        visit = actions.visit_at_once(person=old, why="邻居说没见到人", by=None)
    visitor.sign_in(secretary)
    page = visitor.open("/visits/plans/add/")
    page.get_by_label("名称").fill("所有人")
    page.get_by_label("看望谁").fill("80岁以上独居老人")
    page.get_by_label("每几天一次").fill("30")
    visitor.click("保存", role="button")
    with system_scope("test"):
        plan = CarePlan.objects.get()
    for path in (
        f"plans/{plan.pk}/edit/",
        f"plans/{plan.pk}/on/",
        f"plans/{plan.pk}/off/",
        f"people/{old.pk}/",
        f"people/{old.pk}/at-once/",
        f"people/{old.pk}/promise/",
        f"promises/{promise.pk}/",
        f"promises/{promise.pk}/kept/",
        f"promises/{promise.pk}/broken/",
        f"promises/{promise.pk}/withdraw/",
        f"{visit.pk}/",
        f"{visit.pk}/stop/",
        "figures/",
        "changes/",
        "changes/not-now/",
    ):
        visitor.open(f"/visits/{path}")
