"""Visits, promises and askings: what counts, what is refused, what stops by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linli.capabilities.visits import actions, queries, terms
from linli.capabilities.visits.actions import close_feedback_requests
from linli.capabilities.visits.jobs import hear_changes, plan_at, plan_every_night
from linli.capabilities.visits.library import LIBRARY
from linli.capabilities.visits.models import CarePlan, FeedbackRequest, Promise, Visit
from linli.capabilities.visits.scheduling_input import period_plan
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import change_facts, move_home, move_out, record_death
from linli.register.people.models import Person
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.actions import cancel_task, finish_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import inbox
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NEVER, ALWAYS = 0.99, 0.0


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def a_plan(town: Subdistrict, **given: Any) -> CarePlan:
    facts = {
        "name": "高龄每周",
        "every": 7,
        "condition": conditions.condition_json(conditions.understood("person", "80岁以上老人")),
    }
    made = actions.save_plan(plan=CarePlan(place=town.community), given={**facts, **given}, by=None)
    return actions.switch_plan(plan=made, on=True, people=1, of=10, confirmed=None, by=None)


def test_every_plan_of_the_library_means_somebody_and_not_everybody(town: Subdistrict) -> None:
    with system_scope("test"):
        for one in LIBRARY:
            plan = CarePlan(place=town.community, name=one.name, condition=one.condition)
            assert conditions.condition_text(queries.condition_of(plan)) != "全部", one.key


def test_a_visit_is_planned_opened_and_held_once(town: Subdistrict, time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 10:00+08:00")  # no holiday is near
    a_user("lin", "grid_worker", town.grids[0])
    old = a_person(town.home("1", "301"), "虞阿香", aged=86)
    with system_scope("test"):
        a_plan(town)
        assert plan_at(today()).planned == 1
        assert plan_at(today()).planned == 0
        visit = Visit.objects.get()
        assert today() <= visit.day <= visit.until
        plan_at(visit.day)
        task = Task.objects.get(kind=terms.VISIT)
        assert task.seat_role == "grid_worker"
        held = actions.record_visit(
            person=old, way="door", words="很好", by=None, evening=True, draw=NEVER
        )
        assert held.pk == visit.pk
        assert (held.evening, held.floors) == (True, 2)
        task.refresh_from_db()
        assert task.state == "done"
        assert JournalEntry.objects.filter(kind="visit.recorded", text="上门见到：很好").exists()
        # The next one comes within a week, not before half of it.
        plan_at(today())
        after = Visit.objects.get(state="planned")
        assert today() + timedelta(days=4) <= after.day <= today() + timedelta(days=7)


def test_the_same_page_sent_twice_is_one_visit(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        for _time in range(2):
            actions.record_visit(person=old, way="door", by=None, form_token="a-page", draw=NEVER)
        assert Visit.objects.count() == 1
        # The negative control: without the key of the page it is two.
        for _time in range(2):
            actions.record_visit(person=old, way="door", by=None, draw=NEVER)
        assert Visit.objects.count() == 3


def test_who_must_be_seen_is_not_visited_by_phone(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        a_plan(town, in_person=True)
        plan_at(today())
        actions.record_visit(person=old, way="phone", by=None, draw=NEVER)
        assert Visit.objects.filter(state="planned").count() == 1
        actions.record_visit(person=old, way="neighbour", by=None, draw=NEVER)
        assert not Visit.objects.filter(state="planned").exists()
        # A neighbour's word is a sign of life, but no contact of ours.
        old.refresh_from_db()
        assert old.last_contact_on == today()


@pytest.mark.parametrize("leave", [record_death, move_out])
def test_visits_stop_for_whoever_died_or_moved_and_the_journal_stays(
    town: Subdistrict, leave: Any
) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        a_plan(town)
        plan_at(today())
        actions.record_visit(person=old, way="door", words="还好", by=None, draw=NEVER)
        plan_at(today())
        plan_at(Visit.objects.get(state="planned").day)
        promise = actions.make_promise(person=old, what="修灯", due_on=today(), by=None)
        feedback_request = actions.ask_how_it_was(person=old, visit=None, promise=promise, by=None)
        leave(person=old, on=today(), by=None)
        plan_every_night()
        assert not Visit.objects.filter(state="planned").exists()
        assert Task.objects.get(kind=terms.VISIT, state="cancelled")
        feedback_request.refresh_from_db()
        assert feedback_request.state == "expired"
        assert queries.feedback_request_of(queries.token_of(feedback_request)) is None
        assert JournalEntry.objects.filter(kind="visit.recorded").exists()
        with pytest.raises(Refused, match="看望已经停止"):
            actions.record_visit(person=Person.objects.get(), way="door", by=None)


def test_whoever_moves_within_the_community_is_visited_at_the_new_door(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    there = town.home("2", "201")
    with system_scope("test"):
        a_plan(town)
        plan_at(today())
        move_home(person=old, dwelling=there, household=None, tenure="owner", on=today(), by=None)
        plan_at(today())
        visit = Visit.objects.get(state="planned")
        assert visit.place == there


def test_a_shorter_round_wins_and_a_plan_switched_off_takes_its_visits_back(
    town: Subdistrict,
) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        actions.record_visit(person=old, way="door", by=None, draw=NEVER)
        month = a_plan(town, name="每月", every=30)
        plan_at(today())
        week = a_plan(town)
        plan_at(today())
        assert Visit.objects.get(state="planned").plan == week
        for plan in (month, week):
            actions.switch_plan(plan=plan, on=False, people=0, of=0, confirmed=None, by=None)
        assert plan_at(today()).stopped == 1
        assert not Visit.objects.filter(state="planned").exists()


def test_a_plan_that_cannot_be_asked_says_so_and_loses_nothing(town: Subdistrict) -> None:
    a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        plan = a_plan(town)
        plan_at(today())
        where = {"field": "own_999", "op": "eq", "value": 1}
        with by_the_system():
            plan.condition = {"subject": "person", "where": where}
            plan.save()
        went = plan_at(today())
        assert went.failed == 1
        assert CarePlan.objects.get().error_text
        assert Visit.objects.filter(state="planned").count() == 1


def test_very_many_are_confirmed_by_their_number(town: Subdistrict) -> None:
    with system_scope("test"):
        plan = a_plan(town)
        with pytest.raises(Refused, match="要看望600人"):
            actions.switch_plan(plan=plan, on=True, people=600, of=900, confirmed=None, by=None)
        actions.switch_plan(plan=plan, on=True, people=600, of=900, confirmed=600, by=None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"every": 0}, "请填1到366天"),
        ({"name": " "}, "请写名称"),
        ({"condition": {"subject": "household", "where": {"all": []}}}, "看望的是居民"),
    ],
)
def test_what_is_no_plan_is_refused(town: Subdistrict, given: Any, words: str) -> None:
    with system_scope("test"), pytest.raises(Refused, match=words):
        a_plan(town, **given)


def test_a_death_and_lost_abilities_are_heard_once(town: Subdistrict) -> None:
    from linli.register.people.actions import form_household

    home = town.home("1", "101")
    husband, wife = a_person(home, "沈根生", aged=88), a_person(home, "虞阿香", aged=85)
    with system_scope("test"):
        form_household(dwelling=home, people=[husband, wife], head=husband, by=None)
        record_death(person=husband, on=today(), by=None)
        assert hear_changes() == 1
        assert hear_changes() == 0
        visit = Visit.objects.get()
        assert (visit.change, visit.person) == ("bereaved", wife)
        assert visit.task.due_on == today() + timedelta(days=1)
        wife = Person.objects.get(pk=wife.pk)
        change_facts(
            person=wife,
            changes={"care_level": "severe"},
            source="visit",
            confirmed_on=today(),
            by=None,
        )
        assert hear_changes() == 1
        assert hear_changes() == 0


def test_a_promise_is_kept_broken_or_not_wanted(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        made = [
            actions.make_promise(person=old, what=what, due_on=today(), by=None)
            for what in ("修灯", "送米", "陪诊", "带路")
        ]
        actions.keep_promise(promise=made[0], words="好了", by=None)
        actions.break_promise(promise=made[1], reason="没货", by=None)
        actions.withdraw_promise(promise=made[2], reason="儿子陪", by=None)
        finish_task(task=made[3].task, by=None, result="去了")
        states = list(Promise.objects.order_by("pk").values_list("state", flat=True))
        assert states == ["kept", "broken", "withdrawn", "kept"]
        with pytest.raises(Refused, match="这个承诺已经是“已兑现”"):
            actions.break_promise(promise=made[0], reason="弄错", by=None)
        [figures] = queries.figures([town.community], today(), today())
        assert (figures.promised, figures.kept, figures.kept_share) == (3, 2, None)
        last = actions.make_promise(person=old, what="看电表", due_on=today(), by=None)
        cancel_task(task=last.task, by=None, reason="人手不够")
        last.refresh_from_db()
        assert last.state == "broken"


def test_the_residents_word_counts(town: Subdistrict) -> None:
    lin = a_user("lin", "grid_worker", town.grids[0])
    chen = a_user("chen", "community_worker", town.community)
    old = a_person(town.home("1", "101"), aged=86)
    answer = {
        "visited": None,
        "kept": False,
        "rating": "bad",
        "words": "灯没亮",
        "answered_by": "self",
    }
    with working_as("grid_worker", town.grids[0].path, lin):
        promise = actions.make_promise(person=old, what="修灯", due_on=today(), by=lin)
        actions.keep_promise(promise=promise, words="", by=lin, draw=ALWAYS)
        feedback_request = FeedbackRequest.objects.get()
        with pytest.raises(Refused):
            actions.answer_feedback(feedback_request=feedback_request, by=lin, **answer)
    with working_as("community_worker", town.community.path, chen):
        with pytest.raises(Refused, match="一项都没有填"):
            actions.answer_feedback(
                feedback_request=feedback_request,
                by=chen,
                **{**answer, "kept": None, "rating": "", "words": ""},
            )
        actions.answer_feedback(feedback_request=feedback_request, by=chen, **answer)
        with pytest.raises(Refused, match="已经回答过了"):
            actions.decline_feedback(feedback_request=feedback_request, by=chen)
        [figures] = queries.figures([town.community], today(), today())
        assert (figures.promised, figures.kept, figures.answered) == (1, 0, 1)


def test_residents_are_asked_now_and_then_and_may_decline(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        for _time in range(3):
            actions.record_visit(person=old, way="door", by=None, draw=ALWAYS)
        feedback_request = (
            FeedbackRequest.objects.get()
        )  # once in sixty days, whatever the lot says
        actions.decline_feedback(feedback_request=feedback_request, by=None)
        assert close_feedback_requests(today() + timedelta(days=60)) == 0
        assert queries.figures([town.community], today(), today())[0].answered == 0


def test_kept_and_broken_promises_are_asked_about_by_the_same_lot(town: Subdistrict) -> None:
    old, other = a_person(town.home("1", "101"), aged=86), a_person(town.home("1", "102"), aged=80)
    with system_scope("test"):
        made = [
            actions.make_promise(person=one, what=what, due_on=today(), by=None)
            for one, what in ((old, "修灯"), (old, "送米"), (other, "陪诊"), (other, "带路"))
        ]
        actions.keep_promise(promise=made[0], words="", by=None, draw=NEVER)
        assert not FeedbackRequest.objects.exists()  # not every time
        actions.keep_promise(promise=made[1], words="", by=None, draw=ALWAYS)
        actions.break_promise(promise=made[2], reason="没车", by=None, draw=ALWAYS)
        asked = set(FeedbackRequest.objects.values_list("promise", flat=True))
        assert asked == {made[1].pk, made[2].pk}
        # Whoever was asked is left in peace for sixty days, whatever the lot says.
        actions.keep_promise(promise=made[3], words="", by=None, draw=ALWAYS)
        assert FeedbackRequest.objects.count() == 2


def test_a_changed_plan_is_confirmed_again(town: Subdistrict) -> None:
    with system_scope("test"):
        plan = a_plan(town)
        same = {"name": "别的名字", "every": plan.every, "condition": dict(plan.condition)}
        assert actions.save_plan(plan=plan, given=same, by=None).is_on
        everybody = conditions.condition_json(conditions.understood("person", "60岁以上"))
        assert not actions.save_plan(plan=plan, given={"condition": everybody}, by=None).is_on
        actions.switch_plan(plan=plan, on=True, people=1, of=10, confirmed=None, by=None)
        assert not actions.save_plan(plan=plan, given={"every": 1}, by=None).is_on


def test_a_visit_nobody_needs_is_taken_back(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        visit = actions.visit_at_once(person=old, why="没见到人", by=None)
        with pytest.raises(Refused, match="请写明为什么"):
            actions.stop_visit(visit=visit, reason="", by=None)
        actions.stop_visit(visit=visit, reason="在女儿家", by=None)
        assert Task.objects.get().state == "cancelled"
        with pytest.raises(Refused, match="已经是"):
            actions.stop_visit(visit=visit, reason="在女儿家", by=None)


def test_a_task_finished_in_the_list_is_a_visit_at_the_door(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        visit = actions.visit_at_once(person=old, why="没见到人", by=None)
        finish_task(task=visit.task, by=None, result="人在，没事")
        visit.refresh_from_db()
        assert (visit.state, visit.way) == ("done", "door")


def test_a_call_ticked_in_the_list_is_a_call(town: Subdistrict) -> None:
    old = a_person(town.home("1", "301"), aged=86)
    with system_scope("test"):
        with by_the_system():
            visit = Visit.objects.create(
                person=old,
                place=old.home,
                scope_path=old.home.path,
                day=today(),
                until=today(),
                by_phone=True,
            )
            task = actions.open_visit_task(visit=visit, by=None)
        finish_task(task=task, by=None, result="说挺好")
        visit.refresh_from_db()
        assert (visit.state, visit.way, visit.floors) == ("done", "phone", 0)


def test_the_same_page_in_the_same_moment_is_one_visit_and_one_promise(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before finds nothing, as for two at once; the constraint decides."""
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        first = actions.record_visit(person=old, way="door", by=None, form_token="a", draw=NEVER)
        promise = actions.make_promise(
            person=old, what="修灯", due_on=today(), by=None, form_token="a"
        )
        for module in ("visits", "promises"):
            where = f"linli.capabilities.visits.actions.{module}._saved_before"
            found: Any = first if module == "visits" else promise
            looks = iter([None, found])
            monkeypatch.setattr(where, lambda _person, _sent, looks=looks: next(looks))
        again = actions.record_visit(person=old, way="door", by=None, form_token="a", draw=NEVER)
        assert again == first
        same = actions.make_promise(
            person=old, what="修灯", due_on=today(), by=None, form_token="a"
        )
        assert same == promise
        assert (Visit.objects.count(), Promise.objects.count()) == (1, 1)
        assert Task.objects.filter(kind=terms.PROMISE).count() == 1


def test_a_weekly_visit_falls_into_no_holiday_but_a_call_does(town: Subdistrict) -> None:
    a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        plan = a_plan(town)
        first, last = date(2026, 9, 21), date(2026, 10, 16)
        period = period_plan([plan], first, last)
    assert [call.by_phone for call in period.calls] == [True]
    assert all(not date(2026, 10, 1) <= slot.day <= date(2026, 10, 7) for slot in period.slots)


def test_a_question_that_got_no_answer_ends(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        actions.record_visit(person=old, way="door", by=None, draw=ALWAYS)
        feedback_request = FeedbackRequest.objects.get()
        actions.expire_feedback(feedback_request=feedback_request, reason="过了时间", by=None)
        assert feedback_request.state == "expired"
        assert Task.objects.get(kind=terms.ASK).state == "cancelled"
        assert queries.figures([town.community], today(), today())[0].answered == 0


def test_only_the_installation_plans_for_everybody(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path), pytest.raises(Refused, match="不能“排看望”"):
        actions.plan_visits(on=today(), by=None)


@pytest.mark.parametrize(
    ("every", "visited", "following"),
    [
        (7, date(2026, 9, 30), date(2026, 10, 7)),  # by phone, in the long holiday
        (1, date(2026, 10, 16), date(2026, 10, 19)),
        (2, date(2026, 10, 16), date(2026, 10, 19)),
    ],
)
def test_planned_again_the_same_evening_nobody_is_visited_twice_a_day(
    town: Subdistrict, time_machine: Any, every: int, visited: date, following: date
) -> None:
    time_machine.move_to(f"{visited} 18:00+08:00")
    old = a_person(town.home("1", "101"), aged=86, confirmed_on=visited)
    with system_scope("test"):
        a_plan(town, every=every)
        for _run in range(3):  # it plans every twelve hours
            actions.record_visit(person=old, way="door", by=None, draw=NEVER)
            plan_at(visited)
        [visit] = Visit.objects.filter(state="planned")
        assert visit.day == following


def test_a_plan_is_looked_at_from_the_place_it_runs_at(town: Subdistrict) -> None:
    """An officer sees both communities; the plan of one means nobody of the other."""
    a_person(town.home("1", "101"), "虞阿香", aged=86)
    a_person(town.home("9", "101"), "隔壁老人", aged=90)
    where = {"field": "community", "op": "eq", "value": town.next_community.path}
    old = {"field": "age", "op": "ge", "value": 80}
    next_door = {"subject": "person", "where": {"all": [where, old]}}
    with system_scope("test"):
        plan = a_plan(town)
    with working_as("subdistrict_officer", town.town.path):
        seen = queries.people_of(plan)
        # What the night could not ask is refused when it is written, not found at night.
        with pytest.raises(Refused, match="地方没有找到"):
            actions.save_plan(plan=plan, given={"condition": next_door}, by=None)
        with pytest.raises(Refused, match="地方没有找到"):
            queries.people_of(CarePlan(place=town.community, condition=next_door))
        # The same condition at the place of both means somebody: a negative control.
        assert len(queries.people_of(CarePlan(place=town.town, condition=next_door))) == 1
    with system_scope("test"):
        assert plan_at(today()).planned == len(seen) == 1
        assert set(Visit.objects.values_list("person", flat=True)) == set(seen)


def test_whoever_made_the_visit_is_never_the_one_who_asks_about_it(town: Subdistrict) -> None:
    wu = a_user("wu", "community_worker", town.community)
    a_user("shu", "secretary", town.community)
    old = a_person(town.home("1", "101"), "虞阿香", aged=86)
    with working_as("community_worker", town.community.path, user=wu):
        actions.record_visit(person=old, way="door", words="很好", by=wu, draw=ALWAYS)
    with system_scope("test"):
        task = Task.objects.get(kind=terms.ASK)
        assert (task.seat_role, task.excluded_users) == ("secretary", [wu.pk])
        a_user("zhao", "community_worker", town.community)
        task.refresh_from_db()
        assert (task.seat_role, task.excluded_users) == ("community_worker", [wu.pk])
    with working_as("community_worker", town.community.path, user=wu):
        assert inbox(wu).total == 0, "it waits for the other holder of the post"
        with pytest.raises(Refused):
            finish_task(task=task, by=wu)
        with pytest.raises(Refused):
            cancel_task(task=task, by=wu, reason="不用问了")


def test_figures_of_several_places_are_each_their_own(town: Subdistrict) -> None:
    """They are read together: each place has what lies below it, and nothing of another."""
    here = a_person(town.home("1", "101"), aged=86)
    there = a_person(town.home("9", "101"), aged=86)
    dates = {"day": today(), "until": today(), "state": "done", "done_on": today()}
    with by_the_system():
        for person, way, evening, floors in (
            (here, "door", True, 3),
            (here, "door", False, 2),
            (here, "phone", False, 0),
            (there, "door", False, 5),
            (there, "", False, 9),  # done along with another
        ):
            where = {"person": person, "place": person.home, "scope_path": person.scope_path}
            Visit.objects.create(way=way, evening=evening, floors=floors, **where, **dates)
    with system_scope("test"):
        for person, what in ((here, "修灯"), (here, "送米"), (there, "陪诊")):
            promise = actions.make_promise(person=person, what=what, due_on=today(), by=None)
            if what != "送米":
                actions.keep_promise(promise=promise, words="好了", by=None)
        with by_the_system():
            FeedbackRequest.objects.all().delete()
            FeedbackRequest.objects.create(
                person=here,
                place=here.home,
                scope_path=here.scope_path,
                about_on=today(),
                ends_on=today(),
                state="answered",
                rating="good",
                words="谢谢",
                answered_on=today(),
            )
        asked = FeedbackRequest.objects.count()
        ours, theirs = queries.figures([town.community, town.next_community], today(), today())
        alone = queries.figures([town.next_community], today(), today())
    assert (ours.visits, ours.evenings, ours.floors) == (3, 1, 5)
    assert [n for _, n in ours.ways if n] == [2, 1]
    assert (ours.promised, ours.kept) == (1, 1)
    assert (ours.asked, ours.answered, len(ours.words)) == (asked, asked, asked)
    assert (theirs.visits, theirs.evenings, theirs.floors) == (1, 0, 5)
    assert (theirs.promised, theirs.kept, theirs.asked, theirs.words) == (1, 1, 0, [])
    assert alone == [theirs]
