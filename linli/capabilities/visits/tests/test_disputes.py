"""A resident says that nobody came: the visit counts no more, whoever leads looks into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.visits import actions, queries, terms
from linli.capabilities.visits.actions import disputes
from linli.capabilities.visits.models import FeedbackRequest, Promise, Visit
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import record_contact, record_death
from linli.register.people.actions.contact import take_contact_back
from linli.register.people.models import Person, PersonContact
from linli.register.posts.models import Post, User
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.actions import cancel_task, finish_task
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NEVER = 0.99


@contextmanager
def acting(user: User) -> Iterator[None]:
    """Be the user at their post."""
    with system_scope("test"):
        post = Post.objects.get(user=user)
    with working_as(post.role, post.scope_path, user):
        yield


class Story:
    """A grid worker says she visited; a colleague is to ask; a secretary leads."""

    def __init__(self) -> None:
        self.town: Subdistrict = a_subdistrict()
        self.lin = a_user("lin", "grid_worker", self.town.grids[0])
        self.chen = a_user("chen", "community_worker", self.town.community)
        self.lead = a_user("shuji", "secretary", self.town.community)
        self.before = today() - timedelta(days=40)
        self.old = a_person(
            self.town.home("1", "101"), "虞阿香", aged=86, last_contact_on=self.before
        )

    def visited(self, way: str = "door") -> FeedbackRequest:
        with acting(self.lin):
            visit = actions.record_visit(
                person=Person.objects.get(pk=self.old.pk),
                way=way,
                words="很好",
                by=self.lin,
                draw=NEVER,
            )
            return actions.ask_how_it_was(
                person=visit.person, visit=visit, promise=None, by=self.lin
            )

    def says(self, asking: FeedbackRequest, by: Any, **said: Any) -> FeedbackRequest:
        given = {"visited": None, "kept": None, "rating": "", "words": "", "answered_by": "self"}
        return actions.answer_feedback(feedback_request=asking, by=by, **{**given, **said})

    def denied(self) -> FeedbackRequest:
        asking = self.visited()
        with acting(self.chen):
            return self.says(asking, self.chen, visited=False, words="谁也没来")

    def contact(self) -> Any:
        """Return when they were last reached, without the talk in which they were asked."""
        with system_scope("test"):
            talk = PersonContact.objects.filter(step__startswith="asking.answer")
            last = talk.filter(person=self.old).last()
            if last is not None:
                take_contact_back(contact=last, by=None)
            return Person.objects.get(pk=self.old.pk).last_contact_on


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_denied_visit_counts_no_more_and_is_to_be_made(story: Story) -> None:
    asking = story.denied()
    with system_scope("test"):
        visit = Visit.objects.get(pk=asking.visit_id)
        assert visit.state == "disputed"
        assert story.contact() == story.before
        condition = conditions.understood("person", "30天没联系的居民")
        assert story.old.pk in conditions.ids(condition)
        (figures,) = queries.figures([story.town.community], today(), today())
        assert (figures.visits, figures.denied, figures.unsettled) == (0, 1, 1)
        assert dict(figures.ways)["上门见到"] == 0
        assert queries.of_person(story.old).last is None
        assert queries.last_seen([story.old.pk], in_person=True) == {}
        anew = Visit.objects.get(state="planned")
        assert (anew.change, anew.task.kind) == ("disputed", terms.AT_ONCE)
        # The lead is told, with both words; the visitor is not.
        task = Task.objects.get(kind=terms.DISPUTED)
        assert (task.seat_role, task.seat_place) == ("secretary", story.town.community)
        assert "上门见到：很好" in task.note
        assert "谁也没来" in task.note
        assert task.person_id == story.old.pk
        assert JournalEntry.objects.filter(kind="visit.disputed").count() == 1


def test_without_the_word_the_visit_stands(story: Story) -> None:
    """The negative control of the whole file: who says "yes" changes nothing."""
    asking = story.visited()
    with acting(story.chen):
        story.says(asking, story.chen, visited=True)
    with system_scope("test"):
        assert Visit.objects.get(pk=asking.visit_id).state == "done"
        assert story.contact() == today()
        assert not Task.objects.filter(kind=terms.DISPUTED).exists()


def test_on_their_own_page_it_is_the_same(story: Story, client: Client) -> None:
    asking = story.visited()
    address = f"/felt/{queries.token_of(asking)}/"
    given = {"visited": "no", "rating": "", "words": "没人来", "answered_by": "self"}
    assert "查明了写在这一页" in client.post(address, given).content.decode()
    with system_scope("test"):
        assert Visit.objects.get(pk=asking.visit_id).state == "disputed"
        assert Task.objects.get(kind=terms.DISPUTED).seat_role == "secretary"
    client.force_login(story.lead)
    found = {"finding": "mistaken", "words": "去的是隔壁"}
    assert client.post(f"/visits/askings/{asking.pk}/finding/", found).status_code == 302
    client.logout()
    assert "去的是隔壁" in client.get(address).content.decode()
    with system_scope("test"):
        assert not Task.objects.filter(kind=terms.TELL).exists()


def test_at_the_door_it_is_the_same(story: Story, client: Client) -> None:
    asking = story.visited()
    client.force_login(story.chen)
    home = f"/round/doors/{story.town.home('1', '101').pk}/"
    page = client.get(home).content.decode()
    field = f"visits-said{asking.pk}"
    assert field in page
    client.post(home, {field: "no", f"visits-said_words{asking.pk}": "没见过", "form_token": "a"})
    with system_scope("test"):
        assert Visit.objects.get(pk=asking.visit_id).state == "disputed"
    # Whoever had been there cannot say it for the resident.
    client.force_login(story.lin)
    assert "said" not in client.get(home).content.decode()


@pytest.mark.parametrize(
    ("finding", "state", "counted"),
    [("yes", "done", 1), ("no", "not_made", 0), ("mistaken", "not_made", 0)],
)
def test_the_finding_settles_it_and_the_resident_hears(
    story: Story, finding: str, state: str, counted: int
) -> None:
    asking = story.denied()
    with acting(story.lead):
        with pytest.raises(Refused, match="怎么查明"):
            actions.settle_dispute(
                feedback_request=asking, finding=finding, words=" ", by=story.lead
            )
        actions.settle_dispute(
            feedback_request=asking, finding=finding, words="看了门口的登记", by=story.lead
        )
        with pytest.raises(Refused, match="已经查明"):
            actions.settle_dispute(
                feedback_request=asking, finding="no", words="再查一次", by=story.lead
            )
    with system_scope("test"):
        assert Visit.objects.get(pk=asking.visit_id).state == state
        assert story.contact() == (today() if counted else story.before)
        (figures,) = queries.figures([story.town.community], today(), today())
        assert (figures.visits, figures.denied) == (counted, 1 - counted)
        assert figures.unsettled == 0
        assert Task.objects.get(kind=terms.DISPUTED).state == "done"
        told = Task.objects.get(kind=terms.TELL)
        assert "看了门口的登记" in told.note
        anew = Visit.objects.get(change="disputed")
        assert anew.state == ("stopped" if counted else "planned")


def test_nobody_settles_their_own_visit(story: Story) -> None:
    """Who leads may have visited: then one up is told, and the lead is refused."""
    story.lin = story.lead
    officer = a_user("ban", "subdistrict_officer", story.town.town)
    asking = story.denied()
    with system_scope("test"):
        assert Task.objects.get(kind=terms.DISPUTED).seat_role == "subdistrict_officer"
    given = {"feedback_request": asking, "finding": "yes", "words": "我去过的"}
    for user in (story.lead, story.chen):
        with acting(user), pytest.raises(Refused):
            actions.settle_dispute(**given, by=user)
    with acting(officer):
        actions.settle_dispute(**given, by=officer)


@pytest.mark.parametrize("kind", [terms.ASK, terms.DISPUTED])
def test_no_tap_ends_what_only_a_word_ends(story: Story, client: Client, kind: str) -> None:
    asking = story.visited() if kind == terms.ASK else story.denied()
    with system_scope("test"):
        task = Task.objects.get(kind=kind)
    dispatcher = story.lead
    with acting(dispatcher):
        with pytest.raises(Refused, match="才算办完"):
            finish_task(task=task, by=dispatcher, result="办好了")
        with pytest.raises(Refused, match="才算办完"):
            cancel_task(task=task, by=dispatcher, reason="不用办了")
    client.force_login(dispatcher)
    page = client.post(f"/tasks/{task.pk}/finish/", {"result": "办好了"})
    assert page.status_code == 302
    assert f"/visits/askings/{asking.pk}/" in page["Location"]
    with system_scope("test"):
        assert Task.objects.get(pk=task.pk).state in ("open", "accepted")
        record_death(person=story.old, on=today(), by=None)
        actions.close_feedback_requests(today())
        assert Task.objects.get(pk=task.pk).state == "cancelled"


def test_the_tap_ends_it_without_the_rule(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with the rule taken out the visitor's own tap would end it."""
    where = "linli.capabilities.visits.actions.answers.refuse_while_here"
    monkeypatch.setattr(where, lambda *_given: None)
    story.visited()
    with system_scope("test"):
        task = Task.objects.get(kind=terms.ASK)
    with acting(story.lead):
        assert finish_task(task=task, by=story.lead, result="办好了").state == "done"


def test_a_contact_of_the_same_day_stays(story: Story) -> None:
    asking = story.visited()
    with system_scope("test"):
        record_contact(person=story.old, channel="phone", on=today(), by=None)
        story.says(asking, story.chen, visited=False)
    assert story.contact() == today()


def test_two_visits_that_were_none_leave_what_was_before(story: Story, time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 10:00+08:00")
    first = story.visited()
    time_machine.move_to("2026-11-25 10:00+08:00")
    second = story.visited()
    with system_scope("test"):
        story.says(first, story.chen, visited=False)
        assert story.contact() == today()
        story.says(second, story.chen, visited=False)
    assert story.contact() == story.before


def test_what_a_neighbour_saw_set_no_contact(story: Story) -> None:
    asking = story.visited("neighbour")
    with system_scope("test"):
        story.says(asking, story.chen, visited=False)
    assert story.contact() == story.before


@pytest.mark.parametrize("finding", ["yes", "no"])
def test_a_promise_that_was_not_kept_is_open_again(story: Story, finding: str) -> None:
    with acting(story.lin):
        promise = actions.make_promise(person=story.old, what="修灯", due_on=today(), by=story.lin)
    # Kept by another than who made it: neither asks, neither looks into it.
    with acting(story.chen):
        actions.keep_promise(promise=promise, words="亮了", by=story.chen, draw=NEVER)
        asking = actions.ask_how_it_was(
            person=story.old, visit=None, promise=promise, by=story.chen
        )
        assert queries.is_own(asking, story.chen)
    with acting(story.lead):
        story.says(asking, story.lead, kept=False, words="还是黑的")
    with system_scope("test"):
        promise = Promise.objects.get()
        assert (promise.state, promise.resident_verdict) == ("open", "no")
        assert promise.task.state == "accepted"
        (figures,) = queries.figures([story.town.community], today(), today())
        assert figures.kept == 0
        assert "还是黑的" in Task.objects.get(kind=terms.DISPUTED).note
    with acting(story.lead):
        actions.settle_dispute(
            feedback_request=asking, finding=finding, words="去看了灯", by=story.lead
        )
    with system_scope("test"):
        promise = Promise.objects.get()
        assert promise.state == ("kept" if finding == "yes" else "open")
        assert promise.task.state == ("done" if finding == "yes" else "accepted")


def test_the_contact_of_a_visit_from_before_contacts_were_kept_goes_too(story: Story) -> None:
    with system_scope("test"):
        record_contact(person=story.old, channel="phone", on=today() - timedelta(days=9), by=None)
        asking = story.visited()
        with by_the_system():
            PersonContact.objects.filter(on=today()).delete()
        asking = FeedbackRequest.objects.get()
        disputes.dispute(feedback_request=asking, by=None)
    assert story.contact() == today() - timedelta(days=9)
