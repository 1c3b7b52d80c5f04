"""What the pages of a station say and keep: advice with its sureness, filters, people, dates."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Reporter
from linli.capabilities.cases.models import Case, Category, Handling, Report
from linli.capabilities.cases.queries import case_or_not_found, suggestions
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import as_worker, handled
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.workbench.text_analysis.category_model import Learner
from tests.edits import edit
from tests.people import a_person

pytestmark = [pytest.mark.django_db]
LIFT = "东方丽都1幢电梯坏了三天了，老人下不去楼"


@pytest.fixture
def station() -> Station:
    return a_station()


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def usual_categories(station: Station) -> None:
    with system_scope("set up"):
        town = Place.objects.get(pk=station.town.town.pk)
        actions.load_taxonomy(place=town, by=None)


def told(**more: str) -> dict[str, str]:
    return {"text": LIFT, "where": "", "channel": "phone", "wants_answer": "page", **more}


def test_advice_says_how_sure_it_is_of_category_place_and_post(station: Station) -> None:
    usual_categories(station)
    worker = signed_in(station.worker)
    page = worker.post("/cases/take/advice/", told()).content.decode()
    assert re.search(r"看起来像“电梯故障”（把握\d+%）", page)
    assert re.search(r"1幢（把握\d+%）", page)
    assert re.search(r"由.+办（把握\d+%）", page)
    unsure = worker.post("/cases/take/advice/", told(text="今天天气真好，看电影")).content.decode()
    assert "是哪一类、由谁办：拿不准" in unsure
    assert "在哪里：从话里拿不准" in unsure


def test_a_place_in_the_text_is_chosen_by_the_worker_or_not_at_all(station: Station) -> None:
    worker, building = signed_in(station.worker), station.town.building("1")
    worker.post("/cases/take/", told(client_id="a", place=""))
    worker.post("/cases/take/", told(client_id="b", place=str(building.pk), join=""))
    with system_scope("look"):
        first, second = Case.objects.order_by("pk").select_related("place")
    assert (first.place, second.place) == (station.town.community, building)


def test_dispatch_says_how_sure_or_that_it_is_not(station: Station) -> None:
    usual_categories(station)
    worker = signed_in(station.worker)
    sure, unsure = a_case(station, LIFT), a_case(station, "今天天气真好，下午去看电影")
    page = worker.get(f"/cases/{sure.case.pk}/dispatch/").content.decode()
    assert re.search(r"由.+办（把握\d+%）", page)
    page = worker.get(f"/cases/{unsure.case.pk}/dispatch/").content.decode()
    assert "拿不准" in page


def test_each_party_gets_its_own_day_on_the_form(station: Station) -> None:
    taken, worker = a_case(station), signed_in(station.worker)
    lead = f"seat:grid_worker:{station.town.grids[0].pk}"
    other = f"seat:secretary:{station.town.community.pk}"
    first, late = today() + timedelta(days=3), today() + timedelta(days=30)
    worker.post(
        f"/cases/{taken.case.pk}/dispatch/",
        {
            "lead": lead,
            "joint": [other],
            "due_on": first.isoformat(),
            f"day_{other.replace(':', '_')}": late.isoformat(),
        },
    )
    with system_scope("look"):
        days = dict(Handling.objects.values_list("is_lead", "due_on"))
    assert days == {True: first, False: late}


def test_another_category_is_set_on_a_page_and_learnt_from(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = Learner(again_after=0, in_background=False)
    monkeypatch.setattr(suggestions, "LEARNER", learner)
    taken, worker = a_case(station), signed_in(station.worker)
    href = f"/cases/{taken.case.pk}/category/"
    assert "改分类" in worker.get(f"/cases/{taken.case.pk}/").content.decode()
    assert edit(worker, href, {"category": ""}).status_code == 422
    edit(worker, href, {"category": station.noise.pk})
    before = suggestions.model()
    assert suggestions.model() is before
    edit(worker, href, {"category": station.lift.pk})
    with system_scope("look"):
        assert Case.objects.get(pk=taken.case.pk).category == station.lift
    assert suggestions.model().version != before.version
    assert signed_in(station.grid_worker).get(href).status_code == 404


def test_figures_of_the_board_and_their_lists_are_the_same(station: Station) -> None:
    here, there = station.town.building("1"), station.town.building("2")
    for place, category in ((here, station.noise), (here, station.lift), (there, station.noise)):
        a_case(station, f"{category.name}很久了", place=place, category=category)
    worker = signed_in(station.worker)
    page = worker.get(f"/cases/board/?place={here.pk}").content.decode().replace("&amp;", "&")
    assert f"/cases/?place={here.pk}&view=received" in page
    assert "近四周收到1件，前四周0件" in page
    href = f"/cases/?place={here.pk}&category={station.noise.pk}"
    assert href in page
    shown = worker.get(href)
    assert len(shown.context["lines"]) == 1
    tabs = shown.context["tabs"]
    assert all(f"place={here.pk}" in tab.href and "category=" in tab.href for tab in tabs)
    received = next(tab for tab in tabs if "view=received" in tab.href)
    assert len(worker.get(received.href).context["lines"]) == received.count == 1
    assert [name for name, _href in shown.context["chips"]] == [here.name, "噪音扰民"]


def test_a_verdict_is_offered_to_whoever_may_write_it_down(station: Station) -> None:
    taken = a_case(station)
    case = handled(station, taken)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text="已处理")
    href = f"/cases/{case.pk}/"
    assert "记居民的话" in signed_in(station.worker).get(href).content.decode()
    assert "记居民的话" not in signed_in(station.grid_worker).get(href).content.decode()


def test_who_agreed_and_how_is_kept_and_shown(station: Station) -> None:
    worker = signed_in(station.worker)
    worker.post(
        "/cases/take/",
        told(
            where="东方丽都1幢",
            on_behalf_of="楼上王奶奶",
            consent="spoken",
            consent_note="今天上午当面说的",
        ),
    )
    Client().post(
        "/report/",
        {
            "text": "门禁坏了",
            "community": station.town.community.pk,
            "wants_answer": "page",
            "on_behalf_of": "邻居",
            "consent": "spoken",
            "consent_note": "电话里同意",
        },
    )
    with system_scope("look"):
        notes = list(Report.objects.order_by("pk").values_list("consent_note", flat=True))
        pk = Case.objects.order_by("pk").values_list("pk", flat=True)[0]
    assert notes == ["今天上午当面说的", "电话里同意"]
    assert "今天上午当面说的" in worker.get(f"/cases/{pk}/").content.decode()


def test_from_a_persons_page_a_matter_is_taken_down_as_theirs(station: Station) -> None:
    person = a_person(station.town.home("1", "101"), "虞阿香")
    worker = signed_in(station.worker)
    page = worker.get(f"/people/{person.pk}/").content.decode().replace("&amp;", "&")
    (href,) = re.findall(r'"(/cases/take/\?[^"]*person=\d+)"', page)
    form = worker.get(href).content.decode()
    assert "来人：虞阿香" in form
    worker.post("/cases/take/", told(where="东方丽都1幢", person=str(person.pk)))
    with system_scope("look"):
        assert Report.objects.get().person == person
    assert "电梯坏了" in worker.get(f"/people/{person.pk}/").content.decode()
    stranger = signed_in(station.worker).post("/cases/take/", told(person="987654321"))
    assert stranger.status_code == 404


def test_without_script_what_is_alike_is_shown_once_before_sending(station: Station) -> None:
    taken = a_case(station, "楼道灯坏了三天，老人看不见台阶", reporter=Reporter(name="甲"))
    given = {
        "text": "楼道灯坏了三天，老人看不见台阶",
        "community": str(station.town.community.pk),
        "where": "东方丽都1幢",
        "wants_answer": "page",
        "client_id": "x",
    }
    resident, worker = Client(), signed_in(station.worker)
    asked = resident.post("/report/", given)
    assert asked.status_code == 422
    assert 'name="join"' in asked.content.decode()
    assert resident.post("/report/", {**given, "join": ""}).status_code == 302
    assert resident.post("/report/", given).status_code == 302  # the same again
    asked = worker.post("/cases/take/", told(text=given["text"], where="东方丽都1幢"))
    assert asked.status_code == 422
    assert 'name="join"' in asked.content.decode()
    with as_worker(station):
        assert case_or_not_found(taken.case.pk).reports.count() == 1
    with system_scope("look"):
        assert (Case.objects.count(), Category.objects.count()) == (2, 4)
