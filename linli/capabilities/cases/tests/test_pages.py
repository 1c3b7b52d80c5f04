"""The workers' pages of cases: taken down, handed out, answered, merged, counted."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.tasks.models import Task
from tests.edits import edit

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def station() -> Station:
    return a_station()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def the_case(pk: int | None = None) -> Case:
    with system_scope("look"):
        rows = Case.objects.select_related("place", "category")
        case: Case | None = rows.get(pk=pk) if pk else rows.order_by("-pk").first()
        assert case is not None
        return case


def test_a_call_is_taken_down_and_number_and_word_are_told_once(station: Station) -> None:
    worker = signed_in(station.worker)
    page = worker.get("/cases/take/").content.decode()
    assert "什么事" in page
    answer = worker.post(
        "/cases/take/",
        {
            "text": "2单元门禁坏了三天",
            "where": "东方丽都1幢",
            "channel": "phone",
            "name": "虞",
            "phone": "13800138000",
            "wants_answer": "phone",
            "client_id": "one",
        },
        follow=True,
    )
    case = the_case()
    assert case.place.name == "1幢"
    assert "告诉来人" in answer.content.decode()
    assert "13800138000" not in answer.content.decode()
    assert "告诉来人" not in worker.get(f"/cases/{case.pk}/").content.decode()
    assert "2单元门禁" in worker.get("/cases/").content.decode()


def test_what_was_typed_stays_when_the_place_is_not_found(station: Station) -> None:
    answer = signed_in(station.worker).post(
        "/cases/take/",
        {"text": "漏水了", "where": "西方丽都88幢", "channel": "phone", "wants_answer": "page"},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "没有找到这个地方" in text
    assert "漏水了" in text
    with system_scope("look"):
        assert Case.objects.count() == 0


def test_advice_shows_what_is_alike_and_a_caller_can_join(station: Station) -> None:
    taken = a_case(station, "1幢门口垃圾桶满了没人清")
    worker = signed_in(station.worker)
    told = {"text": "门口垃圾桶满了没人清啊", "where": "东方丽都1幢"}
    assert "垃圾桶满了" in worker.post("/cases/take/advice/", told).content.decode()
    worker.post(
        "/cases/take/", {**told, "channel": "phone", "wants_answer": "page", "join": taken.case.pk}
    )
    with system_scope("look"):
        assert (Case.objects.count(), Report.objects.count()) == (1, 2)


def test_from_dispatch_to_the_answer_through_the_pages(station: Station) -> None:
    taken = a_case(station)
    pk = taken.case.pk
    worker, grid = signed_in(station.worker), signed_in(station.grid_worker)
    page = worker.get(f"/cases/{pk}/dispatch/").content.decode()
    assert "谁牵头" in page
    lead = f"seat:grid_worker:{station.town.grids[0].pk}"
    typed = {"category": station.noise.pk, "lead": lead}
    answer = edit(worker, f"/cases/{pk}/dispatch/", typed, follow=True)
    assert answer.status_code == 200
    with system_scope("look"):
        task = Task.objects.get(subject_id=pk, kind="cases.handle")
    assert "三楼半夜装修" in grid.get("/tasks/").content.decode()
    grid.post(f"/tasks/{task.pk}/accept/")
    assert the_case(pk).state == "accepted"
    assert "办好并答复" in grid.get(f"/cases/{pk}/").content.decode()
    grid.post(grid.get(f"/tasks/{task.pk}/finish/")["Location"], {"result": "已劝停"})
    assert the_case(pk).state == "handled"
    answer = worker.post(f"/cases/{pk}/answer/", {"kind": "handled", "text": "晚上不再施工"})
    assert answer.status_code == 302
    report = taken.report.pk
    worker.post(f"/cases/{pk}/verdict/{report}/", {"fixed": "no", "text": "昨晚又吵"})
    assert the_case(pk).reopened_times == 1


@pytest.mark.parametrize(
    "verb", ["start", "review", "answer", "withdraw", "reopen", "move", "confidential", "dispatch"]
)
def test_every_verb_has_its_page_and_refuses_in_words(station: Station, verb: str) -> None:
    taken = a_case(station)
    secretary = signed_in(station.secretary)
    href = f"/cases/{taken.case.pk}/{verb}/"
    assert secretary.get(href).status_code == 200
    if verb != "confidential":
        assert secretary.post(href, {"sent": "1"}).status_code == 422


def test_merge_and_apart_again(station: Station) -> None:
    first, second = a_case(station), a_case(station, "三楼半夜装修吵死了，睡不着")
    worker = signed_in(station.worker)
    assert "并到这件" in worker.get(f"/cases/{second.case.pk}/").content.decode()
    worker.post(f"/cases/{second.case.pk}/merge/", {"into": first.case.pk})
    assert the_case(second.case.pk).outcome == "merged"
    worker.post(f"/cases/{second.case.pk}/unmerge/")
    assert the_case(second.case.pk).state == "received"


def test_a_number_is_shown_for_a_purpose_and_written_down(station: Station) -> None:
    from linli.capabilities.cases.actions import Reporter

    taken = a_case(station, reporter=Reporter(name="虞阿香", phone="13800138000"))
    worker = signed_in(station.worker)
    href = f"/cases/{taken.case.pk}/phone/{taken.report.pk}/"
    assert "13800138000" not in worker.get(href).content.decode()
    assert worker.post(href, {"words": "回"}).status_code == 422
    assert "13800138000" in worker.post(href, {"words": "回访是否解决"}).content.decode()
    assert "回访是否解决" in worker.get(f"/cases/{taken.case.pk}/").content.decode()


def test_the_board_and_the_taxonomy(station: Station) -> None:
    a_case(station)
    worker, officer = signed_in(station.worker), signed_in(station.officer)
    assert "各算各的" in worker.get("/cases/board/").content.decode()
    assert worker.get(f"/cases/board/?place={station.town.estate.pk}").status_code == 200
    assert "噪音扰民" in worker.get("/cases/categories/").content.decode()
    assert worker.get(f"/cases/categories/{station.noise.pk}/").status_code == 404
    answer = officer.post(
        f"/cases/categories/add/?parent={station.noise.pk}", {"name": "装修", "working_days": 2}
    )
    assert answer.status_code == 302
    page = f"/cases/categories/{station.noise.pk}/"
    assert edit(officer, page, {"name": "噪声", "working_days": 0}).status_code == 422


def test_filters_of_the_list(station: Station) -> None:
    a_case(station, "楼道灯坏了")
    worker = signed_in(station.worker)
    for query in ("view=received", "view=late", "view=closed", "q=楼道", "category=none"):
        assert worker.get(f"/cases/?{query}").status_code == 200
    assert "楼道灯坏了" in worker.get("/cases/?q=楼道").content.decode()
    assert "楼道灯坏了" not in worker.get("/cases/?q=电梯").content.decode()
    number = the_case().number
    assert "楼道灯坏了" in worker.get(f"/cases/?q={number}").content.decode()


def test_programs_take_matters_down_and_read_them(station: Station) -> None:
    from linli.register.posts.actions import issue_token
    from linli.register.posts.models import Post
    from tests.people import working_as

    with working_as("community_worker", station.town.community.path, user=station.worker):
        post = Post.objects.get(user=station.worker)
        raw = issue_token(
            post=post, name="热线", purpose="热线工单转入", by=station.worker, days=30
        ).raw
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {raw}"}
    given = {"text": "路灯不亮", "place_id": station.town.building("1").pk, "client_id": "h-1"}
    client = Client()
    first = client.post("/api/v1/cases", given, content_type="application/json", **bearer)
    again = client.post("/api/v1/cases", given, content_type="application/json", **bearer)
    assert first.json() == again.json()
    pk = first.json()["id"]
    assert client.get(f"/api/v1/cases/{pk}", **bearer).json()["state"] == "received"
    assert client.get("/api/v1/cases?state=received", **bearer).json()["total"] == 1
    (door,) = client.get("/api/v1/tasks", **bearer).json()["doors"]
    assert [task["kind"] for task in door["tasks"]] == ["cases.dispatch"]
    elsewhere = {**given, "place_id": station.town.building("9").pk, "client_id": "h-2"}
    answer = client.post("/api/v1/cases", elsewhere, content_type="application/json", **bearer)
    assert answer.status_code == 404
