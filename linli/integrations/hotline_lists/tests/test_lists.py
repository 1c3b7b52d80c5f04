"""The list of a hotline: looked over first, taken exactly once, nothing of it lost."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from linli.capabilities.cases.models import Answer, Case, Handling, Report
from linli.capabilities.cases.tests.builders import a_case, a_station
from linli.core.errors import Refused
from linli.core.scope import Scope, use_scope
from linli.core.time import today
from linli.integrations.hotline_lists import rejected_rows
from linli.integrations.hotline_lists.actions import (
    bring_list,
    drop_list,
    end_list,
    purge_list,
    record_answered,
    take_orders,
)
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.tests.lists import (
    HEADINGS,
    a_row,
    as_csv,
    as_xlsx,
    looked_over,
    taken,
    the_officer,
)
from linli.workbench.journal.hash_chain import verify
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.models import Task

pytestmark = pytest.mark.django_db
REAL = (
    Path(
        os.environ.get("LINLI_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared" / "data")
    )
    / "messages"
)
LIFT = "2幢电梯停在三楼三天了，老人下不了楼"
NOISE = "楼下夜里装修到十二点，孩子睡不着"


def test_looking_over_writes_nothing_and_says_what_would_come_in() -> None:
    station = a_station()
    rows = [a_row("A1", LIFT), a_row("A2", NOISE), a_row("A2", NOISE), a_row("A3", "")]
    with the_officer(station):
        seen = looked_over(as_csv(rows))
        counts = seen.counts()
        assert (counts["new"], counts["double"], counts["bad"]) == (2, 1, 1)
        assert not Case.objects.exists()
        assert not HotlineList.objects.exists()


def test_a_missing_column_is_named_with_the_headings_that_were_found() -> None:
    station = a_station()
    data = as_csv([["A1", "没有时间的一行"]], ["工单号", "备注说明"])
    with the_officer(station), pytest.raises(Refused) as refused:
        looked_over(data)
    assert refused.value.code == "cases.missing_column"
    assert "来件时间、内容" in refused.value.sentence
    assert "工单号、备注说明" in refused.value.sentence
    assert "诉求内容" in refused.value.hint


def test_a_list_brought_again_takes_nothing_twice() -> None:
    station = a_station()
    data = as_csv([a_row("A1", LIFT), a_row("A2", NOISE, phone="13800138000")])
    with the_officer(station):
        taken(station, data)
        longer = [a_row("A1", LIFT), a_row("A2", NOISE), a_row("A3", "新的")]
        again = taken(station, as_xlsx(longer), "工单.xlsx")
        assert (again.count("did_new"), again.count("did_again")) == (1, 2)
        assert sorted(Report.objects.values_list("outside_number", flat=True)) == ["A1", "A2", "A3"]
        first = Report.objects.get(outside_number="A2")
        assert (first.phone, first.wants_answer, first.case.channel) == (
            "13800138000",
            "phone",
            "hotline",
        )
        assert first.received_at.date().isoformat() == "2026-11-02"


def test_rows_in_trouble_are_named_kept_corrected_and_brought_again() -> None:
    station = a_station()
    tomorrow = (today() + timedelta(days=2)).isoformat()
    rows = [
        a_row("B1", LIFT),
        a_row("", NOISE),
        a_row("B3", NOISE, at="上个月"),
        a_row("B4", "=1+1 这样写的", at=tomorrow),
        a_row("B5", "字" * 25_000),
    ]
    with the_officer(station):
        done = taken(station, as_csv(rows))
        words = [error_text.words for error_text in looked_over(as_csv(rows)).troubles]
        assert words[0].startswith("第3行“工单号”：没有编号")
        assert words[1].startswith("第4行“来电时间”：看不懂日期“上个月”")
        assert "时间在将来" in words[2]
        assert "内容有25000字" in words[3]
        assert (done.count("did_new"), done.count("left")) == (1, 4)
        kept = rejected_rows.as_csv(done.rejected_rows)
        assert "'=1+1 这样写的" in kept
        corrected = kept.replace(tomorrow, "2026-11-03").replace("上个月", "2026-11-04")
        second = taken(station, corrected.encode())
        assert second.count("did_new") == 2
        assert Case.objects.filter(text="=1+1 这样写的").exists()


def test_a_number_that_stands_for_another_text_is_not_taken_over_the_first() -> None:
    station = a_station()
    with the_officer(station):
        taken(station, as_csv([a_row("C1", LIFT)]))
        seen = looked_over(as_csv([a_row("C1", NOISE), a_row("C2", LIFT), a_row("C2", NOISE)]))
        assert [error_text.row for error_text in seen.troubles] == [2, 4]
        assert "已经收过，内容却不同" in seen.troubles[0].what
        assert "和第3行一样" in seen.troubles[1].what


def test_answered_rows_keep_their_dates_and_are_never_fixed() -> None:
    station = a_station()
    recent = (today() - timedelta(days=2)).isoformat()
    headings = ["工单号", "来电时间", "诉求内容", "处理结果", "办结时间"]
    rows = [
        ["D1", "2019/2/28 11:25:05", LIFT, "已联系维保公司修好", "2019/3/9 10:02:08"],
        ["D2", (today() - timedelta(days=3)).isoformat(), NOISE, "已上门劝阻", recent],
        ["D3", "2019-02-28", NOISE, "太早的答复", "2019-02-01"],
        ["D4", "2019-02-28", NOISE + "啊", "没有时间的答复", ""],
    ]
    with the_officer(station):
        done = taken(station, as_csv(rows, headings), dispatch="all")
        assert (done.count("did_answered"), done.count("did_dispatched")) == (2, 0)
        assert done.count("left") == 2
        old, new = Case.objects.order_by("pk")
        assert (old.state, old.outcome) == ("closed", "unconfirmed")
        assert old.closed_at - old.answered_at == timedelta(days=7)
        assert old.answered_at.isoformat().startswith("2019-03-09")
        assert (new.state, new.outcome) == ("answered", "")
        assert Answer.objects.get(case=old).text == "已联系维保公司修好"
        assert not Task.objects.exists()


def test_an_answer_before_its_matter_or_to_one_in_hand_is_refused() -> None:
    station = a_station()
    case = a_case(station).case
    with the_officer(station):
        early = case.received_at - timedelta(days=1)
        with pytest.raises(Refused, match="早于来件时间"):
            record_answered(case=case, text="办好了", answered_at=early, by=station.officer)
        Case.objects.get(pk=case.pk)
        record_answered(case=case, text="办好了", answered_at=timezone.now(), by=station.officer)
        with pytest.raises(Refused, match="已经在办"):
            record_answered(
                case=case, text="办好了", answered_at=timezone.now(), by=station.officer
            )


def test_with_the_order_to_dispatch_what_is_sure_goes_to_its_usual_post() -> None:
    station = a_station()
    headings = [*HEADINGS, "三级分类"]
    rows = [[*a_row("E1", NOISE), "噪音扰民"], [*a_row("E2", "说不清的一件事"), "没有这一类"]]
    with the_officer(station):
        done = taken(station, as_csv(rows, headings), dispatch="sure")
        assert (done.count("did_dispatched"), done.count("doubts")) == (1, 1)
        case = Case.objects.get(reports__outside_number="E1")
        assert (case.state, case.category) == ("assigned", station.noise)
        share = Handling.objects.get(case=case)
        assert share.is_lead
        assert share.task.subject_id == case.pk
        waits = Case.objects.get(reports__outside_number="E2")
        assert waits.state == "received"
        # Whoever must act has a task: the post of the one, whoever dispatches for the other.
        tasks = {task.subject_id: task.kind for task in Task.objects.order_by("pk")}
        assert tasks == {case.pk: "cases.handle", waits.pk: "cases.dispatch"}
        assert Task.objects.count() == len(tasks)
        kinds = JournalEntry.objects.filter(subject_kind="cases.case", subject_id=case.pk)
        ordered = kinds.get(kind="case.assigned")
        assert ordered.data["order"].startswith(f"{done.pk} sure")
        assert list(verify()) == []


def test_a_list_taken_first_can_be_dispatched_by_bringing_it_again() -> None:
    station = a_station()
    data = as_csv([a_row("F1", LIFT), a_row("F2", NOISE)])
    with the_officer(station):
        taken(station, data)
        assert not Handling.objects.exists()
        again = taken(station, data, dispatch="all")
        assert (again.count("did_new"), again.count("did_dispatched")) == (0, 2)
        once_more = taken(station, data, dispatch="all")
        assert once_more.count("did_dispatched") == 0
        assert Handling.objects.count() == 2


def test_the_same_text_is_merged_only_by_order_and_both_reporters_are_kept() -> None:
    station = a_station()
    rows = [a_row("G1", LIFT, name="虞阿香"), a_row("G2", LIFT, name="周阿大")]
    with the_officer(station):
        assert looked_over(as_csv(rows)).counts()["same"] == 1
        taken(station, as_csv(rows))
        assert Case.objects.filter(state="received").count() == 2
        merged = taken(station, as_csv(rows), merge=True)
        assert merged.count("did_merged") == 1
        going_on = Case.objects.get(state="received")
        assert sorted(going_on.reports.values_list("name", flat=True)) == ["周阿大", "虞阿香"]


def test_a_number_taken_by_another_community_is_not_taken_again_nor_shown() -> None:
    station = a_station()
    town = station.town
    with use_scope(Scope((town.next_community.path,), "secretary", "", station.officer.pk)):
        taken(station, as_csv([a_row("H1", LIFT)]))
    with use_scope(Scope((town.community.path,), "secretary", "", station.secretary.pk)):
        seen = looked_over(as_csv([a_row("H1", LIFT), a_row("H2", NOISE)]))
        assert [(row.fate, row.case) for row in seen.rows] == [("taken", None), ("new", None)]
        done = taken(station, as_csv([a_row("H1", LIFT), a_row("H2", NOISE)]))
        assert (done.count("did_new"), done.count("did_again")) == (1, 1)
        assert Case.objects.count() == 1


def test_a_list_can_be_dropped_before_it_is_taken_and_is_forgotten_later() -> None:
    station = a_station()
    with the_officer(station):
        done = taken(station, as_csv([a_row("I1", LIFT), a_row("", NOISE)]))
        with pytest.raises(Refused, match="不能放弃"):
            drop_list(hotline_list=done, by=station.officer)
        purge_list(hotline_list=done, by=station.officer)
        assert HotlineList.objects.get().rejected_rows == ""
        assert Case.objects.count() == 1


def test_what_an_action_refuses_is_said_and_the_other_rows_are_taken() -> None:
    station = a_station()
    with the_officer(station):
        seen = looked_over(as_csv([a_row("R1", LIFT), a_row("R2", NOISE)]))
        good, bad = seen.orders()
        hotline_list = bring_list(
            hotline_list=HotlineList(place=seen.place, file_name="工单.csv", rows=2),
            by=station.officer,
        )
        orders = [good, replace(bad, phone="不是电话")]
        counted, refused = take_orders(hotline_list=hotline_list, orders=orders, by=station.officer)
        assert (counted["new"], [row for row, _why in refused]) == (1, [3])
        assert "不是电话号码" in refused[0][1]
        ended = end_list(
            hotline_list=hotline_list, counts={"did_new": 1}, left="", by=station.officer
        )
        assert (ended.state, Case.objects.count()) == ("taken", 1)


def test_the_place_a_row_names_is_where_its_matter_is() -> None:
    station = a_station()
    rows = [
        a_row("P1", LIFT, spot="东方丽都1幢"),
        a_row("P2", "东方丽都的门禁坏了，谁都能进"),
        a_row("P3", NOISE),
        a_row("P4", NOISE, spot="万象城"),
    ]
    with the_officer(station):
        taken(station, as_csv(rows))
        where = dict(Report.objects.values_list("outside_number", "case__place__name"))
        assert where == {"P1": "1幢", "P2": "东方丽都", "P3": "潘火街道", "P4": "潘火街道"}
        assert Report.objects.get(outside_number="P4").case.spot == "万象城"


def test_a_list_like_an_open_matter_says_so_and_never_merges_by_itself() -> None:
    station = a_station()
    old = a_case(station, LIFT).case
    with the_officer(station):
        seen = looked_over(as_csv([a_row("Q1", LIFT + "！", spot="东方丽都1幢")]))
        assert seen.rows[0].advised.alike == (f"#{old.pk}",)
        taken(station, as_csv([a_row("Q1", LIFT + "！", spot="东方丽都1幢")]))
        assert Case.objects.filter(state="received").count() == 2


@pytest.mark.skipif(not REAL.is_dir(), reason="the real messages are not here")
@pytest.mark.parametrize(
    ("name", "rows"),
    [pytest.param("messages.csv", 2201, marks=pytest.mark.nightly), ("answered.csv", 1397)],
)
def test_every_row_of_the_real_files_is_understood(name: str, rows: int) -> None:
    station = a_station()
    with the_officer(station):
        seen = looked_over((REAL / name).read_bytes(), name)
        counts = seen.counts()
        assert counts["rows"] == rows
        assert counts["new"] + counts["bad"] == rows
        assert counts["bad"] <= 3, [error_text.words for error_text in seen.troubles]
