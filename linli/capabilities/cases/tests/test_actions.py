"""A1: a case is recorded once, reaches whoever is responsible, and its reporter has the word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Reporter, Share
from linli.capabilities.cases.models import Case, Handling, Report
from linli.capabilities.cases.queries import (
    board,
    by_tracking,
    case_or_not_found,
    cases,
    public_case,
    similar_open,
    timeline,
)
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.errors import NotFound, Refused
from linli.core.scope import system_scope
from linli.register.parties.actions import add_party
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.journal.hash_chain import verify
from linli.workbench.tasks.actions import accept_task, finish_task, refuse_task
from linli.workbench.tasks.models import Task
from tests.people import working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def station() -> Station:
    return a_station()


def as_worker(station: Station):  # type: ignore[no-untyped-def]
    return working_as("community_worker", station.town.community.path, user=station.worker)


def as_secretary(station: Station):  # type: ignore[no-untyped-def]
    return working_as("secretary", station.town.community.path, user=station.secretary)


def as_grid_worker(station: Station):  # type: ignore[no-untyped-def]
    return working_as("grid_worker", station.town.grids[0].path, user=station.grid_worker)


def the_task(case: Case) -> Task:
    with system_scope("look"):
        share = Handling.objects.filter(case=case).select_related("task__place").last()
        assert share is not None
        task: Task = share.task
        return task


def assigned(station: Station, taken: actions.RegisteredReport) -> Task:
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.noise, by=station.worker)
        actions.assign_case(case=case, by=station.worker)
    return the_task(taken.case)


def handled(
    station: Station, taken: actions.RegisteredReport, result: str = "已劝停，约定晚上不施工"
) -> Case:
    task = assigned(station, taken)
    with as_grid_worker(station):
        accept_task(task=task, by=station.grid_worker)
        finish_task(task=task, by=station.grid_worker, result=result)
    with as_worker(station):
        return case_or_not_found(taken.case.pk)


def renewed(case: Case) -> Case:
    with system_scope("look"):
        found: Case = Case.objects.select_related("place", "category").get(pk=case.pk)
        return found


def speak(taken: actions.RegisteredReport, *, fixed: bool, text: str = "") -> Case:
    report = by_tracking(taken.tracking, taken.secret)
    assert report is not None
    with system_scope("the reporter says"):
        return actions.give_verdict(report=report, fixed=fixed, text=text, by=None)


def test_from_the_call_to_the_reporters_word(station: Station) -> None:
    taken = a_case(station, reporter=Reporter(name="虞阿香", phone="13800138000"))
    case = handled(station, taken)
    assert (case.state, case.handled_by) == ("handled", station.grid_worker)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text="施工队晚上八点后停工")
    seen = public_case(by_tracking(taken.tracking, taken.secret))  # type: ignore[arg-type]
    assert [answer.text for answer in seen.answers] == ["施工队晚上八点后停工"]
    assert "已答复" in [step.words for step in seen.steps]
    assert station.grid_worker.name not in str(seen.offices)
    speak(taken, fixed=True)
    case = renewed(case)
    assert (case.state, case.outcome) == ("closed", "fixed")
    assert list(verify()) == []


def test_not_fixed_opens_it_again_and_is_counted(station: Station) -> None:
    taken = a_case(station)
    case = handled(station, taken)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text="已处理")
    speak(taken, fixed=False, text="昨晚又吵")
    case = renewed(case)
    assert (case.state, case.reopened_times, case.outcome) == ("received", 1, "")
    with as_worker(station):
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
    assert renewed(case).state == "assigned"


def test_without_a_word_it_is_closed_but_never_counted_as_fixed(station: Station) -> None:
    taken = a_case(station)
    case = handled(station, taken)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text="已处理")
    assert actions.close_unanswered() == 0
    with system_scope("set up"):
        from linli.core.actions import writes_allowed

        with writes_allowed("set up a test"):
            Case.objects.filter(pk=case.pk).update(answered_at=timezone.now() - timedelta(days=8))
    assert actions.close_unanswered() == 1
    assert renewed(case).outcome == "unconfirmed"
    with as_worker(station):
        counted = {key: n for key, _label, n in board().outcomes}
    assert (counted["fixed"], counted["unconfirmed"]) == (0, 1)
    speak(taken, fixed=True)
    assert renewed(case).outcome == "fixed"


def test_refused_with_a_reason_goes_back_to_dispatch(station: Station) -> None:
    taken = a_case(station)
    task = assigned(station, taken)
    with as_grid_worker(station):
        refuse_task(task=task, by=station.grid_worker, reason="是隔壁网格的楼")
    case = renewed(taken.case)
    assert (case.state, case.refused_times) == ("received", 1)
    with as_worker(station):
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
    assert renewed(case).state == "assigned"


def test_several_parties_each_with_a_task_and_one_lead(station: Station) -> None:
    taken = a_case(station, "电梯漏水，按钮不亮")
    with system_scope("set up"):
        firm = add_party(
            place=Place.objects.get(pk=station.town.community.pk),
            name="安达电梯维保",
            kind="lift",
            by=None,
        )
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.lift, by=station.worker)
        actions.assign_case(case=case, by=station.worker, shares=[Share(), Share(party=firm)])
    with system_scope("look"):
        lead, other = list(Handling.objects.filter(case=case).order_by("-is_lead"))
        tasks = [share.task for share in (lead, other)]
        assert (lead.is_lead, other.party) == (True, firm)
    with as_worker(station):
        finish_task(task=tasks[0], by=station.worker, result="已报修")
        assert renewed(case).state == "assigned"
        finish_task(task=tasks[1], by=station.worker, result="换了密封圈")
    assert renewed(case).state == "handled"


def test_what_needs_review_is_reviewed_by_somebody_else(station: Station) -> None:
    taken = a_case(station, "电梯门关不上")
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.lift, by=station.worker)
        actions.assign_case(case=case, by=station.worker)
        finish_task(task=the_task(case), by=station.worker, result="人已救出")
        case = case_or_not_found(case.pk)
        with pytest.raises(Refused, match="复核"):
            actions.answer_case(case=case, by=station.worker, text="好了")
        with pytest.raises(Refused, match="别人"):
            actions.review_case(case=case, by=station.worker, approved=True)
    with as_secretary(station):
        case = case_or_not_found(case.pk)
        actions.review_case(case=case, by=station.secretary, approved=False, text="查维保记录")
        assert renewed(case).state == "assigned"
        finish_task(task=the_task(case), by=station.worker, result="记录已核")
        case = case_or_not_found(case.pk)
        actions.review_case(case=case, by=station.secretary, approved=True)
        actions.answer_case(case=case, by=station.secretary, text="电梯已修好并复检")
    assert renewed(case).state == "answered"


@pytest.mark.parametrize(
    ("kind", "passed_to", "outcome"),
    [("cannot", "", "cannot"), ("not_ours", "区水务局", "not_ours")],
)
def test_cannot_and_not_ours_are_outcomes_of_their_own(
    station: Station, kind: str, passed_to: str, outcome: str
) -> None:
    taken = a_case(station)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        if kind == "not_ours":
            with pytest.raises(Refused, match="转交"):
                actions.answer_case(case=case, by=station.worker, text="归水务", kind=kind)
        actions.answer_case(
            case=case, by=station.worker, text="说明原因如下", kind=kind, passed_to=passed_to
        )
    speak(taken, fixed=True)
    assert renewed(taken.case).outcome == outcome


def test_merged_matters_let_both_reporters_hear_back(station: Station) -> None:
    first = a_case(station, "1幢门口垃圾桶满了没人清")
    second = a_case(station, "垃圾桶满出来了，1幢门口臭死了")
    with as_worker(station):
        alike = similar_open("1幢门口垃圾桶没清", first.case.place, but=second.case)
        assert first.case in [case for case, _score in alike]
        actions.merge_cases(
            case=case_or_not_found(second.case.pk),
            into=case_or_not_found(first.case.pk),
            by=station.worker,
        )
    assert renewed(second.case).outcome == "merged"
    case = handled(station, first)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text="已清运")
    for taken in (first, second):
        report = by_tracking(taken.tracking, taken.secret)
        assert report is not None
        assert [answer.text for answer in public_case(report).answers] == ["已清运"]
    third = a_case(station, "垃圾桶又满了")
    fourth = a_case(station, "垃圾桶又满了啊")
    with as_worker(station):
        actions.merge_cases(
            case=case_or_not_found(fourth.case.pk),
            into=case_or_not_found(third.case.pk),
            by=station.worker,
        )
        apart = actions.unmerge_case(case=case_or_not_found(fourth.case.pk), by=station.worker)
        assert (apart.state, apart.reports.count()) == ("received", 1)


def test_the_same_submission_twice_is_one_matter(station: Station) -> None:
    first = a_case(station, client_id="phone-1")
    again = a_case(station, client_id="phone-1")
    assert (again.case, again.tracking, again.secret) == (first.case, first.tracking, first.secret)
    with pytest.raises(Refused) as refused:
        a_case(station, "别的内容", client_id="phone-1")
    assert refused.value.code == "case.other_body"
    with system_scope("look"):
        assert Report.objects.count() == 1


def test_confidential_matters_are_seen_by_few(station: Station) -> None:
    taken = a_case(station, "邻居家常打孩子", confidential=True)
    for role, place in (
        ("community_worker", station.town.community),
        ("grid_worker", station.town.grids[0]),
    ):
        with working_as(role, place.path), pytest.raises(NotFound):
            case_or_not_found(taken.case.pk)
    with as_secretary(station):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.violence, by=station.secretary)
        actions.assign_case(case=case, by=station.secretary)
    assert "打孩子" not in the_task(case).title + the_task(case).note
    with system_scope("look"):
        from linli.workbench.journal.models import JournalEntry

        assert not JournalEntry.objects.filter(text__contains="打孩子").exists()


def test_a_property_manager_sees_only_what_was_given_to_them(station: Station) -> None:
    from tests.people import a_user

    manager = a_user("chenaxiu", "property_manager", station.town.estate)
    taken = a_case(station)
    with working_as("property_manager", station.town.estate.path, user=manager):
        assert list(cases()) == []
        own = actions.take_case(text="道闸坏了", place=station.town.building("1"), by=manager)
        assert list(cases()) == [own.case]
    assert taken.case.pk != own.case.pk


def test_a_wrong_word_opens_nothing(station: Station) -> None:
    taken = a_case(station)
    assert by_tracking(taken.tracking, "aaaaaaaa") is None
    assert by_tracking("0000000000", taken.secret) is None
    assert by_tracking(taken.tracking, taken.secret.upper()) is not None


def test_withdrawing_the_last_report_ends_the_matter(station: Station) -> None:
    taken = a_case(station)
    other = a_case(station, "同一件", client_id="b")
    with as_worker(station):
        joined = actions.add_report(
            case=case_or_not_found(taken.case.pk), text="我也是", by=station.worker
        )
        actions.withdraw_case(
            case=case_or_not_found(other.case.pk), by=station.worker, reason="自己解决了"
        )
    with system_scope("the reporter says"):
        actions.withdraw_report(report=Report.objects.get(pk=taken.report.pk), by=None)
        assert renewed(taken.case).state == "received"
        actions.withdraw_report(report=Report.objects.get(pk=joined.report.pk), by=None)
    assert renewed(taken.case).outcome == "withdrawn"
    assert renewed(other.case).outcome == "withdrawn"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": "  "}, "case.no_text"),
        ({"text": "长" * 50_000}, "case.long_text"),
        ({"reporter": Reporter(phone="12ab")}, "case.phone"),
        ({"reporter": Reporter(wants_answer="sms")}, "case.no_phone"),
        ({"reporter": Reporter(on_behalf_of="楼上王奶奶")}, "case.consent"),
    ],
)
def test_bad_input_is_refused_in_words(
    station: Station, given: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        a_case(station, **given)  # type: ignore[arg-type]
    assert refused.value.code == code
    with system_scope("look"):
        assert Case.objects.count() == 0


def test_script_in_the_text_stays_text_and_nul_is_dropped(station: Station) -> None:
    taken = a_case(station, "<script>alert(1)</script>\x00楼道灯坏了")
    assert taken.case.text == "<script>alert(1)</script>楼道灯坏了"


def test_the_order_of_states_is_kept(station: Station) -> None:
    taken = a_case(station)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        with pytest.raises(Refused):
            actions.start_case(case=case, by=station.worker)
        with pytest.raises(Refused):
            actions.answer_case(case=case, by=station.worker, text="好了")
        with pytest.raises(Refused):
            actions.reopen_case(case=case, by=station.worker, reason="想重开")
        actions.assign_case(case=case, by=station.worker)
        actions.start_case(case=case, by=station.worker)
        stale = case_or_not_found(case.pk)
        actions.answer_case(case=case, by=station.worker, text="办不了，要报区里", kind="cannot")
        with pytest.raises(Refused):
            actions.start_case(case=stale, by=station.worker)
        actions.reopen_case(case=case, by=station.worker, reason="区里说可以办")
    assert renewed(case).reopened_times == 1
    assert [step.words for step in _steps(case)][:2] == ["已收到", "已分派给负责的岗位"]


def _steps(case: Case):  # type: ignore[no-untyped-def]
    with system_scope("look"):
        return timeline(case)


def test_a_wrong_place_is_put_right_before_dispatch(station: Station) -> None:
    taken = a_case(station)
    with as_worker(station):
        case = case_or_not_found(taken.case.pk)
        actions.move_case(case=case, place=station.town.building("2"), by=station.worker)
        assert case.reports.count() == 1
        with pytest.raises(NotFound):
            actions.move_case(case=case, place=station.town.building("9"), by=station.worker)
        actions.assign_case(case=case, by=station.worker)
        with pytest.raises(Refused):
            actions.move_case(case=case, place=station.town.building("1"), by=station.worker)


def test_the_board_counts_places_and_posts_and_never_people(station: Station) -> None:
    for text in ("楼上漏水", "楼下停车堵门", "半夜唱歌"):
        assigned(station, a_case(station, text))
    with as_worker(station):
        seen = board()
    assert (seen.open, seen.by_category[0].label) == (3, "噪音扰民")
    everything = str(seen)
    with system_scope("look"):
        assert not any(user.name in everything for user in User.objects.all())


def test_categories_are_edited_and_retired(station: Station) -> None:
    with working_as("subdistrict_officer", station.town.town.path, user=station.officer):
        deeper = actions.add_category(
            place=station.town.town, name="夜间", parent=station.noise, by=station.officer
        )
        with pytest.raises(Refused, match="三级"):
            actions.add_category(
                place=station.town.town, name="更细", parent=deeper, by=station.officer
            )
        actions.edit_category(
            category=station.noise,
            name="噪声扰民",
            working_days=2,
            is_active=False,
            by=station.officer,
        )
    assert (station.noise.name, station.noise.is_active) == ("噪声扰民", False)
    with as_secretary(station):
        taken = a_case(station)
        actions.set_confidential(
            case=case_or_not_found(taken.case.pk), confidential=True, by=station.secretary
        )
    assert renewed(taken.case).confidential


def test_who_left_a_number_is_told_once_and_by_the_way_they_chose(station: Station) -> None:
    from linli.workbench.notices.models import Delivery

    taken = a_case(
        station, reporter=Reporter(name="虞阿香", phone="13800138000", wants_answer="sms")
    )
    case = handled(station, taken)
    with as_worker(station):
        actions.answer_case(case=case, by=station.worker, text="晚上八点后停工")
    with system_scope("look"):
        (row,) = Delivery.objects.filter(notice__key__startswith="case-answer:")
        assert "停工" in row.notice.text
        assert row.state == "queued"


def test_a_number_is_shown_for_a_purpose_only(station: Station) -> None:
    taken = a_case(station, reporter=Reporter(name="虞阿香", phone="13800138000"))
    with as_worker(station):
        with pytest.raises(Refused):
            actions.show_phone(report=taken.report, words="看看", by=station.worker)
        number = actions.show_phone(report=taken.report, words="回访是否解决", by=station.worker)
    assert number.endswith("13800138000")


def test_only_an_answered_matter_is_closed_without_a_word(station: Station) -> None:
    from linli.capabilities.cases.actions.closing import close_unconfirmed

    taken = a_case(station)
    with as_worker(station):
        actions.answer_case(
            case=case_or_not_found(taken.case.pk), by=station.worker, text="要报区里", kind="cannot"
        )
        closed = close_unconfirmed(case=case_or_not_found(taken.case.pk), by=station.worker)
    assert closed.outcome == "cannot"
