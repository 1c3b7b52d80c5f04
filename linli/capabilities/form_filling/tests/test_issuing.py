"""N1 价签: what a form costs is seen before it is given out; what is known is not asked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.capabilities.form_filling import actions, jobs
from linli.capabilities.form_filling.catalogue import burden, yearly_report
from linli.capabilities.form_filling.models import (
    Distribution,
    FormInstance,
    FormReturn,
    FormTemplate,
)
from linli.capabilities.form_filling.terms import DECIDE, FILL, FormState
from linli.capabilities.form_filling.tests.builders import (
    HEADINGS,
    Town,
    a_blank,
    a_form_of_the_officer,
    a_town,
    as_officer,
    as_worker,
    brought,
    confirmed_as_read,
    given_out,
    names_in,
)
from linli.core.errors import Refused
from linli.core.personal_data.crypto import keyring
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.conditions import queries
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks.actions import escalate_late_tasks
from linli.workbench.tasks.models import Task
from tests.people import a_user, by_the_system, working_as

pytestmark = pytest.mark.django_db
KNOWN = ["序号", "姓名", "性别", "出生年月", "残疾等级"]
UNKNOWN = ["补贴发放情况", "走访意见", "帮扶成效", "备注"]


@pytest.fixture
def here() -> Town:
    return a_town()


def test_the_price_says_what_is_known_and_what_it_costs(here: Town) -> None:
    with as_officer(here):
        form_instance = a_form_of_the_officer(here, HEADINGS[:-1])
        price = burden.price_of(form_instance, burden.communities(form_instance.place))
    assert [(part.place.name, part.rows) for part in price.parts] == [
        ("殷家社区", 3),
        ("潘火社区", 1),
    ]
    # 文化程度 of three and the phones of two are not known, at two doors.
    assert (price.missing, price.parts[0].doors, price.parts[1].doors) == (6, 1, 1)
    assert price.known == 4 * 6 - 6
    assert price.minutes > 10
    assert not price.is_answered


def test_the_price_is_counted_from_the_place_that_will_fill_it(here: Town) -> None:
    """A condition about one community is no answer at the other: its worker cannot even ask it."""
    where = {"field": "community", "op": "eq", "value": here.town.community.path}
    with as_officer(here):
        form_instance = a_form_of_the_officer(here, KNOWN)
        form_instance.condition = {"subject": "person", "where": where}
        ours, theirs = burden.price_of(form_instance, burden.communities(form_instance.place)).parts
    assert (ours.rows, ours.error_text) == (4, "")
    assert "地方没有找到" in theirs.error_text
    with working_as("community_worker", here.town.next_community.path), pytest.raises(Refused):
        queries.read_json(form_instance.condition)


def test_what_is_known_is_answered_without_asking_anybody(here: Town) -> None:
    """Each community apart: next door one of four cells is not known, so they are asked."""
    with as_officer(here):
        distribution = given_out(here, a_form_of_the_officer(here, KNOWN))
        assert distribution.price["answered"] == 1
        assert [task.place.name for task in Task.objects.filter(kind=FILL)] == ["潘火社区"]
    assert jobs.answer_what_is_known() == 1
    with as_officer(here):
        form_return = FormReturn.objects.get()
        assert form_return.form_instance.place.name == "殷家社区"
        assert names_in(keyring().decrypt(bytes(form_return.file))) == {"虞阿香", "邬根发", "陈德"}
    assert jobs.answer_what_is_known() == 0


def test_a_form_with_columns_for_the_pen_is_never_answered_by_itself(here: Town) -> None:
    """Name and sex are known; four columns nobody knows would have gone out empty."""
    with as_officer(here):
        form_instance = a_form_of_the_officer(here, ["序号", "姓名", "性别", *UNKNOWN])
        assert [heading["use"] for heading in form_instance.headings].count("left") == len(UNKNOWN)
        price = burden.price_of(form_instance, burden.communities(form_instance.place))
        assert (price.percent, price.pen, price.answered) == (29, 16, 0)
        given_out(here, form_instance)
    assert jobs.answer_what_is_known() == 0
    with as_officer(here):
        assert not FormReturn.objects.exists()


def test_what_turns_out_unknown_meanwhile_goes_to_the_community(here: Town) -> None:
    """And it keeps no other form waiting: what could not be answered leaves the queue."""
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here, KNOWN))
        with by_the_system():
            Person.objects.update(sex="")
    with as_officer(here):
        form_instance = FormInstance.objects.get(answers_itself=True)
        assert actions.answer_by_itself(form_instance=form_instance, by=here.officer) is None
        assert not FormReturn.objects.exists()
        assert not FormInstance.objects.filter(answers_itself=True).exists()
        assert Task.objects.filter(kind=FILL).count() == 2
    assert jobs.answer_what_is_known() == 0


def test_the_community_hears_of_a_form_and_is_reminded_and_a_late_one_goes_up(here: Town) -> None:
    with system_scope("test"):
        a_user("secretary", "secretary", here.town.community)
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here), due_on=today() + timedelta(days=1))
    with as_worker(here):
        form_instance = FormInstance.objects.get()
        task = Task.objects.get(kind=FILL)
        assert (task.seat_role, task.seat_place.name, task.due_on, task.title) == (
            "community_worker",
            "殷家社区",
            form_instance.due_on,
            "填表：残疾人基本情况登记表",
        )
        assert "区残联" in task.note
        told = Delivery.objects.filter(user=here.worker)
        assert [delivery.notice.subject for delivery in told] == ["要填的表"]
    jobs.remind()
    jobs.remind()
    with as_worker(here):
        subjects = [
            delivery.notice.subject for delivery in Delivery.objects.filter(user=here.worker)
        ]
        assert sorted(subjects) == sorted(["要填的表", "表格快到期"])
        assert not Delivery.objects.filter(user=here.officer).exists()
        with by_the_system():
            Task.objects.filter(pk=task.pk).update(due_on=today() - timedelta(days=20))
    escalate_late_tasks()
    with as_worker(here):
        task.refresh_from_db()
        assert task.raised_role == "secretary"
        actions.hand_in_form(form_instance=form_instance, by=here.worker, with_open_questions=True)
        task.refresh_from_db()
        assert (task.state, task.result) == ("done", "已上交")
    with as_officer(here):
        # What was handed in waits for whoever gave it out: a task, which ends with the decision.
        deciding = Task.objects.get(kind=DECIDE)
        assert (deciding.seat_role, deciding.state) == ("subdistrict_officer", "open")
        actions.send_back_form(form_instance=form_instance, reason="少了一栏电话", by=here.officer)
        deciding.refresh_from_db()
        assert (deciding.state, deciding.ended_by) == ("done", here.officer)
    with as_worker(here):
        again = Task.objects.get(kind=FILL, state="open")
        assert (again.title, again.note) == ("退回重填：残疾人基本情况登记表", "少了一栏电话")
        actions.drop_form(form_instance=form_instance, by=here.worker)
        again.refresh_from_db()
        assert again.state == "cancelled"


def test_a_form_with_gaps_waits_for_the_communities(here: Town) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here))
    assert jobs.answer_what_is_known() == 0
    with working_as("community_worker", here.town.community.path):
        assert [form_instance.place.name for form_instance in FormInstance.objects.all()] == [
            "殷家社区"
        ]


def test_a_duplicate_is_pointed_out_and_given_out_only_when_meant(here: Town) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here))
        same_in_other_order = [*HEADINGS[:-1], "说明"]
        other = a_form_of_the_officer(here, same_in_other_order)
        with pytest.raises(Refused, match="差不多"):
            given_out(here, other)
        assert Distribution.objects.count() == 1
        given_out(here, other, again=True)
        assert Distribution.objects.count() == 2


def test_the_very_same_form_twice_says_who_asked_for_it_when(here: Town) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here))
        twin = a_form_of_the_officer(here, title="残疾人情况表（再报）")
        with pytest.raises(Refused) as refused:
            given_out(here, twin)
        said = str(refused.value.sentence)
        for part in ("残疾人基本情况登记表", "区残联", here.officer.name, str(today())):
            assert part in said
        # The catalogue keeps the first name and knows the second.
        form_template = FormTemplate.objects.get()
        assert (form_template.title, form_template.also_called) == (
            "残疾人基本情况登记表",
            ["残疾人情况表（再报）"],
        )


REWORDED = ["编号", "居民姓名", "男女", "生日", "残疾级别"]


@pytest.mark.postgres
def test_the_same_facts_in_other_words_are_found_and_need_a_reason(here: Town) -> None:
    """A3, N1: a department words its form anew; the facts and the people are the same."""
    with as_officer(here):
        first = given_out(here, a_form_of_the_officer(here, KNOWN))
        other = a_form_of_the_officer(here, REWORDED, title="重点人员摸底表")
        assert not burden._nearly(burden._words(other.headings), first_headings(first))
        with pytest.raises(Refused, match="差不多") as refused:
            given_out(here, other)
        said = str(refused.value.sentence)
        for part in ("4项里4项相同", "问的是同样的人", str(today()), here.officer.name):
            assert part in said
        with pytest.raises(Refused, match="为什么还要问"):
            given_out(here, other, again=True)
        assert Distribution.objects.count() == 1
        again = given_out(here, other, again=True, reason="上次的数已经过期了")
    assert again.price["asked_again_because"] == "上次的数已经过期了"


@pytest.mark.postgres
@pytest.mark.parametrize("other", ["people", "facts", "period"])
def test_control_other_people_other_facts_or_another_period_are_no_duplicate(
    here: Town, other: str
) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here, KNOWN))
        headings = ["姓名", "医保类型", "政治面貌", "就业"] if other == "facts" else REWORDED
        second = a_form_of_the_officer(here, headings, title="另一张表")
        with by_the_system():
            if other == "people":
                where = {"field": "age", "op": "ge", "value": 100}
                second.condition = {"subject": "person", "where": where}
                second.save(update_fields=["condition"])
            if other == "period":
                long_ago = today() - timedelta(days=800)
                Distribution.objects.update(due_on=long_ago, distributed_at=as_moment(long_ago))
        given_out(here, second)
        assert Distribution.objects.count() == 2


def first_headings(distribution: Distribution) -> list[dict[str, Any]]:
    headings: list[dict[str, Any]] = (
        FormInstance.objects.filter(distribution=distribution).order_by("pk")[0].headings
    )
    return headings


def test_last_months_form_is_no_duplicate_this_month(here: Town) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here, cadence="monthly"))
        with by_the_system():
            last_month = today().replace(day=1) - timedelta(days=3)
            Distribution.objects.update(due_on=last_month, distributed_at=as_moment(last_month))
        given_out(here, a_form_of_the_officer(here, cadence="monthly"))
        assert Distribution.objects.count() == 2


def as_moment(day: date) -> datetime:
    """Noon of a day."""
    return timezone.make_aware(datetime.combine(day, time(12)))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"asked_by": " "}, "哪个单位"),
        ({"basis": "有"}, "依据"),
        ({"due_on": today() - timedelta(days=1)}, "期限"),
        ({"places": []}, "哪些社区"),
    ],
)
def test_nothing_goes_out_without_who_why_and_until_when(
    here: Town, changes: dict[str, Any], says: str
) -> None:
    with as_officer(here):
        form_instance = a_form_of_the_officer(here)
        with pytest.raises(Refused, match=says):
            given_out(here, form_instance, **changes)
        assert not Distribution.objects.exists()


def test_a_community_gives_no_forms_out(here: Town) -> None:
    with working_as("secretary", here.town.community.path), pytest.raises(Refused):
        given_out(here, FormInstance(place=here.town.community, state=FormState.OPEN))


def test_a_form_due_soon_is_said_once(here: Town) -> None:
    from linli.workbench.notices.models import Notice

    with working_as("community_worker", here.town.community.path):
        form_instance = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.community, by=here.worker
        )
        said = confirmed_as_read(form_instance, due_on=today() + timedelta(days=1))
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
    jobs.remind()
    jobs.remind()
    with as_officer(here):
        assert Notice.objects.count() == 1


def test_the_year_says_what_was_asked_and_what_stayed_empty(here: Town) -> None:
    """A form that was returned and handed in again was asked once."""
    with as_worker(here):
        for month in range(2):
            data = a_blank(title=f"残疾人表{month}月")
            form_instance = brought(here, data=data, title="残疾人表")
            actions.hand_in_form(
                form_instance=form_instance, by=here.worker, with_open_questions=True
            )
    with as_officer(here):
        actions.send_back_form(form_instance=form_instance, reason="少了一栏电话", by=here.officer)
    with as_worker(here):
        actions.hand_in_form(form_instance=form_instance, by=here.worker, with_open_questions=True)
        forms = yearly_report.handed_in()
        told = {
            asked_this_year.key: (asked_this_year.times, asked_this_year.cells)
            for asked_this_year in yearly_report.asked_this_year(forms)
        }
        assert told["person.name"] == (2, 6)
        never = [
            (never_used.title, never_used.heading, never_used.times)
            for never_used in yearly_report.never_used(forms)
        ]
        assert never == [("残疾人表", "备注", 2)]
        assert len(yearly_report.unopened(forms)) == 2


def test_a_column_of_the_register_nobody_knew_counts_as_never_used(here: Town) -> None:
    """Also for a file handed in before empty cells were counted."""
    with as_worker(here):
        with by_the_system():
            Person.objects.update(education="")
        actions.hand_in_form(form_instance=brought(here), by=here.worker, with_open_questions=True)
        assert {
            never_used.heading for never_used in yearly_report.never_used(yearly_report.handed_in())
        } == {"文化程度", "备注"}
        with by_the_system():
            FormReturn.objects.update(counts={"rows": 3})
        assert {
            never_used.heading for never_used in yearly_report.never_used(yearly_report.handed_in())
        } == {"文化程度", "备注"}


def test_the_page_of_the_year_reads_no_file(here: Town, django_assert_max_num_queries: Any) -> None:
    with as_worker(here):
        actions.hand_in_form(form_instance=brought(here), by=here.worker, with_open_questions=True)
        with django_assert_max_num_queries(3) as asked:
            yearly_report.handed_in()
    said = " ".join(query["sql"] for query in asked.captured_queries)
    assert '"form_filling_formreturn"."counts"' in said
    assert '"file"' not in said
