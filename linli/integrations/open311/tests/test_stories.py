"""Programs read and report cases: stories over the whole way, from the request to the row."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from linli.capabilities.cases import actions
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.scope import system_scope
from linli.core.time import today
from linli.integrations.open311 import queries
from linli.register.posts.actions import issue_token
from linli.register.posts.models import User
from linli.register.posts.queries import posts_held

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BASE = "/open311/v2/"


@pytest.fixture
def station(settings: Any) -> Station:
    settings.LINLI_OPEN311 = "read"
    return a_station()


def key_of(user: User) -> str:
    with system_scope("test"):
        post = posts_held(user, today())[0]
        issued = issue_token(post=post, name="市民通", purpose="接入市民通", days=30, by=user)
    return str(issued.raw)


def get(path: str, key: str = "", **asked: str) -> Any:
    """Ask for JSON as a program without cookies would."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().get(f"{BASE}{path}", asked, headers=headers)


def listed(key: str = "", **asked: str) -> list[dict[str, Any]]:
    answer = get("requests.json", key, **asked)
    assert answer.status_code == 200, answer.content.decode()
    found: list[dict[str, Any]] = answer.json()
    return found


def post(told: dict[str, str], **headers: str) -> Any:
    return Client().post(f"{BASE}requests.json", told, headers=headers)


def wrong_of(answer: Any, status: int) -> str:
    """Check that a refusal has the body the specification wants; return what it says."""
    assert answer.status_code == status, answer.content.decode()
    errors = answer.json()
    assert errors
    assert all(set(error) == {"code", "description"} for error in errors)
    assert errors[0]["code"] == status
    return "；".join(error["description"] for error in errors)


def count() -> int:
    with system_scope("test"):
        return Case.objects.count()


def test_discovery_leads_to_the_services_and_they_to_a_definition(station: Station) -> None:
    found = Client().get("/open311/discovery.json").json()
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    tree = ElementTree.fromstring(Client().get("/open311/discovery.xml").content)
    assert tree.findtext("endpoints/endpoint/formats/format") == "text/xml"

    services = {one["service_name"]: one for one in get("services.json").json()}
    assert set(services) == {"噪音扰民", "电梯故障", "家庭暴力"}, "leaves alone can be chosen"
    assert services["电梯故障"]["group"] == "小区管理"
    assert services["电梯故障"]["type"] == "realtime"
    assert services["家庭暴力"]["type"] == "blackbox"

    code = services["电梯故障"]["service_code"]
    definition = get(f"services/{code}.json").json()
    assert definition["service_code"] == code
    assert [one["code"] for one in definition["attributes"]] == ["SPOT", "ANSWER"]
    answer = get(f"services/{code}.xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert ElementTree.fromstring(answer.content).tag == "service_definition"
    assert "0909" in wrong_of(get("services/0909.json"), 404)


def test_the_shipped_taxonomy_is_offered_leaf_by_leaf(settings: Any) -> None:
    from linli.register.places.models import Place
    from tests.people import a_subdistrict

    settings.LINLI_OPEN311 = "keys"
    town = a_subdistrict().town
    with system_scope("test"):
        loaded = actions.load_taxonomy(place=Place.objects.get(pk=town.pk), by=None)
    services = get("services.json").json()
    codes = [service["service_code"] for service in services]
    assert 100 < len(codes) < loaded
    assert len(set(codes)) == len(codes)
    assert not [code for code in codes if any(o != code and o.startswith(code) for o in codes)]
    assert {service["type"] for service in services} == {"realtime", "blackbox"}
    assert all(
        service["group"] and service["service_name"] and service["keywords"] for service in services
    )
    assert get(f"services/{codes[-1]}.xml", jurisdiction_id="330212007").status_code == 200


def test_a_program_with_a_key_reports_and_a_worker_finds_it(station: Station) -> None:
    key = key_of(station.worker)
    answer = post(
        {
            "api_key": key,
            "service_code": station.lift.code,
            "address_string": "东方丽都1幢",
            "description": "三号梯困人",
            "lat": "29.81",
            "long": "121.55",
            "last_name": "虞",
            "first_name": "阿香",
            "phone": "13800001234",
            "email": "a@b.cn",
            "attribute[SPOT]": "西边那台",
            "media_url": "https://pictures.example/1.jpg",
            "jurisdiction_id": "330212007009",
        }
    )
    assert answer.status_code == 201
    made = answer.json()[0]
    assert "邮箱" in made["service_notice"], "what is not kept is said"
    with system_scope("test"):
        report = Report.objects.select_related("case__place").get()
    case = report.case
    assert case.number == made["service_request_id"]
    assert (case.place.address, case.spot, case.channel) == ("东方丽都1幢", "西边那台", "open311")
    assert (case.latitude, case.longitude) == (29.81, 121.55)
    assert case.text == "三号梯困人\n图片链接：https://pictures.example/1.jpg"
    assert case.category_id == station.lift.pk
    assert case.registered_by_id == station.worker.pk
    assert (report.name, report.phone_tail) == ("虞阿香", "1234")
    assert report.tracking in made["service_notice"]

    again = get(f"tokens/{report.tracking}.json").json()
    assert again == [{"service_request_id": case.number, "token": report.tracking}]
    assert get(f"requests/{case.number}.json", key).json()[0]["description"].startswith("三号梯")


def test_the_public_sees_kind_and_state_but_no_words_and_no_home(station: Station) -> None:
    home = station.town.home("1", "302")
    words = "302的王阿姨家漏水，电话13912345678"
    taken = a_case(
        station,
        words,
        place=home,
        category=station.noise,
        title="王阿姨家漏水",
        position=(29.8, 121.5),
        spot="302卫生间",
    )
    body = get("requests.json").content.decode()
    for secret in ("王阿姨", "302", "13912345678", "漏水", "29.8", "卫生间", taken.tracking):
        assert secret not in body, secret
    one = listed()[0]
    assert one["description"] == "小区管理 / 噪音扰民"
    assert one["address"] == "东方丽都"
    assert one["lat"] is None
    assert one["status"] == "open"
    # At a building the building may be named.
    a_case(station, "电梯坏了", category=station.lift, position=(29.8, 121.5))
    one = listed(service_code=station.lift.code)[0]
    assert (one["address"], one["lat"]) == ("东方丽都1幢", 29.8)
    # Who works there reads the words; who works elsewhere reads nothing.
    assert words in [list_entry["description"] for list_entry in listed(key_of(station.worker))]
    from tests.people import a_user

    stranger = a_user("other", "community_worker", station.town.next_community)
    assert listed(key_of(stranger)) == []


def test_confidential_cases_are_nowhere(station: Station) -> None:
    taken = a_case(station, "邻居打人", category=station.violence)
    number = taken.case.number
    for key in ("", key_of(station.officer), key_of(station.secretary)):
        assert listed(key) == []
        assert listed(key, service_request_id=number) == []
        assert get(f"requests/{number}.json", key).status_code == 404
        assert get(f"tokens/{taken.tracking}.json", key).status_code == 404


def test_without_the_filter_a_confidential_case_would_show(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with every case shown, the same question finds it."""
    taken = a_case(station, "邻居打人", category=station.violence)
    monkeypatch.setattr(queries, "shown_cases", lambda: Case.objects.all())
    assert [list_entry["service_request_id"] for list_entry in listed()] == [taken.case.number]


def test_a_long_list_asks_the_database_as_often_as_a_short_one(
    station: Station, django_assert_max_num_queries: Any
) -> None:
    home = station.town.home("1", "302")
    for number in range(30):
        a_case(station, f"第{number}件", category=station.noise, place=home if number % 2 else None)
    key = key_of(station.worker)
    listed(key)
    with django_assert_max_num_queries(7):
        assert len(listed()) == 30
    with django_assert_max_num_queries(14):
        assert len(listed(key)) == 30


def test_a_confidential_report_is_taken_but_gets_no_number(station: Station) -> None:
    key = key_of(station.worker)
    told = {"api_key": key, "service_code": station.violence.code, "address_string": "1幢"}
    made = post(told).json()[0]
    assert "service_request_id" not in made
    assert "查询编号" in made["service_notice"]
    assert count() == 1


def test_a_case_is_closed_only_when_it_is_closed(station: Station) -> None:
    taken = a_case(station, category=station.noise)
    merged = a_case(station, "又是装修", category=station.noise)
    with system_scope("test"):
        actions.answer_case(case=taken.case, by=None, text="没有这回事", kind="cannot")
    states = {list_entry["service_request_id"]: list_entry["status"] for list_entry in listed()}
    assert set(states.values()) == {"open"}, "answered is not closed"
    with system_scope("test"):
        case = Case.objects.get(pk=merged.case.pk)
        actions.merge_cases(case=case, into=a_case(station).case, by=None)
    one = listed(status="closed")[0]
    assert one["service_request_id"] == merged.case.number
    assert "已合并" in one["status_notes"]
    assert one["updated_datetime"].endswith("+08:00")
    assert len(listed(status="open,closed")) == 3
    assert len(listed(status="open")) == 2


def test_ranges_pages_and_several_numbers(station: Station) -> None:
    now = timezone.now()
    for days in (0, 1, 2, 100):
        a_case(station, f"第{days}天", received_at=now - timedelta(days=days))
    assert len(listed()) == 3, "the last ninety days"
    start = (now - timedelta(days=120)).strftime("%Y-%m-%dT%H:%M:%SZ")
    end = (now - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
    old = listed(start_date=start, end_date=end)
    assert len(old) == 1
    answer = get("requests.json", page_size="2", page="2")
    assert len(answer.json()) == 1
    assert answer["X-Total-Count"] == "3"
    numbers = [list_entry["service_request_id"] for list_entry in listed()]
    assert numbers == sorted(numbers, reverse=True), "the newest first"
    asked = f"{numbers[0]},{old[0]['service_request_id']},nonsense"
    found = listed(service_request_id=asked, status="closed", page_size="1000")
    assert len(found) == 2, "numbers override everything else"
    more = listed(service_request_id=numbers[0], extensions="true")[0]["extended_attributes"]
    assert more["state"] == "received"
    assert "90" in wrong_of(get("requests.json", start_date=start, end_date="2026-11-23"), 400)


def test_what_is_not_there_is_404_in_the_form_that_was_asked_for(station: Station) -> None:
    for path in (
        "requests/261123-999.json",
        "requests/nonsense.json",
        "tokens/1.json",
        "nothing.json",
        "",
        "requests/261123-99999999999999999999.json",
    ):
        wrong_of(get(path), 404)
    wrong_of(get("services.json", jurisdiction_id="atlantis"), 404)
    answer = get("requests/nonsense.xml")
    assert answer.status_code == 404
    tree = ElementTree.fromstring(answer.content)
    assert tree.findtext("error/code") == "404"
    assert Client().delete(f"{BASE}requests.json").status_code == 405


def test_tracking_numbers_are_not_guessed_for_long(station: Station) -> None:
    answers = [get(f"tokens/{number:010d}.json").status_code for number in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_without_a_key_nobody_reports_and_a_bad_key_is_told(station: Station) -> None:
    told = {"service_code": station.lift.code, "address_string": "东方丽都1幢"}
    assert "api_key" in wrong_of(post(told), 403)
    assert "api_key" in wrong_of(post({**told, "api_key": "linli_wrong"}), 403)
    assert "api_key" in wrong_of(get("requests.json", "linli_wrong"), 403)
    key = key_of(station.worker)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        wrong_of(post({**told, "api_key": key}), 403)
    assert count() == 0


def test_the_setting_says_what_is_open(station: Station, settings: Any) -> None:
    settings.LINLI_OPEN311 = "keys"
    assert get("services.json").status_code == 200
    wrong_of(get("requests.json"), 403)
    assert listed(key_of(station.worker)) == []
    assert listed(api_key=key_of(station.worker)) == []
    settings.LINLI_OPEN311 = "off"
    wrong_of(get("services.json", key_of(station.worker)), 404)


def test_everybody_may_report_where_the_setting_allows(station: Station, settings: Any) -> None:
    settings.LINLI_OPEN311 = "write"
    told = {"service_code": station.noise.code, "address_string": "东方丽都1幢101室"}
    assert post(told).status_code == 201
    with system_scope("test"):
        case = Case.objects.select_related("place").get()
    assert case.place.kind == "building", "nobody learns which homes there are"
    assert case.spot == "东方丽都1幢101室", "what was said is kept for the worker"
    assert case.registered_by is None
    wrong = wrong_of(post({**told, "address_string": "东方丽都77幢"}), 400)
    assert "找不到" in wrong
    for _ in range(30):
        last = post(told)
    assert "频繁" in wrong_of(last, 429)


@pytest.mark.parametrize(
    ("changed", "status", "word"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "9999"}, 404, "9999"),
        ({"address_string": ""}, 400, "地点"),
        ({"address_string": "月亮路1号"}, 400, "月亮路"),
        ({"address_string": "", "address_id": "999999"}, 400, "999999"),
        ({"address_string": "", "address_id": "9" * 40}, 400, "999"),
        ({"description": "长" * 4001}, 400, "4000"),
        ({"phone": "12"}, 400, "12"),
        ({"lat": "91", "long": "1"}, 400, "lat"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"attribute[COLOUR]": "red"}, 400, "COLOUR"),
        ({"attribute[ANSWER]": "owl"}, 400, "owl"),
    ],
)
def test_a_wrong_report_is_refused_in_words_and_leaves_nothing(
    station: Station, changed: dict[str, str], status: int, word: str
) -> None:
    told = {
        "service_code": station.lift.code,
        "address_string": "东方丽都1幢",
        "description": "坏了",
    }
    answer = post({"api_key": key_of(station.worker), **told, **changed})
    assert word in wrong_of(answer, status)
    assert count() == 0


def test_a_report_sent_twice_is_one_case(station: Station) -> None:
    told = {
        "api_key": key_of(station.worker),
        "service_code": station.lift.code,
        "address_string": "东方丽都1幢",
        "description": "坏了",
    }
    first = post(told, **{"Idempotency-Key": "a-1"})
    second = post(told, **{"Idempotency-Key": "a-1"})
    assert first.json() == second.json()
    assert count() == 1
    other = post({**told, "description": "别的事"}, **{"Idempotency-Key": "a-1"})
    assert "已经收过" in wrong_of(other, 400)


def test_the_mark_of_somebody_else_opens_nothing(station: Station, settings: Any) -> None:
    """Who guesses another's mark and words is not told the word that opens their report."""
    settings.LINLI_OPEN311 = "write"
    told = {"service_code": station.lift.code, "address_string": "东方丽都1幢"}
    path, heads = f"{BASE}requests.json", {"Idempotency-Key": "1"}
    mine = Client(REMOTE_ADDR="203.0.113.1").post(path, told, headers=heads).json()
    again = Client(REMOTE_ADDR="203.0.113.1").post(path, told, headers=heads).json()
    theirs = Client(REMOTE_ADDR="203.0.113.2").post(path, told, headers=heads).json()
    assert mine == again
    assert mine[0]["service_notice"] != theirs[0]["service_notice"]


def test_a_key_of_one_community_does_not_report_in_the_next(station: Station) -> None:
    key = key_of(station.worker)
    there = station.town.building("9")
    told = {"api_key": key, "service_code": station.lift.code, "address_id": str(there.pk)}
    wrong_of(post(told), 400)
    wrong_of(post({**told, "jurisdiction_id": "330212007010"}), 404)
    assert count() == 0


def test_files_and_strange_bodies_are_refused(station: Station) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    told: dict[str, Any] = {
        "api_key": key_of(station.worker),
        "service_code": station.lift.code,
        "address_string": "东方丽都1幢",
        "photo": SimpleUploadedFile("a.jpg", b"x"),
    }
    assert "media_url" in wrong_of(post(told), 400)
    for body, kind in (
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"x" * (6 * 1024 * 1024), "application/x-www-form-urlencoded"),
        (json.dumps({"service_code": "1"}).encode(), "application/json"),
        (b"\xff\xfe=%00&api_key=%ff", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(2000)), "application/x-www-form-urlencoded"),
    ):
        answer = Client().post(f"{BASE}requests.xml", body, content_type=kind)
        assert answer.status_code in (400, 403), (kind, answer.content)
        assert ElementTree.fromstring(answer.content).tag == "errors"
