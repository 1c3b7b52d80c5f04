"""A1 from the resident's side: no account, a number and a word, and the last say."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.capabilities.cases import actions
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.queries import case_or_not_found
from linli.capabilities.cases.queries.codes import code_of
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.workbench.tasks.actions import finish_task
from tests.people import working_as

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def station() -> Station:
    return a_station()


def the_community(station: Station) -> int:
    return station.town.community.pk


def told(station: Station, **more: str) -> dict[str, object]:
    return {
        "text": "楼道灯坏了三天，老人看不见台阶",
        "community": the_community(station),
        "where": "东方丽都1幢",
        "wants_answer": "page",
        "client_id": "phone-1",
        **more,
    }


def send(station: Station, **more: str) -> tuple[Client, str, str]:
    """Report as a resident and read number and word off the page."""
    resident = Client()
    page = resident.post("/report/", told(station, **more), follow=True).content.decode()
    tracking, secret = re.findall(r"<dd>([^<]+)</dd>", page)
    return resident, tracking, secret


def the_case() -> Case:
    with system_scope("look"):
        case: Case | None = Case.objects.select_related("place").order_by("-pk").first()
        assert case is not None
        return case


def test_a_resident_reports_and_follows_with_number_and_word(station: Station) -> None:
    _resident, tracking, secret = send(station)
    case = the_case()
    assert (case.place.name, case.channel, case.spot) == ("1幢", "page", "东方丽都1幢")
    elsewhere = Client()
    spaced = f"{tracking[:4]} {tracking[4:]}"
    page = elsewhere.post(
        "/report/track/", {"tracking": spaced, "secret": secret.upper()}, follow=True
    ).content.decode()
    assert "楼道灯坏了" in page
    assert "已收到" in page


def test_a_double_tap_is_one_matter(station: Station) -> None:
    _one, first, word = send(station)
    _two, second, same_word = send(station)
    assert (first, word) == (second, same_word)
    with system_scope("look"):
        assert Case.objects.count() == 1


def test_the_code_on_the_building_knows_where(station: Station) -> None:
    with system_scope("look"):
        code = code_of(Place.objects.get(pk=station.town.building("2").pk))
    resident = Client()
    assert "2幢" in resident.get(f"/report/at/{code}/").content.decode()
    resident.post(f"/report/at/{code}/", {"text": "门禁坏了", "wants_answer": "page"})
    assert the_case().place.name == "2幢"
    forged = str(station.town.building("1").pk) + code[code.index(".") :]
    assert resident.get(f"/report/at/{forged}/").status_code == 404


def test_what_is_alike_is_shown_without_words_and_can_be_joined(station: Station) -> None:
    taken = a_case(station, "王阿婆家楼道灯坏了三天，看不见台阶", category=station.noise)
    resident = Client()
    page = resident.post("/report/alike/", told(station)).content.decode()
    assert "噪音扰民" in page
    assert "王阿婆" not in page
    resident.post("/report/", told(station, join=str(taken.case.pk)))
    with system_scope("look"):
        assert (Case.objects.count(), Report.objects.filter(case=taken.case).count()) == (1, 2)


def test_a_confidential_matter_is_neither_shown_nor_joined(station: Station) -> None:
    taken = a_case(station, "楼道灯坏了三天，老人看不见台阶", confidential=True)
    resident = Client()
    answer = resident.post("/report/alike/", told(station)).content.decode()
    assert "join" not in answer
    resident.post("/report/", told(station, join=str(taken.case.pk)))
    with system_scope("look"):
        assert Report.objects.filter(case=taken.case).count() == 1


def test_the_resident_has_the_last_word(station: Station) -> None:
    resident, _tracking, _secret = send(station)
    case = the_case()
    with working_as("community_worker", station.town.community.path, user=station.worker):
        found = case_or_not_found(case.pk)
        actions.assign_case(case=found, by=station.worker)
        for share in found.handlings.select_related("task__place", "task__person"):
            finish_task(task=share.task, by=station.worker, result="换了灯泡")
        actions.answer_case(
            case=case_or_not_found(case.pk), by=station.worker, text="灯已换好，谢谢提醒"
        )
    page = resident.get("/report/mine/").content.decode()
    assert "灯已换好" in page
    assert station.worker.name not in page
    assert "换了灯泡" not in page
    resident.post("/report/mine/", {"fixed": "no", "text": "二楼还是不亮"})
    assert the_case().reopened_times == 1


def test_taking_it_back_asks_first(station: Station) -> None:
    resident, _tracking, _secret = send(station)
    assert "不用办了" in resident.get("/report/mine/take-back/").content.decode()
    resident.post("/report/mine/take-back/")
    assert the_case().outcome == "withdrawn"
    resident.post("/report/mine/leave/")
    assert resident.get("/report/mine/").status_code == 302


def test_guessing_reveals_nothing_and_is_stopped(station: Station) -> None:
    _resident, tracking, secret = send(station)
    thief = Client()
    wrong_word = thief.post("/report/track/", {"tracking": tracking, "secret": "aaaaaaaa"})
    wrong_number = thief.post("/report/track/", {"tracking": "0000000001", "secret": secret})

    def without_token(page: str) -> str:
        page = re.sub(r"[A-Za-z0-9]{64}", "", page)
        return (
            page.replace(tracking, "")
            .replace("0000000001", "")
            .replace(secret, "")
            .replace("aaaaaaaa", "")
        )

    assert wrong_word.status_code == wrong_number.status_code == 422
    assert without_token(wrong_word.content.decode()) == without_token(
        wrong_number.content.decode()
    )
    for _n in range(12):
        thief.post("/report/track/", {"tracking": tracking, "secret": "bbbbbbbb"})
    stopped = thief.post("/report/track/", {"tracking": tracking, "secret": secret})
    assert stopped.status_code == 422
    assert "过一小时" in stopped.content.decode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": ""}, "这个字段是必填项"),
        ({"text": "长" * 50_000}, "现在50000字"),
        ({"community": "987654321"}, "选择"),
        ({"phone": "12ab"}, "12ab"),
        ({"wants_answer": "sms"}, "请留电话"),
        ({"on_behalf_of": "楼上王奶奶"}, "是否同意"),
    ],
)
def test_bad_input_keeps_what_was_typed(station: Station, given: dict[str, str], says: str) -> None:
    answer = Client().post("/report/", told(station, name="阿香", **given))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "阿香" in page
    with system_scope("look"):
        assert Case.objects.count() == 0


def test_script_in_the_text_is_shown_as_text(station: Station) -> None:
    resident, _tracking, _secret = send(station, text="<script>alert(1)</script>灯坏了")
    page = resident.get("/report/mine/").content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_the_sheet_with_the_code_is_for_those_who_work_there(station: Station) -> None:
    worker, other = Client(), Client()
    worker.force_login(station.worker)
    other.force_login(station.grid_worker)
    page = worker.get(f"/cases/qr/{station.town.building('1').pk}/").content.decode()
    assert "扫一扫" in page
    assert other.get(f"/cases/qr/{station.town.building('9').pk}/").status_code == 404
