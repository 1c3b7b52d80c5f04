"""Writing, sending, calling, reading and answering, as people do it."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from django.test import Client, override_settings

from linli.core.models import Limit
from linli.core.scope import system_scope
from linli.workbench.notices import jobs, outbox, queries
from linli.workbench.notices.actions import Recipient
from linli.workbench.notices.commands import notices as status
from linli.workbench.notices.models import ChannelSetting, Delivery, Notice, Template
from linli.workbench.notices.recipients import token_of
from linli.workbench.notices.tests.conftest import by_phone, only, resident, states, told
from linli.workbench.notices.tests.standing_in import a_server
from linli.workbench.notices.tests.test_outbox import AT_NOON
from tests.edits import edit
from tests.people import Subdistrict, a_person, a_user, by_the_system, working_as

pytestmark = pytest.mark.django_db
TEXT = "{姓名}您好，{地点}明天停水。"


def at_work(role: str, place: Any) -> Client:
    client = Client()
    user = a_user(role, role, place)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def worker(town: Subdistrict) -> Client:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    resident(town, "吴奶奶", aged=88, phone="13905740002", preferred_channel="phone")
    a_person(town.home("9", "101"), "别处老人", aged=90, phone="13905740004")
    return at_work("secretary", town.community)


def written(step: str, **given: Any) -> dict[str, Any]:
    return {
        "audience": "80岁以上老人",
        "subject": "停水通知",
        "text": TEXT,
        "key": "k1",
        "step": step,
        **given,
    }


def one_notice() -> Notice:
    with system_scope("look"):
        return Notice.objects.filter(is_trial=False).get()


def test_look_then_send(worker: Client, gateway: Any) -> None:
    page = worker.get("/notices/write/", {"q": "80岁以上老人"}).content.decode()
    assert "80岁以上老人" in page
    page = worker.post("/notices/write/", written("look")).content.decode()
    assert "年龄≥80岁" in page
    assert "发送给2人" in page
    assert "虞阿香您好，东方丽都" in page
    assert "别处老人" not in page
    with system_scope("look"):
        assert not Notice.objects.exists()
    sent = worker.post("/notices/write/", written("send", expected="2"))
    again = worker.post("/notices/write/", written("send", expected="2"))
    assert sent.url == again.url == f"/notices/{one_notice().pk}/"
    outbox.send_queued(now=AT_NOON)
    page = worker.get(sent.url).content.decode()
    assert "139****0001" in page
    assert "13905740001" not in page
    assert [line["to"] for line in gateway()] == ["13905740001"]


def test_from_an_answer_to_its_people_in_one_tap(worker: Client) -> None:
    page = worker.get("/ask/", {"q": "80岁以上老人"}).content.decode()
    href = re.search(r"/notices/write/\?[^\"]+", page)
    assert href
    assert "年龄≥80岁" in worker.get(html.unescape(href[0])).content.decode()
    page = worker.post("/notices/write/", written("look", audience="年龄≥80岁")).content.decode()
    assert "发送给2人" in page


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"audience": "东方丽都喜欢钓鱼的人"}, "没有看懂"),
        ({"audience": ""}, "请写告诉谁"),
        ({"audience": "120岁以上老人"}, "没有人"),
        ({"text": "{手机}"}, "不认识“手机”"),
        ({"text": "水" * 501}, "500"),
        ({"audience": "有电梯的楼栋"}, "只能发给人"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    worker: Client, given: dict[str, str], says: str
) -> None:
    answer = worker.post("/notices/write/", written("look", **given))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "停水通知" in answer.content.decode()


def test_when_somebody_moved_in_since_the_look_it_is_shown_again(
    worker: Client, town: Subdistrict
) -> None:
    resident(town, "新来的", door="102", aged=91, phone="13905740007")
    answer = worker.post("/notices/write/", written("send", expected="2"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "人数变了" in page
    assert "发送给3人" in page


def test_a_trial_comes_to_my_messages(worker: Client, gateway: Any) -> None:
    worker.post("/notices/write/", written("try", phone="13905740099"))
    outbox.send_queued(now=AT_NOON)
    assert [line["to"] for line in gateway()] == ["13905740099"]
    page = worker.get("/notices/messages/").content.decode()
    assert "停水通知" in page
    href = re.search(r"/notices/messages/\d+/", page)
    assert href
    assert "明天停水" in worker.get(href[0]).content.decode()
    worker.post(href[0], {"words": "看到了"})
    assert "已回复" in worker.get("/notices/messages/").content.decode()
    assert "停水通知" not in worker.get("/notices/").content.decode()


def test_calls_are_made_noted_and_printed(worker: Client) -> None:
    worker.post("/notices/write/", written("send", expected="2"))
    page = worker.get("/notices/calls/").content.decode()
    assert "吴奶奶" in page
    assert "13905740002" not in page
    href = re.search(r"/notices/to/\d+/call/", page)
    assert href
    assert "13905740002" not in worker.get(href[0]).content.decode()
    number = worker.post(href[0].replace("call", "number")).content.decode()
    assert "tel:13905740002" in number
    sheet = worker.post("/notices/calls/sheet/", {"file": "sheet"}).content.decode()
    assert "13905740002" in sheet
    assert "吴奶奶您好" in sheet
    table = worker.post("/notices/calls/sheet/", {"file": "xlsx"})
    rows = openpyxl.load_workbook(io.BytesIO(table.content)).worksheets[0]
    assert rows["B2"].value == "13905740002"
    worker.post(href[0], {"reached": "yes", "answer": "知道了"})
    assert "没有要打的电话" in worker.get("/notices/calls/").content.decode()
    assert states(one_notice()) == ["queued", "reached"]


def test_stopping_asks_first(worker: Client, gateway: Any) -> None:
    worker.post("/notices/write/", written("send", expected="2"))
    at = f"/notices/{one_notice().pk}/stop/"
    assert "收不回来" in worker.get(at).content.decode()
    worker.post(at)
    assert set(states(one_notice())) == {"stopped"}
    outbox.send_queued(now=AT_NOON)
    assert gateway() == []
    assert "已经停止" in worker.post(at, follow=True).content.decode()


def test_the_doubtful_ones_are_decided_by_a_person(worker: Client, gateway: Any) -> None:
    worker.post("/notices/write/", written("send", expected="2"))
    with system_scope("a worker claims, and dies"):
        row = Delivery.objects.get(channel="sms")
        outbox.claim(row.pk)
        outbox.note_lost(after=timedelta(0))
    page = worker.get("/notices/unsure/").content.decode()
    assert "不知道有没有发到" in page
    assert "要您判断的" in worker.get("/").content.decode()
    worker.post(f"/notices/to/{row.pk}/settle/", {"what": "again"})
    outbox.send_queued(now=AT_NOON)
    assert len(gateway()) == 1
    assert worker.post(f"/notices/to/{row.pk}/settle/", {"what": "nonsense"}).status_code == 404


@override_settings(CSRF_TRUSTED_ORIGINS=["https://linli.example.cn"])
def test_a_resident_reads_and_answers_without_an_account(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, by_phone())
    outbox.send_queued(now=AT_NOON)
    (line,) = gateway()
    link = re.search(r"https://linli\.example\.cn(/n/\w+/)$", line["text"])
    assert link
    visitor = Client()
    page = visitor.get(link[1]).content.decode()
    assert "楼道灯已经修好" in page
    assert "居民1" not in page
    assert only(notice).read_at is None, "a preview by a chat program is no reading"
    visitor.post(link[1], {"words": ""})
    assert only(notice).read_at
    visitor.post(link[1], {"words": "<b>谢谢</b>"})
    assert only(notice).answer == "<b>谢谢</b>"
    assert "&lt;b&gt;谢谢" in visitor.get(link[1]).content.decode()
    assert visitor.post(link[1], {"words": "长" * 201}).status_code == 422


def test_guessing_links_ends_soon_and_tells_nothing(town: Subdistrict) -> None:
    notice = told(town.community, by_phone())
    visitor = Client()
    answers = [visitor.get(f"/n/{n:026x}/").status_code for n in range(25)]
    assert answers == [404] * 20 + [429] * 5
    right = token_of(only(notice).key)
    assert visitor.get(f"/n/{right}/").status_code == 429
    Limit.objects.all().delete()
    assert visitor.get(f"/n/{right}/").status_code == 200


def test_templates_are_kept_used_and_ended(worker: Client, town: Subdistrict) -> None:
    worker.post("/notices/templates/", {"name": "停水", "subject": "停水通知", "text": TEXT})
    with system_scope("look"):
        template = Template.objects.get()
    assert "停水通知" in worker.get(f"/notices/write/?template={template.pk}").content.decode()
    grid = at_work("grid_worker", town.grids[0])
    assert "停水通知" in grid.get("/notices/templates/").content.decode()
    assert grid.post("/notices/templates/", {"name": "x"}).status_code == 404
    assert grid.post(f"/notices/templates/{template.pk}/end/").status_code == 404
    worker.post(f"/notices/templates/{template.pk}/end/")
    assert "还没有模板" in worker.get("/notices/templates/").content.decode()


def test_an_officer_sets_channels_and_a_group_is_told(town: Subdistrict, worker: Client) -> None:
    officer = at_work("subdistrict_officer", town.town)
    given = {
        "kind": "wecombot",
        "name": "殷家工作群",
        "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=geheim-1",
    }
    officer.post("/notices/channels/", given)
    page = officer.get("/notices/channels/").content.decode()
    assert "殷家工作群" in page
    assert "geheim" not in page
    wrong = officer.post("/notices/channels/", {**given, "address": "https://evil.cn/?key=1"})
    assert wrong.status_code == 422
    assert worker.get("/notices/channels/").status_code == 404
    with system_scope("look"):
        setting = ChannelSetting.objects.get()
    sent = written("send", audience="", groups=[str(setting.pk)], expected="0")
    worker.post("/notices/write/", sent)
    with system_scope("look"):
        row = Delivery.objects.get()
    assert (row.channel, row.via_id, row.state) == ("wecombot", setting.pk, "queued")
    assert row.text.startswith("各位您好")
    officer.post(f"/notices/channels/{setting.pk}/switch/", {"on": "no"})
    assert "殷家工作群" not in worker.get("/notices/write/").content.decode()


def test_an_officer_sets_what_counts_as_sent_and_tests_it(town: Subdistrict) -> None:
    officer = at_work("subdistrict_officer", town.town)
    with a_server() as gateway:
        with by_the_system():
            setting = ChannelSetting.objects.create(
                kind="sms", name="短信", address=gateway.address, scope_path=town.town.path
            )
        page = f"/notices/channels/{setting.pk}/"
        assert "怎样算发出" in officer.get(page).content.decode()
        gateway.answer = {"success": False, "msg": "签名未报备"}
        notice = told(town.community, by_phone())
        outbox.send_queued(now=AT_NOON)
        assert states(notice) == ["unknown"]
        assert "没有发成" in only(notice).error
        assert officer.post(f"{page}test/", {"to": "123"}).status_code == 422
        tried = officer.post(f"{page}test/", {"to": "13905740001"}).content.decode()
        assert "不算发出" in tried
        assert "签名未报备" in tried or "\\u7b7e" in tried
        gateway.answer = {"data": {"state": "ok"}}
        assert edit(officer, page, {"success": "own"}).status_code == 422
        given = {"success": "own", "success_path": "data.state", "success_values": "ok"}
        assert edit(officer, page, given).status_code == 302
        tried = officer.post(f"{page}test/", {"to": "13905740001"}).content.decode()
        assert "对方收下了" in tried
        assert [body["to"] for body in gateway.bodies] == ["13905740001"] * 3
        other = told(town.community, by_phone(2), key="other")
        outbox.send_queued(now=AT_NOON)
        assert states(other) == ["sent"]
    there = at_work("secretary", town.community)
    assert there.get(page).status_code == 404
    assert there.post(f"{page}test/", {"to": "13905740001"}).status_code == 404


def test_a_new_gateway_has_its_rule_at_once(town: Subdistrict) -> None:
    officer = at_work("subdistrict_officer", town.town)
    given = {"kind": "sms", "name": "阿里云", "address": "https://sms.example.cn/"}
    officer.post("/notices/channels/", {**given, "success": "aliyun"})
    with system_scope("look"):
        setting = ChannelSetting.objects.get()
    assert (setting.success_path, setting.success_values) == ("Code", "OK")
    assert officer.post("/notices/channels/", {**given, "success": "none"}).status_code == 422


def test_who_tells_nobody_has_no_such_pages(town: Subdistrict) -> None:
    manager = at_work("property_manager", town.estate)
    for path in ("", "write/", "calls/", "unsure/", "templates/", "channels/"):
        assert manager.get(f"/notices/{path}").status_code == 404, path
    assert manager.get("/notices/messages/").status_code == 200


def test_old_numbers_and_texts_are_forgotten(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, by_phone())
    outbox.send_queued(now=AT_NOON)
    assert jobs.forget() == 0
    with by_the_system():
        old = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
        Delivery.objects.update(made_at=old)
        Notice.objects.update(made_at=old)
    assert (jobs.forget(), jobs.forget()) == (1, 0)
    assert (only(notice).phone, only(notice).text, only(notice).state) == ("", "", "sent")
    with system_scope("look"):
        notice.refresh_from_db()
    assert (notice.subject, notice.text) == ("内容已清除", "")
    assert only(notice).subject == "内容已清除"


@pytest.mark.parametrize("state", ["queued", "unknown", "to_call", "not_reached", "failed"])
def test_what_was_never_done_is_forgotten_too(town: Subdistrict, state: str) -> None:
    notice = told(town.community, by_phone())
    with by_the_system():
        old = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
        Delivery.objects.update(made_at=old, state=state)
    assert jobs.forget() == 1
    row = only(notice)
    assert (row.phone, row.text) == ("", "")
    assert row.state == ("failed" if state == "failed" else "stopped")


def test_in_production_nobody_believes_that_sms_goes_out_without_a_gateway(
    town: Subdistrict, settings: Any
) -> None:
    officer = at_work("subdistrict_officer", town.town)
    told(town.community, by_phone())
    assert "短信写进本机文件" in officer.get("/notices/channels/").content.decode()
    said = Mock(scope=None)
    assert status.run(said) == 0
    settings.MODE, settings.DEMO = "production", False
    page = officer.get("/notices/channels/").content.decode()
    assert "短信写进本机文件" not in page
    assert "短信还没有通道：发不出去，1条在等" in page
    assert status.run(said) == 1
    lines = [str(call.args[0]) for call in said.say.call_args_list]
    assert any("短信没有通道，1条一直等着" in line for line in lines)


def test_the_page_of_a_person_shows_what_they_were_told(
    worker: Client, town: Subdistrict, gateway: Any
) -> None:
    person = resident(town, "周阿姨", door="102", aged=70, phone="13905740008")
    told(town.community, Recipient("周阿姨", person=person))
    page = worker.get(f"/people/{person.pk}/").content.decode()
    assert "您反映的事有答复了" in page
    assert "待发" in page
    outbox.send_queued(now=AT_NOON)
    assert [line["to"] for line in gateway()] == ["13905740008"], "the number of the register"
    assert "已发出" in worker.get(f"/people/{person.pk}/").content.decode()
    with working_as("secretary", town.community.path):
        assert queries.deliveries_about(town.community).count() == 1
