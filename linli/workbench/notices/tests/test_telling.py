"""Who is told, by which way, and who may tell whom."""

from __future__ import annotations

from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices import actions, queries
from linli.workbench.notices.models import Delivery, Notice
from linli.workbench.notices.tests.conftest import by_phone, only, resident, told
from tests.people import Subdistrict, a_person, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def secretary(town: Subdistrict) -> User:
    return a_user("yin", "secretary", town.community)


def send(town: Subdistrict, by: User, said: str = "年龄≥80岁", **given: Any) -> Notice:
    with working_as("secretary", town.community.path, user=by):
        return actions.tell_condition(
            condition=conditions.read_text(PERSON, said),
            by=by,
            key="water",
            subject="停水通知",
            text="{姓名}您好，{地点}明天停水。",
            **given,
        )


def rows_of(notice: Notice) -> dict[str, Delivery]:
    with system_scope("look"):
        return {row.name: row for row in Delivery.objects.filter(notice=notice)}


def test_everybody_a_condition_fits_is_told_in_their_own_way(
    town: Subdistrict, secretary: User
) -> None:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    resident(town, "周大爷", aged=90, phone="13905740002", preferred_channel="phone")
    resident(town, "吴奶奶", aged=88)
    resident(town, "小林", aged=30, phone="13905740003")
    a_person(town.home("9", "101"), "邻社区老人", aged=90, phone="13905740004")
    rows = rows_of(send(town, secretary))
    assert {name: (row.channel, row.state) for name, row in rows.items()} == {
        "虞阿香": ("sms", "queued"),
        "周大爷": ("call", "to_call"),
        "吴奶奶": ("call", "to_call"),
    }
    assert rows["虞阿香"].text.startswith("虞阿香您好，东方丽都")
    assert rows["虞阿香"].scope_path == town.home("1", "101").path


def test_two_taps_are_one_notice(town: Subdistrict, secretary: User) -> None:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    assert send(town, secretary) == send(town, secretary)
    with system_scope("look"):
        assert Delivery.objects.count() == 1


def test_when_the_number_changed_since_the_look_nothing_goes_out(
    town: Subdistrict, secretary: User
) -> None:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    with pytest.raises(Refused, match="人数变了"):
        send(town, secretary, expected=2)
    with system_scope("look"):
        assert not Notice.objects.exists()
    assert send(town, secretary, expected=1)


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("停水", "{姓名}，{身份证}", "notice.placeholder"),
        ("停水", "少一半{姓名", "notice.placeholder"),
        ("停水", "点{链接}", "notice.no_address"),
        ("", "没有标题", "notice.empty"),
        ("停水", " ", "notice.empty"),
        ("停水", "水" * 501, "notice.long"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused(
    town: Subdistrict, secretary: User, subject: str, text: str, code: str
) -> None:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    with working_as("secretary", town.community.path, user=secretary):
        with pytest.raises(Refused) as refused:
            actions.tell_condition(
                condition=conditions.read_text(PERSON, "年龄≥80岁"),
                by=secretary,
                key="k",
                subject=subject,
                text=text,
            )
        assert refused.value.code == code


def test_a_brace_in_somebodys_own_words_is_no_placeholder(town: Subdistrict) -> None:
    notice = told(town.community, by_phone(), key="brace")
    assert only(notice).text == "楼道灯已经修好。"
    with system_scope("set up a test"):
        other = actions.send_notice(
            key="b2",
            about=town.community,
            recipients=[by_phone(2)],
            subject="{x}",
            text="{姓名}",
            by=None,
        )
    assert only(other).text == "{姓名}"


def test_an_empty_audience_and_houses_are_refused(town: Subdistrict, secretary: User) -> None:
    with pytest.raises(Refused, match="没有人"):
        send(town, secretary)
    with working_as("secretary", town.community.path), pytest.raises(Refused, match="只能发给人"):
        queries.people_told(conditions.read_text("building", "有电梯"))


def test_who_may_send_to_many(town: Subdistrict) -> None:
    manager = a_user("wu", "property_manager", town.estate)
    resident(town, "虞阿香", aged=85, phone="13905740001")
    with working_as("property_manager", town.estate.path, user=manager):
        with pytest.raises(Refused, match="岗位"):
            actions.tell_condition(
                condition=conditions.read_text(PERSON, "年龄≥80岁"),
                by=manager,
                key="k",
                subject="s",
                text="t",
            )
        assert actions.send_notice(
            key="k", about=town.estate, recipients=[by_phone()], subject="s", text="t", by=manager
        )


def test_a_grid_worker_reaches_their_own_grid_only(town: Subdistrict) -> None:
    resident(town, "虞阿香", aged=85, phone="13905740001")
    a_person(town.home("9", "101"), "别处的人", aged=90, phone="13905740004")
    worker = a_user("lin", "grid_worker", town.grids[0])
    with working_as("grid_worker", town.grids[0].path, user=worker):
        notice = actions.tell_condition(
            condition=conditions.read_text(PERSON, "年龄≥80岁"),
            by=worker,
            key="k",
            subject="s",
            text="t",
        )
    assert list(rows_of(notice)) == ["虞阿香"]


def test_the_grid_worker_makes_the_calls_of_a_notice_of_the_community(
    town: Subdistrict, secretary: User
) -> None:
    grandmother = resident(town, "吴奶奶", aged=88, phone="13905740002", preferred_channel="phone")
    send(town, secretary)
    worker = a_user("lin", "grid_worker", town.grids[0])
    with working_as("grid_worker", town.grids[0].path, user=worker):
        (row,) = queries.call_list()
        assert row.phone_shown == "139****0002"
        assert actions.show_number(delivery=row, by=worker) == "13905740002"
        actions.note_call(delivery=row, reached=False, by=worker)
        assert len(actions.take_call_sheet(deliveries=list(queries.call_list()), by=worker)) == 1
        actions.note_call(delivery=row, reached=True, answer="知道了，会存水", by=worker)
        assert not queries.call_list()
        with pytest.raises(Refused, match="已经记过"):
            actions.note_call(delivery=row, reached=True, by=worker)
        with pytest.raises(Refused):
            actions.take_call_sheet(deliveries=[], by=worker)
        assert queries.deliveries_about(grandmother)[0].answer == "知道了，会存水"
    with system_scope("look"):
        kinds = list(
            JournalEntry.objects.filter(kind__startswith="notice.").values_list("kind", flat=True)
        )
    assert kinds[::-1] == [
        "notice.sent_out",
        "notice.number_shown",
        "notice.called",
        "notice.sheet_taken",
        "notice.called",
    ]


def test_a_confidential_notice_is_seen_by_its_sender_alone(
    town: Subdistrict, secretary: User
) -> None:
    with working_as("secretary", town.community.path, user=secretary):
        notice = actions.send_notice(
            key="k",
            about=town.community,
            recipients=[by_phone()],
            subject="私事",
            text="私事",
            by=secretary,
            confidential=True,
        )
        assert list(queries.notices()) == [notice]
        assert queries.deliveries_about(town.community).count() == 1
    officer = a_user("ma", "subdistrict_officer", town.town)
    with working_as("subdistrict_officer", town.town.path, user=officer):
        assert not queries.notices()
        assert not queries.deliveries_about(town.community)
        assert not JournalEntry.objects.filter(text__contains="私事")


def test_numbers_texts_and_addresses_are_sealed_in_the_database(
    town: Subdistrict, secretary: User
) -> None:
    from django.db.models import TextField
    from django.db.models.functions import Cast

    officer = a_user("ma", "subdistrict_officer", town.town)
    notice = told(town.community, by_phone())
    with working_as("subdistrict_officer", town.town.path, user=officer):
        setting = actions.save_channel(
            kind="wecombot",
            name="工作群",
            secret="",
            by=officer,
            address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-123",
        )
    with system_scope("look"):
        phone = Delivery.objects.filter(notice=notice).annotate(raw=Cast("phone", TextField()))
        address = type(setting).objects.annotate(raw=Cast("address", TextField()))
        assert "13905740001" not in phone.get().raw
        assert "abc-123" not in address.get().raw
        assert address.get().address.endswith("abc-123")


def test_a_trial_goes_to_oneself(town: Subdistrict, secretary: User) -> None:
    with working_as("secretary", town.community.path, user=secretary):
        actions.try_notice(
            key="a", subject="停水", text="{姓名}", by=secretary, phone="13905740009"
        )
        with pytest.raises(Refused):
            actions.try_notice(key="b", subject="停水", text="x", by=secretary, phone="1234")
        assert queries.unread(secretary) == 1
        (message,) = queries.inbox_of(secretary)
    assert message.text == secretary.name


def test_templates_and_channels(town: Subdistrict, secretary: User) -> None:
    with working_as("secretary", town.community.path, user=secretary):
        template = actions.save_template(
            name="停水", subject="停水", text="{姓名}您好", by=secretary
        )
        with pytest.raises(Refused):
            actions.save_template(name="坏", subject="停水", text="{名}", by=secretary)
        with pytest.raises(Refused):
            actions.save_channel(kind="sms", name="x", address="file", secret="", by=secretary)
    with working_as("grid_worker", town.grids[0].path):
        assert list(queries.templates_here()) == [template]
    with working_as("secretary", town.community.path, user=secretary):
        actions.end_template(template=template, by=secretary)
        assert not queries.templates_here()
    officer = a_user("ma", "subdistrict_officer", town.town)
    with working_as("subdistrict_officer", town.town.path, user=officer):
        with pytest.raises(Refused, match="不是"):
            actions.save_channel(
                kind="dingtalk",
                name="群",
                address="https://evil.cn/?access_token=1",
                secret="",
                by=officer,
            )
        setting = actions.save_channel(
            kind="sms", name="短信", address="file", secret="", by=officer
        )
        actions.switch_channel(setting=setting, is_active=False, by=officer)
        assert not queries.groups_here()


def test_the_holder_of_the_link_answers(town: Subdistrict) -> None:
    notice = told(town.community, by_phone())
    with working_as("grid_worker", town.grids[0].path), pytest.raises(Refused):
        actions.answer_notice(delivery=only(notice), by=None)
    with system_scope("the page of the link"):
        row = actions.answer_notice(delivery=only(notice), by=None, words="修好了，谢谢")
        first = row.read_at
        row = actions.answer_notice(delivery=row, by=None)
    assert (row.answer, row.read_at) == ("修好了，谢谢", first)
    with system_scope("look"):
        counts = queries.counts_of(queries.deliveries_of(notice))
    assert (counts.total, counts.read, counts.answered) == (1, 1, 1)
