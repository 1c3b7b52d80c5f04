"""A7 人人不漏: a place door by door and call by call, nobody missed and nobody asked twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.commons.coverage import actions
from linli.commons.coverage.jobs import top_up_all
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from tests.browser import Visitor
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def opened(town: Subdistrict, **given: Any) -> Coverage:
    with system_scope("test"):
        facts = {
            "title": "燃气安全入户排查",
            "why": "燃气条例第二十条，看软管和阀门",
            "place": town.community,
            "condition": {},
            "until_on": today() + timedelta(days=7),
        }
        return actions.open_coverage(**{**facts, **given}, by=None)


def the_stop(canvass: Coverage, door: str) -> CoverageRow:
    with system_scope("test"):
        return CoverageRow.objects.select_related("coverage", "place", "household", "by").get(
            coverage=canvass,
            place__dwelling_facts__door=door,
            place__dwelling_facts__building__name="1幢",
        )


def test_a_building_is_walked_and_called_until_nobody_is_left(browser_page: Visitor) -> None:
    visitor, town = browser_page, a_subdistrict()
    worker = a_user("chen", "community_worker", town.community)
    a_person(town.home("1", "101"), "虞阿香", aged=86)
    a_person(town.home("1", "201"), "钱阿宝", aged=40)
    visitor.sign_in(worker)
    page = visitor.open("/canvasses/")
    visitor.click("开始走访排查")
    page.get_by_label("做什么").fill("燃气安全入户排查")
    page.get_by_label("依据和用途").fill("燃气条例第二十条，看软管和阀门")
    page.get_by_label("哪里").select_option(label="东方丽都1幢")
    page.get_by_label("到哪天").fill((today() + timedelta(days=7)).isoformat())
    visitor.click("开始", role="button")
    assert "0/6户" in page.inner_text("main")
    with system_scope("test"):
        canvass = Coverage.objects.get()
    visitor.click("东方丽都1幢")
    visitor.click("101")
    assert "虞阿香" in page.inner_text("main")
    page.get_by_text("已联系上").click()
    visitor.click("记下", role="button")
    assert "走了1户" in page.inner_text("main")
    visitor.click("201")
    page.get_by_text("没人在家", exact=True).click()
    visitor.click("记下", role="button")
    tomorrow = today() + timedelta(days=1)
    assert f"{tomorrow:%m-%d}" in page.inner_text("main")
    _moved_in_and_called(visitor, town, canvass)
    _closed_with_the_number(visitor, canvass)


def _moved_in_and_called(visitor: Visitor, town: Subdistrict, canvass: Coverage) -> None:
    """Who moves in while it runs is on the list of calls."""
    a_person(town.home("1", "302"), "孙阿毛", aged=30)
    assert top_up_all() == 1
    assert top_up_all() == 0
    page = visitor.open(f"/canvasses/{canvass.pk}/calls/")
    assert "302" in page.inner_text("main")
    assert "201" not in page.inner_text("main")  # not before the day
    visitor.click("打下一户", role="button")
    assert "孙阿毛" in page.inner_text("main")
    page.get_by_text("不愿意").click()
    visitor.click("记下", role="button")
    assert "现在没有要打电话的户" in page.inner_text("main")


def _closed_with_the_number(visitor: Visitor, canvass: Coverage) -> None:
    """What was not reached is confirmed by its number."""
    visitor.open(f"/canvasses/{canvass.pk}/")
    visitor.click("结束走访排查")
    visitor.seen.expected_status = 422
    page = visitor.click("结束走访排查", role="button")
    text = page.inner_text("main")
    assert "没联系上" in text
    with system_scope("test"):
        left = CoverageRow.objects.filter(
            coverage=canvass, result__in=("waiting", "absent")
        ).count()
    page.get_by_label("还没联系上的户数").fill(str(left))
    visitor.seen.expected_status = 200
    visitor.click("结束走访排查", role="button")
    with system_scope("test"):
        assert Coverage.objects.get().closed_on == today()
    stop = the_stop(canvass, "101")
    visitor.open(f"/canvasses/{canvass.pk}/stops/{stop.pk}/")
    visitor.open(f"/canvasses/{canvass.pk}/stops/{stop.pk}/correct/")


def test_two_at_one_building_do_not_collide(phone_page: Visitor) -> None:
    visitor, town = phone_page, a_subdistrict()
    chen = a_user("chen", "community_worker", town.community)
    lin = a_user("lin", "grid_worker", town.grids[0])
    a_person(town.home("1", "101"), "虞阿香", aged=86)
    canvass = opened(town)
    stop = the_stop(canvass, "101")
    visitor.sign_in(chen)
    visitor.open(f"/canvasses/{canvass.pk}/stops/{stop.pk}/")
    visitor.sign_in(lin)
    page = visitor.open(f"/canvasses/{canvass.pk}/stops/{stop.pk}/")
    assert f"{chen.name}正在这一户" in page.inner_text("main")
    page.get_by_text("已联系上").click()
    page.get_by_label("说了什么").fill("软管老化")
    with system_scope("test"):
        actions.record(row=the_stop(canvass, "101"), result="reached", way="door", by=chen)
    visitor.seen.expected_status = 422
    visitor.click("记下", role="button")
    text = page.inner_text("main")
    assert f"{chen.name}刚才已记为“已联系上”" in text
    assert "软管老化" in text  # nothing that was written is lost
    with system_scope("test"):
        assert CoverageRow.objects.get(pk=stop.pk).tries == 1


def test_the_same_page_sent_twice_is_one_result() -> None:
    town = a_subdistrict()
    chen = a_user("chen", "community_worker", town.community)
    canvass = opened(town)
    with system_scope("test"):
        for _time in range(2):
            actions.record(
                row=the_stop(canvass, "101"),
                result="absent",
                way="door",
                by=chen,
                form_token="a-page",
            )
        assert the_stop(canvass, "101").tries == 1
        # The negative control: without the key of the page the second sending is a second try.
        for _time in range(2):
            actions.record(row=the_stop(canvass, "102"), result="absent", way="door", by=chen)
        assert the_stop(canvass, "102").tries == 2


def test_a_condition_means_its_households_and_nobody_else() -> None:
    from linli.workbench.conditions import queries as conditions

    town = a_subdistrict()
    a_person(town.home("1", "101"), "虞阿香", aged=86)
    a_person(town.home("1", "201"), "钱阿宝", aged=40)
    with system_scope("test"):
        said = conditions.condition_json(conditions.understood("person", "80岁以上老人"))
    canvass = opened(town, condition=said)
    with system_scope("test"):
        assert [str(stop) for stop in canvass.rows.all()] == ["东方丽都1幢101室"]
    with pytest.raises(Refused, match="没有符合的户"):
        opened(town, condition={**said, "where": {"field": "age", "op": "ge", "value": 120}})
    with system_scope("test"):
        assert Coverage.objects.count() == 1  # nothing is half opened
    reached = the_stop(canvass, "101")
    chen = a_user("chen", "community_worker", town.community)
    with system_scope("test"):
        actions.record(row=reached, result="refused", way="phone", by=chen)
        back = actions.correct(row=the_stop(canvass, "101"), reason="点错了", by=chen)
        assert back.result == "waiting"
