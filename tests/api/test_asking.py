"""Programs get what the pages show: the same rows, the same covers, the same refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.reports.models import SavedReport
from linli.core.scope import guard_switched_off_for_negative_control
from linli.register.posts.actions import end_post
from linli.register.posts.models import Post, User
from tests.api.conftest import API, Program, a_program
from tests.residents.world import Neighbourhood, by_the_system, someone, working_as

pytestmark = [pytest.mark.django_db]
PHONE, ELSEWHERE = "13812345678", "戚无名"
OLD = {"subject": "person", "where": {"field": "age", "op": "ge", "value": 90}}


@pytest.fixture
def people(here: Neighbourhood) -> dict[str, Any]:
    """Two old neighbours here, one out of scope."""
    with working_as("community_worker"):
        axiang = someone(
            here.homes[0],
            "虞阿香",
            birth_date=date(1932, 3, 1),
            phone=PHONE,
            sex="2",
            disability_kind="2",
            disability_level="2",
        )
        bo = someone(here.homes[1], "陈阿伯", birth_date=date(1980, 3, 1))
    with working_as("community_worker", here.other.path):
        other = someone(here.elsewhere, ELSEWHERE, birth_date=date(1930, 3, 1))
    return {"axiang": axiang, "bo": bo, "other": other}


def test_without_a_token_or_with_a_wrong_one_nothing_opens(here: Neighbourhood) -> None:
    for headers in ({}, {"Authorization": "Bearer linli_wrong"}, {"Authorization": "Basic x"}):
        answer = Client().get(f"{API}/places", headers=headers)
        assert answer.status_code == 401
        assert set(answer.json()) == {"code", "sentence", "field", "hint"}
        assert "令牌" in answer.json()["sentence"]


def test_a_leaver_is_out_with_the_next_request(chen: Program) -> None:
    assert chen.get("/places").status_code == 200
    with working_as("secretary"):
        end_post(post=Post.objects.get(user=chen.user), by=None)
    answer = chen.get("/places")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_let_in")
    assert "岗位已经结束" in answer.json()["sentence"]


def test_places_are_walked_from_where_the_post_begins(here: Neighbourhood, chen: Program) -> None:
    first = chen.get("/places").json()
    assert [one["name"] for one in first["places"]] == ["殷家社区"]
    below = chen.get("/places", parent=here.community.pk).json()
    assert [one["name"] for one in below["places"]] == ["东方丽都"]
    assert chen.get("/places", search="301室").json()["total"] == 1
    assert chen.get("/places", kind="dwelling").json()["total"] == len(here.homes)
    home = chen.get(f"/places/{here.homes[0].pk}").json()
    assert [one["name"] for one in home["above"]][:2] == ["潘火街道", "殷家社区"]
    assert "101" in {fact["text"] for fact in home["facts"]}


def test_out_of_scope_and_missing_look_the_same(
    here: Neighbourhood, chen: Program, people: dict[str, Any]
) -> None:
    theirs = [f"/places/{here.elsewhere.pk}", f"/people/{people['other'].pk}", "/reports/none"]
    nowhere = ["/places/987654321", "/people/987654321", "/reports/not-there"]
    said = [chen.get(path) for path in (*theirs, *nowhere)]
    assert {one.status_code for one in said} == {404}
    assert len({one.content for one in said}) == 1
    assert chen.get("/places", parent=here.elsewhere.pk).status_code == 404


def test_without_the_guard_the_same_question_would_leak(
    chen: Program, people: dict[str, Any]
) -> None:
    """The negative control."""
    with guard_switched_off_for_negative_control():
        assert ELSEWHERE in chen.get(f"/people/{people['other'].pk}").json()["name"]


def test_a_person_is_covered_as_on_the_page(
    chen: Program, people: dict[str, Any], signed_in: Callable[[User], Client]
) -> None:
    found = chen.get("/people", search="阿香").json()
    assert [one["name"] for one in found["people"]] == ["虞阿香"]
    answer = chen.get(f"/people/{found['people'][0]['id']}")
    facts = {one["key"]: one for one in answer.json()["facts"]}
    assert PHONE not in answer.content.decode()
    assert facts["phone"]["masked"]
    assert (facts["phone"]["source"], facts["phone"]["confirmed_on"]) == ("上门走访", "2026-10-01")
    page = signed_in(chen.user).get(f"/people/{people['axiang'].pk}/").content.decode()
    for fact in facts.values():
        assert fact["text"] in page, fact["key"]


def test_an_estate_manager_learns_nothing_about_care(
    here: Neighbourhood, people: dict[str, Any]
) -> None:
    manager = a_program("wu", "property_manager", here.community)
    keys = {one["key"] for one in manager.get("/fields", subject="person").json()}
    assert {"address", "name"} <= keys
    assert not keys & {"disability_kind", "age", "lives_alone", "sex"}
    assert manager.get(f"/people/{people['axiang'].pk}").status_code == 404
    where = {"field": "disability_kind", "op": "known"}
    asked: dict[str, dict[str, Any]] = {"count": {}, "list": {}, "cross-tab": {"row": "sex"}}
    for end, more in asked.items():
        path = f"/conditions/{end}"
        answer = manager.post(path, condition={"subject": "person", "where": where}, **more)
        assert answer.status_code == 422, path
    columns = ["name", "disability_kind"]
    assert manager.post("/conditions/list", condition=OLD, columns=columns).status_code == 422


def test_a_sentence_becomes_a_condition_and_unknown_words_are_named(chen: Program) -> None:
    answer = chen.post("/conditions/parse", sentence="90岁以上会飞的老人").json()
    assert "年龄" in answer["text"]
    assert answer["unknown"]
    assert answer["chips"]


def test_one_question_in_three_spellings_has_one_answer(
    chen: Program, people: dict[str, Any]
) -> None:
    parsed = chen.post("/conditions/parse", sentence="90岁以上的人").json()
    spellings: list[dict[str, Any]] = [
        {"sentence": "90岁以上的人"},
        {"condition": parsed["condition"]},
        {"text": parsed["text"], "subject": "person"},
    ]
    for spelling in spellings:
        answer = chen.post("/conditions/count", **spelling)
        assert (answer.json()["count"], answer.json()["text"]) == (1, parsed["text"])
    listed = chen.post("/conditions/list", condition=OLD, columns=["name", "phone", "age"]).json()
    assert listed["total"] == 1
    cells = {
        column["key"]: cell
        for column, cell in zip(listed["columns"], listed["rows"][0]["cells"], strict=True)
    }
    assert cells["name"]["text"] == "虞阿香"
    assert cells["phone"]["masked"]
    assert PHONE not in str(listed)


def test_a_cross_tab_counts_only_the_scope(chen: Program, people: dict[str, Any]) -> None:
    everybody = {"subject": "person", "where": {"all": []}}
    answer = chen.post("/conditions/cross-tab", condition=everybody, row="sex")
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["total"] == 2


def test_a_saved_report_is_answered_under_the_own_scope(
    here: Neighbourhood, chen: Program, people: dict[str, Any]
) -> None:
    with by_the_system():
        kept = [
            SavedReport.objects.create(
                name=name,
                subject="person",
                condition=OLD,
                shared=True,
                by=chen.user,
                scope_path=place.path,
            )
            for name, place in (("老人", here.town), ("别处", here.other))
        ]
    assert [one["name"] for one in chen.get("/reports").json()["reports"]] == ["老人"]
    answer = chen.get(f"/reports/{kept[0].link}").json()
    assert answer["answer"]["total"] == 1
    assert ELSEWHERE not in str(answer)
    assert chen.get(f"/reports/{kept[1].link}").status_code == 404


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/places", {"limit": 501}),
        ("/places", {"offset": 10**30}),
        ("/places", {"limit": "多"}),
        ("/places", {"parent": 2**63}),
        ("/people", {"search": "王", "offset": -1}),
        ("/people", {}),
        ("/people", {"search": "王" * 81}),
        ("/reports", {"limit": 10**40}),
        ("/fields", {"subject": "cat"}),
    ],
)
def test_what_is_out_of_bounds_is_said_in_words(
    chen: Program, path: str, asked: dict[str, Any]
) -> None:
    answer = chen.get(path, **asked)
    assert answer.status_code == 422
    assert list(asked or {"search": ""})[-1] == answer.json()["field"]
    assert answer.json()["sentence"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"sentence": "\\ud800"}',
        b'{"sentence": "\\u0000"}',
        b'{"sentence": NaN}',
        b"\xff\xfe",
        b'{"sentence": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_said_in_words(chen: Program, body: bytes) -> None:
    answer = Client().post(
        f"{API}/conditions/count",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {chen.raw}"},
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["sentence"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sentence": "老人", "text": "年龄≥90岁"},
        {"condition": {}},
        {"sentnce": "老人"},
        {"condition": {"subject": "person", "where": {"field": "age", "op": "ge", "value": 1e300}}},
        {"condition": {"subject": "person", "where": {"field": "nothing", "op": "eq"}}},
        {"text": "年龄≥≥"},
        {"sentence": ""},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(chen: Program, body: dict[str, Any]) -> None:
    answer = chen.post("/conditions/count", **body)
    assert answer.status_code == 422, answer.content.decode()
    assert answer.json()["sentence"]


def test_refusals_speak_the_language_of_the_request(chen: Program) -> None:
    chen.language = "en"
    said = chen.get("/places/987654321").json()["sentence"]
    assert said.isascii(), said


def test_the_browser_of_somebody_signed_in_may_read_but_not_ask_by_post(
    here: Neighbourhood, chen: Program, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(chen.user)
    assert client.get(f"{API}/places").status_code == 200
    body = {"sentence": "老人"}
    answer = client.post(f"{API}/conditions/count", body, content_type="application/json")
    assert answer.status_code == 401
    with by_the_system():
        User.objects.filter(pk=chen.user.pk).update(must_change_password=True)
    assert client.get(f"{API}/places").status_code == 401
    auditor = signed_in(a_program_user(here))
    assert auditor.get(f"{API}/places").status_code == 401


def a_program_user(here: Neighbourhood) -> User:
    from tests.residents.world import a_user

    return a_user("shen", "auditor", here.town)
