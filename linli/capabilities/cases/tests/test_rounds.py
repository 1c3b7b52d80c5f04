"""A1: shares, merges and answers that cross one another; nobody is left out, nothing is counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Reporter, Share, public, register
from linli.capabilities.cases.models import Case, Handling, Report
from linli.capabilities.cases.queries import case_or_not_found
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import (
    as_grid_worker,
    as_secretary,
    as_worker,
    assigned,
    handled,
    renewed,
    speak,
    the_task,
)
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import add_working_days, today
from linli.register.parties.actions import add_party
from linli.register.places.models import Place
from linli.workbench.journal.photos import checked_all
from linli.workbench.journal.tests.test_journal import a_photo
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks.actions import accept_task, finish_task, hand_over_task
from linli.workbench.tasks.queries import Seat, calendar
from tests.people import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MOBILE, LANDLINE = "13800138000", "057488888888"


@pytest.fixture
def station() -> Station:
    return a_station()


def told() -> list[tuple[str, str]]:
    with system_scope("look"):
        # The answers; what is told of the steps before has stories of its own.
        rows = Delivery.objects.filter(notice__key__startswith="case-answer:").order_by("pk")
        return [(row.name, row.channel) for row in rows]


def answered(station: Station, taken: actions.RegisteredReport, text: str = "已清运") -> Case:
    case = handled(station, taken)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text=text)
        return case_or_not_found(case.pk)


def merge(station: Station, one: actions.RegisteredReport, into: actions.RegisteredReport) -> None:
    with as_worker(station):
        actions.merge_cases(
            case=case_or_not_found(one.case.pk),
            into=case_or_not_found(into.case.pk),
            by=station.worker,
        )


@pytest.mark.parametrize(
    ("wants", "phone", "way"),
    [
        ("phone", MOBILE, "call"),
        ("phone", LANDLINE, "call"),
        ("sms", MOBILE, "sms"),
        ("sms", LANDLINE, "call"),
        ("page", MOBILE, ""),
        ("none", MOBILE, ""),
    ],
)
def test_everybody_is_told_by_the_way_they_asked_for(
    station: Station, wants: str, phone: str, way: str
) -> None:
    reporter = Reporter(name="虞阿香", phone=phone, wants_answer=wants)
    answered(station, a_case(station, reporter=reporter))
    assert told() == ([("虞阿香", way)] if way else [])


def test_who_comes_to_an_answered_matter_hears_the_answer(station: Station) -> None:
    first = a_case(station, "1幢门口垃圾桶满了", reporter=Reporter("甲", MOBILE, "sms"))
    case = answered(station, first)
    second = a_case(station, "垃圾桶满了", reporter=Reporter("乙", "13800138001", "sms"))
    merge(station, second, first)
    with as_worker(station):
        actions.add_report(
            case=case,
            text="我也看到了",
            by=station.worker,
            reporter=Reporter("丙", "13800138002", "phone"),
        )
    assert told() == [("甲", "sms"), ("乙", "sms"), ("丙", "call")]


def test_a_chain_of_merges_comes_apart_with_everybody_in_their_own_matter(station: Station) -> None:
    one, two, three = (a_case(station, f"{n}号桶满了没人清") for n in range(3))
    merge(station, one, two)
    merge(station, two, three)

    def counts() -> list[int]:
        with system_scope("look"):
            return [Report.objects.filter(case=t.case).count() for t in (one, two, three)]

    assert counts() == [0, 0, 3]
    with as_worker(station):
        actions.unmerge_case(case=case_or_not_found(one.case.pk), by=station.worker)
        assert counts() == [1, 0, 2]
        again = case_or_not_found(one.case.pk)
        actions.merge_cases(case=again, into=case_or_not_found(three.case.pk), by=station.worker)
        actions.unmerge_case(case=case_or_not_found(two.case.pk), by=station.worker)
    assert counts() == [0, 1, 2]


def test_who_came_by_an_earlier_merge_comes_back_with_it(station: Station) -> None:
    one, two, three = (a_case(station, f"{n}号灯不亮，楼道很黑") for n in range(3))
    merge(station, one, two)
    merge(station, two, three)
    with as_worker(station):
        actions.unmerge_case(case=case_or_not_found(two.case.pk), by=station.worker)
        assert case_or_not_found(two.case.pk).reports.count() == 2
        actions.unmerge_case(case=case_or_not_found(one.case.pk), by=station.worker)
        assert case_or_not_found(one.case.pk).reports.count() == 1


def test_a_share_handed_over_waits_for_the_new_post(station: Station) -> None:
    taken = a_case(station)
    task = assigned(station, taken)
    with as_grid_worker(station):
        accept_task(task=task, by=station.grid_worker)
        assert renewed(taken.case).state == "accepted"
        other = Seat("secretary", station.town.community)
        hand_over_task(
            task=the_task(taken.case), seat=other, by=station.grid_worker, reason="要书记协调"
        )
    with system_scope("look"):
        share = Handling.objects.get(case=taken.case)
    assert (share.state, share.accepted_at) == ("assigned", None)
    assert renewed(taken.case).state == "assigned"
    with as_secretary(station):
        accept_task(task=the_task(taken.case), by=station.secretary)
    assert renewed(taken.case).state == "accepted"


def test_who_did_any_share_does_not_review_the_whole(station: Station) -> None:
    taken = a_case(station, "电梯门关不上")
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.lift, by=station.worker)
        seats = [
            Share(Seat("secretary", station.town.community)),
            Share(Seat("community_worker", station.town.community)),
        ]
        actions.assign_case(case=case, by=station.worker, shares=seats)
        with system_scope("look"):
            lead, other = [handling.task for handling in case.handlings.order_by("-is_lead")]
        finish_task(task=other, by=station.worker, result="已查")
    with as_secretary(station):
        finish_task(task=lead, by=station.secretary, result="已修")
    with as_worker(station), pytest.raises(Refused, match="别人"):
        actions.review_case(case=case_or_not_found(case.pk), by=station.worker, approved=True)
    third = a_user("third", "secretary", station.town.community)
    with as_secretary(station):
        stale = case_or_not_found(case.pk)
        actions.review_case(
            case=case_or_not_found(case.pk), by=third, approved=False, text="再查一次"
        )
        with pytest.raises(Refused):
            actions.review_case(case=stale, by=third, approved=True)
    assert renewed(case).reviewed_by is None


def test_each_share_has_its_own_day_and_the_matter_the_last(station: Station) -> None:
    taken = a_case(station, "电梯漏水")
    with system_scope("set up"):
        firm = add_party(
            place=Place.objects.get(pk=station.town.community.pk), name="安达", kind="lift", by=None
        )
    late = today() + timedelta(days=40)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.noise, by=station.worker)
        past = [Share(), Share(party=firm, due_on=today() - timedelta(days=1))]
        with pytest.raises(Refused, match="早于今天"):
            actions.assign_case(case=case, by=station.worker, shares=past)
        actions.assign_case(
            case=case, by=station.worker, shares=[Share(), Share(party=firm, due_on=late)]
        )
    with system_scope("look"):
        days = {
            handling.is_lead: (handling.due_on, handling.task.due_on)
            for handling in Handling.objects.filter(case=case).select_related("task")
        }
    usual = add_working_days(today(), 3, calendar())
    assert days == {True: (usual, usual), False: (late, late)}
    assert renewed(case).due_on == late


def test_a_withdrawn_report_has_no_say(station: Station) -> None:
    taken = a_case(station)
    answered(station, taken)
    with system_scope("set up"), writes_allowed("set up a test"):
        Report.objects.filter(pk=taken.report.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(Refused, match="撤回"):
        speak(taken, fixed=False)


@pytest.mark.parametrize("outcome", ["withdrawn", "cannot"])
def test_what_ended_otherwise_is_not_opened_by_a_word(station: Station, outcome: str) -> None:
    taken = a_case(station)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        if outcome == "withdrawn":
            actions.withdraw_case(case=case, by=station.worker, reason="不用了")
        else:
            actions.answer_case(case=case, by=station.worker, text="要报区里", kind="cannot")
            speak(taken, fixed=True)
    with pytest.raises(Refused):
        speak(taken, fixed=False)
    assert renewed(taken.case).outcome == outcome


def test_joining_twice_at_once_gets_one_answer(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = a_case(station)
    given: dict[str, Any] = {"text": "我也是", "by": station.worker, "client_id": "twice"}
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        first = actions.add_report(case=case, **given)
        seen: list[bool] = []
        known = register._already

        def not_there_yet(client_id: str, body: str) -> Any:
            seen.append(True)
            return None if len(seen) == 1 else known(client_id, body)

        monkeypatch.setattr(register, "_already", not_there_yet)
        again = actions.add_report(case=case, **given)
    assert (again.tracking, again.secret) == (first.tracking, first.secret)
    monkeypatch.setattr(register, "_already", lambda *_given: None)
    with as_worker(station), pytest.raises(IntegrityError):
        actions.add_report(case=case, **given)


def test_nobody_joins_or_is_merged_into_what_has_ended_meanwhile(station: Station) -> None:
    taken, other = a_case(station), a_case(station, "楼道灯坏了")
    with as_worker(station):
        stale = case_or_not_found(taken.case.pk)
        actions.withdraw_case(
            case=case_or_not_found(taken.case.pk), by=station.worker, reason="不用了"
        )
        with pytest.raises(Refused):
            actions.add_report(case=stale, text="我也是", by=station.worker)
        stale.state = "received"
        with pytest.raises(Refused):
            actions.merge_cases(
                case=case_or_not_found(other.case.pk), into=stale, by=station.worker
            )


def test_nine_photos_of_others_leave_room_for_the_tenth_persons(station: Station) -> None:
    taken = a_case(station)
    place = station.town.building("1")

    def join(client_id: str, photos: int) -> None:
        public.report(
            text="我也是",
            place=place,
            spot="",
            reporter=Reporter(),
            client_id=client_id,
            join=taken.case.pk,
            photos=checked_all([a_photo(size=(400, 300)) for _n in range(photos)]),
        )

    join("nine", 9)
    join("one", 1)
    with pytest.raises(Refused, match="最多9张"):
        join("ten", 10)
    with system_scope("look"):
        assert taken.case.reports.count() == 3


def test_the_number_has_the_day_in_china() -> None:
    moment = datetime.fromisoformat("2026-11-23T17:30:00+00:00")
    assert Case(pk=7, received_at=moment).number == "261124-7"
