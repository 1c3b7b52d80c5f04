"""R2 底册: who has died is not visited, asked, called; what was open is told or ends in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.calendar.models import Feed
from linli.capabilities.cases.actions import take_case
from linli.capabilities.directory.models import Referral
from linli.capabilities.form_filling.models import FormInstance, OpenQuestion
from linli.capabilities.form_filling.queries import open_questions_at
from linli.capabilities.visits import actions as visits
from linli.capabilities.visits import queries as visit_queries
from linli.capabilities.visits.jobs import hear_changes
from linli.capabilities.visits.models import FeedbackRequest, Promise, Visit
from linli.capabilities.visits.terms import TELL_FAMILY
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.core.models import EndingMemory
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.facilities.actions import end_facility
from linli.register.facilities.models import Facility
from linli.register.parties.actions import close_party, reopen_party
from linli.register.parties.models import Party
from linli.register.people.actions import (
    move_home,
    move_out,
    record_death,
    register_person,
    undo_departure,
)
from linli.register.people.models import Household, Person
from linli.register.places.actions import end_place, merge_places, move_place
from linli.register.posts.actions import end_post
from linli.register.posts.models import ApiToken, Post
from linli.workbench.notices.actions import send_notice
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.outbox import send_queued
from linli.workbench.notices.queries import call_list
from linli.workbench.notices.recipients import Recipient
from linli.workbench.tasks.actions import finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@dataclass
class Open:
    """An old man with everything that may be open about somebody, and his wife, at one door."""

    town: Subdistrict
    old: Person
    wife: Person
    worker: Any

    def states(self) -> dict[str, Any]:
        """Say where everything stands, by table and key, but for tasks that came since."""
        kept: dict[str, Any] = {}
        with system_scope("test"):
            for model in (Visit, Promise, FeedbackRequest, OpenQuestion, Referral, Delivery):
                rows = model.objects.filter(person=self.old)
                kept[model.__name__] = dict(rows.values_list("pk", "state"))
            tasks = Task.objects.exclude(kind=TELL_FAMILY)
            kept["Task"] = dict(tasks.values_list("pk", "state"))
        return kept

    def reread(self) -> Person:
        """Return him as he stands in the register now."""
        self.old.refresh_from_db()
        return self.old


@pytest.fixture
def here() -> Open:
    town = a_subdistrict(floors=1)
    worker = a_user("lin", "grid_worker", town.grids[0])
    home = town.home("1", "101")
    old = a_person(home, "邬根发", aged=88, phone="13912345678")
    with system_scope("test"):
        wife = register_person(
            dwelling=home,
            household=Household.objects.get(),
            facts={"name": "虞阿香", "relation_to_head": "1"},
            source="visit",
            confirmed_on=None,
            by=None,
        )
        _visits(old)
        _messages(old)
        open_task(
            kind="journal.follow_up", about=old, person=old, place=home, title="再去看看", by=None
        )
        open_task(kind="journal.follow_up", about=home, place=home, title="看看漏水", by=None)
    with by_the_system():
        _questions(old, wife, worker)
        _referral(old, town)
    return Open(town, old, wife, worker)


def _visits(old: Person) -> None:
    visits.visit_at_once(person=old, why="邻居说没见到人", by=None)
    promise = visits.make_promise(
        person=old, what="修灯", due_on=today() + timedelta(days=9), by=None
    )
    visits.ask_how_it_was(person=old, visit=None, promise=promise, by=None)


def _messages(old: Person) -> None:
    for key, phone in (("sms", "13912345678"), ("call", "057488888888")):
        to = Recipient(old.name, phone=phone, person=old)
        given = {"subject": "停水", "text": "明天停水", "by": None, "about": old.home}
        send_notice(key=key, recipients=[to], **given)


def _questions(old: Person, wife: Person, worker: Any) -> None:
    home = old.home
    form_instance = FormInstance.objects.create(
        title="老人表",
        file_name="b.xlsx",
        file=b"x",
        form={},
        subject="person",
        state="open",
        place=home,
        by=worker,
        scope_path=home.path,
    )
    alone, both = (
        open_task(kind="form_filling.ask", about=home, place=home, title=title, by=None)
        for title in ("问1项：老人表", "问2项：老人表")
    )
    for number, (person, field, task) in enumerate(
        ((old, "phone", alone), (old, "education", both), (wife, "phone", both))
    ):
        OpenQuestion.objects.create(
            form_instance=form_instance,
            person=person,
            place=home,
            heading=number,
            question="电话",
            title="老人表",
            field=field,
            task=task,
            scope_path=home.path,
        )


def _referral(old: Person, town: Subdistrict) -> None:
    party = Party.objects.create(
        name="心理站", place=town.community, scope_path=town.community.path
    )
    Referral.objects.create(
        person=old,
        party=party,
        place=old.home,
        topic="mind",
        matter="睡不好",
        consent_how="spoken",
        consent_by="self",
        consent_on=today(),
        token_hash="x" * 40,
        link_ends_on=today() + timedelta(days=9),
        scope_path=old.home.path,
    )


def test_a_death_closes_every_loop_and_the_family_is_told(here: Open, client: Client) -> None:
    with working_as("grid_worker", here.town.grids[0].path, here.worker):
        record_death(person=here.old, on=today(), by=here.worker)
    states = here.states()
    assert set(states["Visit"].values()) == {"stopped"}
    assert set(states["Promise"].values()) == {"withdrawn"}
    assert set(states["FeedbackRequest"].values()) == {"expired"}
    assert set(states["OpenQuestion"].values()) == {"dropped"}
    assert set(states["Referral"].values()) == {"withdrawn"}
    assert set(states["Delivery"].values()) == {"stopped"}
    assert send_queued() == 0
    with system_scope("test"):
        assert list(call_list()) == []
        (told,) = Task.objects.filter(kind=TELL_FAMILY)
        assert told.title == "向家属说明：曾答应邬根发“修灯”"
        assert (told.subject_kind, told.subject_id) == ("people.household", here.wife.household_id)
        assert (told.seat_role, told.person) == ("grid_worker", None)
        open_now = set(Task.objects.filter(state="open").values_list("title", flat=True))
        assert open_now == {told.title, "看看漏水", "问2项：老人表"}
        ended = Task.objects.get(title="再去看看")
        assert (ended.state, ended.result, ended.ended_by) == ("cancelled", "居民已故", here.worker)
        assert [one.person for one in open_questions_at(here.old.home)] == [here.wife]
        assert visit_queries.due_at(here.old.home, today()) == []
    client.force_login(here.worker)
    for address in ("/visits/", f"/round/doors/{here.old.home_id}/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode().replace(told.title, "")
        assert "邬根发" not in page, address


def test_the_negative_control_all_of_it_is_asked_of_the_living(here: Open, client: Client) -> None:
    client.force_login(here.worker)
    for address in ("/visits/", f"/round/doors/{here.old.home_id}/"):
        assert "邬根发" in client.get(address).content.decode(), address
    with system_scope("test"):
        assert len(call_list()) == 1
        assert len(open_questions_at(here.old.home)) == 3


@pytest.mark.parametrize("leave", [record_death, move_out])
def test_a_mistake_is_taken_back_with_all_that_it_closed(here: Open, leave: Any) -> None:
    with working_as("community_worker", here.town.community.path):
        before = here.states()
        leave(person=here.old, on=today(), by=None)
        assert here.states() != before
        hear_changes()
        undo_departure(person=here.reread(), by=None)
    assert {key: here.states()[key] for key in before if key != "Task"} == {
        key: rows for key, rows in before.items() if key != "Task"
    }
    assert before["Task"].items() <= here.states()["Task"].items()
    with system_scope("test"):
        assert not Task.objects.filter(kind=TELL_FAMILY).exclude(state="cancelled").exists()
        assert not Visit.objects.filter(person=here.wife).exclude(state="stopped").exists()
        assert not EndingMemory.objects.exists()
        # Stopped by a promise that is open again, its page asks as before.
        assert Promise.objects.get().words == ""


def test_what_ended_otherwise_stays_ended(here: Open) -> None:
    with working_as("community_worker", here.town.community.path):
        visit = Visit.objects.get()
        visits.stop_visit(visit=visit, reason="已经去过了", by=None)
        record_death(person=here.old, on=today(), by=None)
        # Somebody changes what the ending closed: theirs stays.
        with by_the_system():
            Promise.objects.update(words="已和女儿说过")
        undo_departure(person=here.reread(), by=None)
        assert Visit.objects.get().why == "已经去过了"
        assert Promise.objects.get().state == "withdrawn"
        assert OpenQuestion.objects.filter(state="open").count() == 3


def test_nobody_left_at_the_door_and_the_promise_ends_in_words(here: Open) -> None:
    with working_as("community_worker", here.town.community.path):
        move_out(person=here.wife, on=today(), by=None)
        record_death(person=here.old, on=today(), by=None)
        assert not Task.objects.filter(kind=TELL_FAMILY).exists()
        assert (Promise.objects.get().state, Promise.objects.get().words) == (
            "withdrawn",
            "居民已故",
        )


def test_who_moved_out_still_hears_of_their_own_report(here: Open) -> None:
    with working_as("community_worker", here.town.community.path):
        with by_the_system():
            Delivery.objects.filter(state="queued").update(report_key="r1")
        move_out(person=here.old, on=today(), by=None)
        states = dict(Delivery.objects.values_list("report_key", "state"))
        assert states == {"r1": "queued", "": "stopped"}


def test_nothing_new_goes_to_somebody_who_has_died(here: Open) -> None:
    with working_as("community_worker", here.town.community.path):
        record_death(person=here.old, on=today(), by=None)
        to = Recipient(here.old.name, phone="13912345678", person=here.reread())
        given = {"subject": "有答复了", "text": "修好了", "by": None, "about": here.old.home}
        notice = send_notice(key="later", recipients=[to], **given)
        delivery = Delivery.objects.get(notice=notice)
        assert (delivery.state, delivery.error) == ("stopped", "居民已故")


def test_a_household_that_is_gone_is_reached_no_more(here: Open) -> None:
    home = here.old.home
    with working_as("community_worker", here.town.community.path):
        with by_the_system():
            coverage = Coverage.objects.create(
                title="燃气",
                why="安全",
                place=here.town.community,
                opened_on=today(),
                until_on=today() + timedelta(days=9),
                scope_path=here.town.community.path,
            )
            row = CoverageRow.objects.create(
                coverage=coverage, place=home, household=here.wife.household, scope_path=home.path
            )
        household = here.wife.household
        task = open_task(kind="journal.follow_up", about=household, place=home, title="户", by=None)
        move_out(person=here.wife, on=today(), by=None)
        row.refresh_from_db()
        assert row.result == "waiting"
        record_death(person=here.old, on=today(), by=None)
        row.refresh_from_db()
        task.refresh_from_db()
        assert (row.result, row.words) == ("moved", "这一户已没有人")
        assert (task.state, task.result) == ("cancelled", "这一户已没有人")
        undo_departure(person=here.reread(), by=None)
        row.refresh_from_db()
        task.refresh_from_db()
        assert (row.result, row.words, task.state) == ("waiting", "", "open")


def test_a_withdrawn_place_takes_its_loops_along(here: Open) -> None:
    place = here.town.building("2")
    door = here.town.home("2", "101")
    with working_as("secretary", here.town.community.path):
        task = open_task(kind="journal.follow_up", about=door, place=door, title="看门", by=None)
        lift = Facility(kind="电梯", name="2幢电梯", place=place)
        with by_the_system():
            lift.scope_path = place.path
            lift.save()
            party = Party.objects.create(name="2幢物业", place=place, scope_path=place.path)
        case = take_case(text="楼道灯不亮", place=place, channel="walk_in", by=None).case
        end_place(place=place, reason="拆了", by=None)
        task.refresh_from_db()
        # What residents told of it is still to be answered.
        waits = Task.objects.get(kind="cases.dispatch", subject_id=case.pk)
        assert (case.state, waits.state) == ("received", "open")
        assert (task.state, task.result) == ("cancelled", "“2幢”已撤销：拆了")
        lift.refresh_from_db()
        party.refresh_from_db()
        assert lift.ended_on == party.closed_on == today()
        assert party.closed_why == "“2幢”已撤销：拆了"


def test_what_is_about_a_merged_grid_goes_on_at_the_other(here: Open) -> None:
    first, second = here.town.grids
    with working_as("secretary", here.town.community.path):
        task = open_task(kind="journal.follow_up", about=first, place=first, title="看看", by=None)
        assert task.seat_place_id == first.pk
        with by_the_system():
            Post.objects.all().delete()
        a_user("wang", "grid_worker", second)
        merge_places(place=first, into=second, reason="人少", by=None)
        task.refresh_from_db()
        assert (task.state, task.subject_id) == ("open", second.pk)
        assert (task.place_id, task.seat_place_id) == (second.pk, second.pk)


def test_a_facility_out_of_use_and_a_closed_organisation(here: Open) -> None:
    town = here.town
    with working_as("secretary", town.community.path):
        with by_the_system():
            party = Party.objects.create(name="维保", place=town.town, scope_path=town.town.path)
            place = town.building("1")
            lift, other = (
                Facility.objects.create(
                    kind="电梯", name=name, place=place, maintainer=party, scope_path=place.path
                )
                for name in ("1号梯", "2号梯")
            )
        task = open_task(kind="journal.follow_up", about=lift, place=place, title="修", by=None)
        end_facility(facility=lift, why="报废", by=None)
        task.refresh_from_db()
        assert (task.state, task.result) == ("cancelled", "设施已停用：报废")
    with working_as("subdistrict_officer", town.town.path):
        close_party(party=party, reason="合同到期", by=None)
        for facility, maintainer in ((lift, party.pk), (other, None)):
            facility.refresh_from_db()
            assert facility.maintainer_id == maintainer, "what is out of use is history"
        party.refresh_from_db()
        reopen_party(party=party, by=None)
        other.refresh_from_db()
        assert other.maintainer_id == party.pk


def test_an_organisation_that_closes_leaves_nobody_without_help(here: Open) -> None:
    with working_as("secretary", here.town.community.path):
        referral = Referral.objects.get()
        close_party(party=referral.party, reason="搬走了", by=None)
        referral.refresh_from_db()
        assert (referral.state, referral.answer) == ("refused", "心理站已停用：搬走了")
        again = Task.objects.get(kind="directory.follow_up")
        assert (again.state, again.due_on) == ("open", today())
        party = Party.objects.get(pk=referral.party_id)
        reopen_party(party=party, by=None)
        referral.refresh_from_db()
        again.refresh_from_db()
        assert (referral.state, again.state) == ("proposed", "cancelled")


def test_a_post_that_ends_opens_nothing_any_more(here: Open) -> None:
    with working_as("secretary", here.town.community.path):
        post = Post.objects.get(user=here.worker)
        with by_the_system():
            feed = Feed.objects.create(post=post, name="手机", scope_path=post.scope_path)
            token = ApiToken.objects.create(
                post=post,
                name="大屏",
                purpose="大屏",
                token_hash="x",
                tail="x",
                expires_on=today(),
                scope_path=post.scope_path,
            )
        end_post(post=post, by=None)
        feed.refresh_from_db()
        token.refresh_from_db()
        assert feed.revoked_at is not None
        assert token.revoked_at is not None


def test_tasks_of_a_building_follow_it_into_another_grid(here: Open) -> None:
    first, second = here.town.grids
    a_user("wang", "grid_worker", second)
    door = here.old.home
    with working_as("secretary", here.town.community.path):
        done, waits = (
            open_task(kind="journal.follow_up", about=door, place=door, title=title, by=None)
            for title in ("办过的", "等着的")
        )
        finish_task(task=done, by=None)
        move_place(place=here.town.building("1"), to=second, reason="划转", by=None)
        for task, grid in ((done, first), (waits, second)):
            task.refresh_from_db()
            assert (task.seat_role, task.seat_place) == ("grid_worker", grid)
        assert waits.place.path.startswith(second.path)
        given = {
            "place": waits.place,
            "title": "别处",
            "by": None,
            "seat": Seat("grid_worker", first),
        }
        # A post that does not answer for the place is not given it.
        task = open_task(kind="journal.follow_up", about=door, **given)
        assert task.seat_place == second


def test_what_is_open_follows_somebody_to_another_door(here: Open) -> None:
    wang = a_user("wang", "grid_worker", here.town.grids[1])
    with working_as("secretary", here.town.community.path):
        move_place(place=here.town.building("2"), to=here.town.grids[1], reason="划转", by=None)
        there, door = here.town.home("2", "101"), here.old.home
        move_home(person=here.reread(), dwelling=there, on=today(), by=None)
        for model in (Visit, Promise, FeedbackRequest):
            row = model.objects.get(person=here.old)
            assert (row.place, row.task.place) == (there, there)
        assert Promise.objects.get().task.seat_place == wang.posts.get().place
        assert Task.objects.get(title="再去看看").place == there
        assert [one.person for one in open_questions_at(door)] == [here.wife]
        assert {one.person for one in open_questions_at(there)} == {here.old}
        asked = Task.objects.filter(kind="form_filling.ask").order_by("pk")
        states = [(task.place, task.state) for task in asked]
        assert states == [(door, "cancelled"), (door, "open"), (there, "open"), (there, "open")]
