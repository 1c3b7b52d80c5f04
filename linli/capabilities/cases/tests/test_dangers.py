"""Somebody is trapped: who must act hears at once, it goes up by the minute, and it is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Reporter
from linli.capabilities.cases.models import Case, Handling, Report
from linli.capabilities.cases.queries import case_or_not_found, find_cases, open_dangers
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import as_secretary, as_worker
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.facilities.models import Facility
from linli.register.parties.models import Party
from linli.register.posts.models import User
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks.models import Task
from tests.people import a_user

pytestmark = [pytest.mark.django_db]
TRAPPED = "有人困在电梯里，快来救人"


@pytest.fixture
def station() -> Station:
    return a_station()


@pytest.fixture
def manager(station: Station) -> User:
    return a_user("wuye", "property_manager", station.town.estate)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def the_task(pk: int, kind: str = "cases.handle") -> Task:
    with system_scope("look"):
        return Task.objects.filter(subject_id=pk, kind=kind).order_by("-pk")[0]


def heard(user: User) -> list[str]:
    with system_scope("look"):
        rows = Delivery.objects.filter(user=user, notice__urgent=True)
        return list(rows.values_list("subject", flat=True))


def minutes_ago(case: Case, minutes: int) -> None:
    """Let a danger have come in earlier."""
    then = timezone.now() - timedelta(minutes=minutes)
    with system_scope("set up"), writes_allowed("a test lets time pass"):
        Case.objects.filter(pk=case.pk).update(received_at=then)
        Task.objects.filter(subject_id=case.pk).update(danger_since=then)


@pytest.mark.postgres
def test_from_the_lift_to_the_answer(station: Station, manager: User) -> None:
    with system_scope("set up"), writes_allowed("a lift and who keeps it"):
        building = station.town.building("1")
        firm = Party(
            name="迅安电梯",
            place=station.town.town,
            phone="0574-88001234",
            scope_path=station.town.town.path,
        )
        firm.save()
        Facility(
            kind="电梯", name="1号梯", place=building, maintainer=firm, scope_path=building.path
        ).save()
    resident = Client()
    from linli.capabilities.cases.queries.codes import code_of

    with system_scope("the code on the wall"):
        at = f"/report/at/{code_of(building)}/"
    typed = {"text": TRAPPED, "where": "", "wants_answer": "page", "phone": "", "name": ""}
    # Before it is sent the page says whom to call, the company that keeps the lift first.
    before = resident.post(f"{at}alike/", typed).content.decode()
    assert "tel:057488001234" in before
    assert "tel:119" in before
    sent = resident.post(at, typed, follow=True).content.decode()
    assert "tel:057488001234" in sent
    assert "最晚" not in sent

    with system_scope("look"):
        case = Case.objects.get(text=TRAPPED)
    assert (case.state, case.danger) == ("assigned", "trapped")
    assert heard(manager) == ["困人：请马上处理"]
    assert heard(station.worker) == []

    minutes_ago(case, 12)
    property_ = signed_in(manager)
    inbox = property_.get("/tasks/").content.decode()
    assert "困人 · 已过12分钟" in inbox
    assert f'href="/cases/{case.pk}/"' in inbox
    assert "困人 · 已过12分钟" in property_.get("/").content.decode()

    # Nobody takes it: after a quarter of an hour the next post up hears of it, once.
    assert actions.raise_dangers() == 0
    minutes_ago(case, 16)
    assert (actions.raise_dangers(), actions.raise_dangers()) == (1, 0)
    assert heard(station.worker) == ["困人：请马上处理"]
    assert "困人 · 已过16分钟" in signed_in(station.worker).get("/cases/board/").content.decode()

    task = the_task(case.pk)
    property_.post(f"/tasks/{task.pk}/accept/")
    minutes_ago(case, 45)
    assert actions.raise_dangers() == 0
    finish = property_.get(f"/tasks/{task.pk}/finish/")["Location"]
    assert "答复来人" in property_.get(finish).content.decode()
    done = {"result": "十二分钟开门救出", "answer": "人已平安救出，电梯停用检修"}
    assert property_.post(finish, done).status_code == 302
    with system_scope("look"):
        case.refresh_from_db()
        assert case.state == "answered"
        assert not Task.objects.filter(subject_id=case.pk, state__in=("open", "accepted")).exists()
        assert not open_dangers().exists()
    assert "人已平安救出" in resident.get("/report/mine/").content.decode()


def test_what_is_only_feared_is_no_danger(station: Station, manager: User) -> None:
    taken = a_case(station, "电梯老是抖，怕哪天困在电梯里")
    with system_scope("look"):
        case = Case.objects.get(pk=taken.case.pk)
    assert (case.state, case.danger) == ("received", "")
    assert heard(manager) == []


def test_a_worker_takes_a_danger_off_and_says_why(station: Station, manager: User) -> None:
    taken = a_case(station, TRAPPED)
    worker = signed_in(station.worker)
    page = f"/cases/{taken.case.pk}/danger/"
    assert "困人 · 已过" in worker.get(f"/cases/{taken.case.pk}/").content.decode()
    assert worker.post(page, {"danger": "", "reason": ""}).status_code == 422
    worker.post(page, {"danger": "", "reason": "孩子按着玩的"})
    seen = worker.get(f"/cases/{taken.case.pk}/").content.decode()
    assert "困人 · 已过" not in seen
    assert "孩子按着玩的" in seen
    assert the_task(taken.case.pk).danger == ""
    # What somebody has said no category says otherwise.
    with system_scope("set up"):
        case = Case.objects.select_related("place").get(pk=taken.case.pk)
        actions.edit_category(
            category=station.lift, by=None, name="电梯困人", working_days=1, danger="trapped"
        )
        actions.set_category(case=case, category=station.lift, by=station.worker)
        assert Case.objects.get(pk=case.pk).danger == ""


def test_a_category_makes_a_case_a_danger_and_its_task_red(station: Station) -> None:
    taken = a_case(station, "三号梯又停了")
    with system_scope("set up"):
        actions.edit_category(
            category=station.lift, by=None, name="电梯困人", working_days=1, danger="trapped"
        )
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.lift, by=station.worker)
    assert the_task(taken.case.pk, "cases.dispatch").danger == "trapped"
    assert heard(station.worker) == ["困人：请马上处理"]


def test_a_danger_is_set_with_a_reason_of_its_kind(station: Station) -> None:
    taken = a_case(station)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        with pytest.raises(Refused, match="为什么"):
            actions.set_danger(case=case, danger="gas", reason="", by=station.worker)
        with pytest.raises(Refused, match="哪种"):
            actions.set_danger(case=case, danger="flood", reason="闻到了", by=station.worker)
        actions.set_danger(case=case, danger="gas", reason="闻到了", by=station.worker)
    # Through task.set_danger the task that waits already is red as well.
    assert the_task(taken.case.pk, "cases.dispatch").danger == "gas"


def test_a_confidential_danger_says_nothing_of_itself(station: Station, manager: User) -> None:
    taken = a_case(station, "有人要跳楼，是李家的女儿", confidential=True)
    assert heard(manager) == []
    with system_scope("look"):
        told = Delivery.objects.get(user=station.secretary, notice__urgent=True)
        text = told.notice.text
    assert "李家" not in text
    assert "李家" not in the_task(taken.case.pk).title


# One form, one page -----------------------------------------------------------------------------


def test_whoever_finishes_without_an_answer_leaves_a_task_to_answer(
    station: Station, manager: User
) -> None:
    taken = a_case(station, TRAPPED)
    task = the_task(taken.case.pk)
    there = f"/cases/{taken.case.pk}/finish/?task={task.pk}"
    property_ = signed_in(manager)
    assert property_.post(there, {"result": "", "answer": "好了"}).status_code == 422
    property_.post(there, {"result": "已救出"})
    answer = the_task(taken.case.pk, "cases.answer")
    assert (answer.state, answer.seat_role) == ("open", "community_worker")
    assert answer.note == "已救出"


def test_who_must_be_reviewed_cannot_answer_in_the_same_form(station: Station) -> None:
    taken = a_case(station, "电梯门关不上", category=station.lift)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.assign_case(case=case, by=station.worker)
        with pytest.raises(Refused, match="不能答复"):
            actions.finish_case(case=case, by=station.worker, result="修好了", answer="修好了")
    page = signed_in(station.worker).get(f"/cases/{case.pk}/finish/").content.decode()
    assert "答复来人" not in page
    assert "复核" in page


@pytest.mark.postgres
def test_one_matter_stands_once_and_on_one_page(station: Station) -> None:
    taken = a_case(station)
    with system_scope("set up"):
        party = Party(
            name="甬安物业", place=station.town.estate, scope_path=station.town.estate.path
        )
        with writes_allowed("an organisation"):
            party.save()
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        shares = [actions.Share(), actions.Share(party=party)]
        actions.assign_case(case=case, by=station.worker, shares=shares)
    with system_scope("look"):
        tasks = [one.task for one in Handling.objects.filter(case=case).select_related("task")]
    assert len(tasks) == 2
    worker = signed_in(station.worker)
    inbox = worker.get("/tasks/").content.decode()
    assert inbox.count(f'href="/cases/{case.pk}/"') == 1
    assert "甬安物业" in inbox
    assert "待接办" in inbox
    for task in tasks:
        assert worker.get(f"/tasks/{task.pk}/")["Location"] == f"/cases/{case.pk}/"
    # Both say the same of the time that is left.
    assert "还有" in inbox
    days = inbox.split("还有")[1].split("天")[0]
    assert f"还有{days}天" in worker.get(f"/cases/{case.pk}/").content.decode()
    assert f"还有{days}天" in worker.get("/cases/").content.decode()


# Searching --------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize(
    "words",
    ["东方丽都", "1幢", "噪音扰民", "小区管理", "虞阿香", "8000", "装修 待分派", "半夜 虞阿香"],
)
def test_a_case_is_found_by_whatever_its_row_shows(station: Station, words: str) -> None:
    reporter = Reporter(name="虞阿香", phone="13800138000")
    taken = a_case(station, category=station.noise, reporter=reporter)
    a_case(station, "路灯不亮", place=station.town.community)
    with as_worker(station):
        assert list(find_cases(words)) == [taken.case]


@pytest.mark.postgres
def test_a_case_is_found_by_its_numbers(station: Station) -> None:
    taken = a_case(station)
    other = a_case(station, "路灯不亮")
    number = taken.case.number
    with system_scope("look"):
        tracking = Report.objects.get(case=taken.case).tracking
    with as_worker(station):
        assert taken.case in find_cases(number[:6])
        assert list(find_cases(number)) == [taken.case]
        assert list(find_cases(tracking)) == [taken.case]
        # The number a resident was given is known whole or not at all: nobody counts them up.
        assert not find_cases(tracking[:6]).exclude(pk__in=[taken.case.pk, other.case.pk]).exists()
        assert not find_cases(tracking[:9]).exists()


def test_what_is_not_seen_is_not_found(station: Station, manager: User) -> None:
    reporter = Reporter(name="虞阿香", phone="13800138000")
    a_case(station, reporter=reporter)
    a_case(station, "邻居打人", reporter=reporter, confidential=True)
    seen = signed_in(manager).get("/cases/?q=虞阿香").content.decode()
    assert "没有找到" in seen
    with as_worker(station):
        assert find_cases("虞阿香").count() == 1
    with as_secretary(station):
        assert find_cases("虞阿香").count() == 2
