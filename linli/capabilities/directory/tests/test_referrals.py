"""P7: a resident is sent to somebody outside, with consent, and it is followed up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.directory import actions
from linli.capabilities.directory.actions import ProposedReferral, ReferralConsent
from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.queries import (
    by_token,
    referral_or_not_found,
    referrals_of,
    told_outside,
)
from linli.capabilities.directory.tests.builders import Neighbourhood, a_neighbourhood, as_worker
from linli.core.errors import NotFound, Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.parties.actions import add_party
from linli.register.parties.queries import party_or_not_found
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.workbench.journal.actions import write_note
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices.models import Delivery, Notice
from linli.workbench.tasks.actions import finish_task, tell_news
from linli.workbench.tasks.models import Task
from tests.people import working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def here() -> Neighbourhood:
    return a_neighbourhood()


def yes(**given: Any) -> ReferralConsent:
    return ReferralConsent(**{"how": "spoken", "by": "self", "on": today(), **given})


def proposed(
    here: Neighbourhood, consent: ReferralConsent | None = None, **given: Any
) -> ProposedReferral:
    with as_worker(here):
        return actions.propose_referral(
            person=Person.objects.select_related("home").get(pk=here.her.pk),
            party=given.pop("party", None) or party_or_not_found(here.law.pk),
            topic=given.pop("topic", "law"),
            matter=given.pop("matter", "想问遗嘱怎么写"),
            consent=consent or yes(),
            by=here.worker,
            **given,
        )


@pytest.mark.parametrize(
    ("consent", "code"),
    [
        (ReferralConsent(how="", by="self", on=today()), "referral.no_consent"),
        (ReferralConsent(how="spoken", by="self", on=None), "referral.no_consent"),
        (ReferralConsent(how="spoken", by="neighbour", on=today()), "referral.no_consent"),
        (ReferralConsent(how="phone", by="guardian", on=today()), "referral.consent_name"),
        (yes(on=today() + timedelta(days=1)), "referral.consent_later"),
    ],
)
def test_without_consent_nothing_goes_out(
    here: Neighbourhood, consent: ReferralConsent, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        proposed(here, consent)
    assert refused.value.code == code
    with system_scope("look"):
        assert not Referral.objects.exists()
        assert not Task.objects.exists()


def test_a_referral_opens_a_follow_up_and_stands_on_her_page_without_its_topic(
    here: Neighbourhood,
) -> None:
    made = proposed(here, follow_up_on=today() + timedelta(days=3))
    with as_worker(here):
        task = Task.objects.get(kind="directory.follow_up")
        assert (task.due_on, task.person_id) == (today() + timedelta(days=3), here.her.pk)
        assert "法律" not in task.title
        assert [referral.pk for referral in referrals_of(here.her)] == [made.referral.pk]
        texts = str(list(JournalEntry.objects.values_list("text", "data")))
        assert "遗嘱" not in texts
        entry = JournalEntry.objects.get(kind="referral.proposed")
        assert "法律" not in entry.text
        assert made.token not in texts


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead"])
def test_who_gives_no_care_does_not_see_that_somebody_was_sent(
    here: Neighbourhood, role: str
) -> None:
    made = proposed(here)
    with working_as(role, here.town.estate.path):
        assert referrals_of(here.her) == []
        with pytest.raises(NotFound):
            referral_or_not_found(made.referral.pk)


def test_the_link_tells_no_more_than_the_consent_covers(here: Neighbourhood) -> None:
    made = proposed(here)
    with system_scope("the link"):
        found = by_token(made.token)
        assert found is not None
        told = told_outside(found)
        assert told is not None
        assert (told.name, told.phone, told.address) == ("虞阿香", "", "")
        assert by_token("guessed") is None
    other = proposed(here, yes(phone=True, address=True), topic="disputes")
    with system_scope("the link"):
        found = by_token(other.token)
        assert found is not None
        told = told_outside(found)
        assert told is not None
        assert told.phone == "14300001234"
        assert "1幢" in told.address


def test_accepted_done_and_then_nothing_is_told_any_more(here: Neighbourhood) -> None:
    made = proposed(here)
    with system_scope("the link"):
        one = by_token(made.token)
        assert one is not None
        actions.open_referral(referral=one, by=None)
        with pytest.raises(Refused, match="待答复"):
            actions.finish_referral(referral=one, by=None, result="太早")
        actions.accept_referral(referral=one, by=None, words="周三上午来")
        assert one.link_ends_on == today() + timedelta(days=90)
        with pytest.raises(Refused, match="结果"):
            actions.finish_referral(referral=one, by=None, result=" ")
        actions.finish_referral(referral=one, by=None, result="遗嘱已公证")
        assert told_outside(one) is None
        with pytest.raises(Refused, match="已办好"):
            actions.withdraw_referral(referral=one, by=None, reason="太晚了")
        with pytest.raises(Refused, match="结束"):
            actions.renew_link(referral=one, by=None)


def test_a_refusal_says_why_and_somebody_looks_for_another_today(here: Neighbourhood) -> None:
    made = proposed(here)
    with as_worker(here):
        referral = referral_or_not_found(made.referral.pk)
        with pytest.raises(Refused, match="为什么"):
            actions.refuse_referral(referral=referral, by=here.worker, reason="")
        actions.refuse_referral(referral=referral, by=here.worker, reason="不做遗嘱")
        assert Task.objects.filter(kind="directory.follow_up", due_on=today()).count() == 1
        assert proposed(here).referral.pk != referral.pk  # asked again later, perhaps of another


def test_a_withdrawn_consent_empties_the_link_at_once(here: Neighbourhood) -> None:
    made = proposed(here, yes(phone=True))
    with as_worker(here):
        referral = referral_or_not_found(made.referral.pk)
        actions.withdraw_referral(referral=referral, by=here.worker, reason="本人不再同意")
        assert told_outside(referral) is None


def test_a_new_link_ends_the_old_one(here: Neighbourhood) -> None:
    made = proposed(here)
    with as_worker(here):
        fresh = actions.renew_link(referral=referral_or_not_found(made.referral.pk), by=here.worker)
    with system_scope("the link"):
        assert by_token(made.token) is None
        assert by_token(fresh.token) is not None
        assert Referral.objects.get().token_hash != fresh.token


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"matter": " "}, "referral.no_matter"),
        ({"matter": "长" * 1001}, "referral.long"),
        ({"topic": "nonsense"}, "referral.topic"),
        ({"follow_up_on": date(2020, 1, 1)}, "referral.follow_up"),
    ],
)
def test_what_is_missing_is_said(here: Neighbourhood, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(here, **given)
    assert refused.value.code == code


def test_the_same_matter_is_not_sent_twice(here: Neighbourhood) -> None:
    proposed(here)
    with pytest.raises(Refused, match="还没办完"):
        proposed(here)


def the_task() -> Task:
    task: Task = Task.objects.get(kind="directory.follow_up", state__in=["open", "accepted"])
    return task


def linked(made: ProposedReferral) -> Referral:
    found = by_token(made.token)
    assert found is not None
    return found


def test_the_worker_hears_each_answer_in_one_task(here: Neighbourhood) -> None:
    made = proposed(here)
    with system_scope("the link"):
        assert the_task().due_on == today() + timedelta(days=7)
        actions.accept_referral(referral=linked(made), by=None, words="遗嘱周三来办")
        task = the_task()
        assert task.title == "回访虞阿香：对方接下了"
        assert task.due_on < today() + timedelta(days=7)
        assert "遗嘱" not in task.title + task.note
        # Who had followed up already hears of the end in a new one: there is one at a time.
        finish_task(task=task, by=here.worker, result="已问过")
        actions.finish_referral(referral=linked(made), by=None, result="遗嘱已公证")
        assert the_task().title == "回访虞阿香：对方办好了"
        notices = list(Notice.objects.order_by("pk"))
        assert [notice.text for notice in notices] == [
            f"转介{made.referral.pk}：对方接下了",
            f"转介{made.referral.pk}：对方办好了",
        ]
        assert {row.user for row in Delivery.objects.all()} == {here.worker}


def test_a_refusal_and_the_first_task_are_one(here: Neighbourhood) -> None:
    made = proposed(here)
    with system_scope("the link"):
        actions.refuse_referral(referral=linked(made), by=None, reason="不做遗嘱")
        assert (the_task().due_on, the_task().title) == (today(), "回访虞阿香：对方不接，请另找")
        assert Task.objects.filter(kind="directory.follow_up").count() == 1


@pytest.mark.parametrize("note_first", [True, False])
def test_a_note_to_come_back_and_a_referral_are_one_task(
    here: Neighbourhood, note_first: bool
) -> None:
    day = today() + timedelta(days=3)

    def note() -> None:
        with as_worker(here):
            her = Person.objects.get(pk=here.her.pk)
            write_note(about=her, text="想找人问遗嘱", by=here.worker, follow_up_on=day)

    if note_first:
        note()
    proposed(here)
    if not note_first:
        note()
    with system_scope("look"):
        waiting = Task.objects.filter(state__in=["open", "accepted"])
        assert [(task.kind, task.due_on) for task in waiting] == [("directory.follow_up", day)]


def test_another_workers_note_stays_a_task_of_its_own(here: Neighbourhood) -> None:
    """The negative control: what somebody else asked for is not swallowed."""
    proposed(here)
    with as_worker(here):
        her = Person.objects.get(pk=here.her.pk)
        write_note(about=her, text="看看腿伤", by=here.officer, follow_up_on=today())
    with system_scope("look"):
        assert Task.objects.filter(state="open").count() == 2


def test_the_link_says_who_refers_and_how_to_call_back(here: Neighbourhood, client: Client) -> None:
    made = proposed(here)
    page = client.get(f"/r/{made.token}/").content.decode()
    assert "潘火街道殷家社区" in page
    assert here.worker.name in page
    assert "回电" not in page
    with system_scope("test"):
        community = Place.objects.get(pk=here.town.community.pk)
        add_party(
            place=community, name="殷家社区居委会", kind="社区", phone="0574-87654321", by=None
        )
    assert 'href="tel:' in (page := client.get(f"/r/{made.token}/").content.decode())
    assert "87654321" in page
    # A number typed for this one goes first; consent covers the resident's own number alone.
    other = proposed(here, topic="disputes", call_back="14300007777")
    page = client.get(f"/r/{other.token}/").content.decode()
    assert "14300007777" in page.replace(" ", "").replace("-", "")
    assert "14300001234" not in page.replace(" ", "")
    with system_scope("test"):
        actions.withdraw_referral(referral=other.referral, by=None, reason="本人不再同意")
    page = client.get(f"/r/{other.token}/").content.decode()
    assert "虞阿香" not in page
    assert "殷家社区" in page
    with pytest.raises(Refused, match="不是电话号码"):
        proposed(here, topic="disputes", call_back="没有")


def test_tell_news_changes_only_what_waits(here: Neighbourhood) -> None:
    proposed(here)
    with as_worker(here):
        task = the_task()
        tell_news(task=task, due_on=today(), by=here.worker)
        assert (task.due_on, task.title) == (today(), "回访虞阿香：转介后怎么样")
        finish_task(task=task, by=here.worker, result="已问过")
        tell_news(task=task, due_on=today() + timedelta(days=9), by=here.worker)
        assert task.due_on == today()
