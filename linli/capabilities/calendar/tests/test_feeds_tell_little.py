"""A feed is read by a program of somebody else's: it names no need, and ends with its post."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest
from django.test import Client

from linli.capabilities.calendar.tests.test_calendar import a_feed
from linli.core.actions import writes_allowed
from linli.core.fields import DICTIONARY, Sensitivity
from linli.core.scope import system_scope
from linli.register.posts.models import Post, User
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.kinds import KINDS
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_subdistrict()


def signed_in(role: str, town: Subdistrict) -> Client:
    client = Client()
    client.force_login(a_user(f"a-{role}", role, town.community))
    return client


def care_words() -> set[str]:
    """Every word of the dictionary that names a need."""
    fields = [
        field for key in ("person", "household") for field in DICTIONARY.fields_of(key, all=True)
    ]
    care = [field for field in fields if field.sensitivity is Sensitivity.CARE]
    words = {word for one in care for word in (one.label, *one.synonyms)}
    choices = {choice.label for one in care for choice in one.choices}
    return {word for word in words | choices if len(word) > 1}


def test_no_kind_of_task_names_a_need_outside() -> None:
    """What a program reads of a task about somebody is the word of its kind, and no more."""
    said = {key: str(kind.outside or kind.term) for key, kind in KINDS.items()}
    telling = {key: word for key, word in said.items() if any(c in word for c in care_words())}
    assert not telling
    assert "确认一批失能" in {str(kind.term) for kind in KINDS.values()}  # inside it is named


def test_a_batch_of_frail_residents_is_a_visit_in_the_feed(town: Subdistrict) -> None:
    client = signed_in("secretary", town)
    with system_scope("test"):
        one = a_person(town.home("1", "101"), "虞阿香", aged=90)
        open_task(
            kind="visits.many_frail",
            about=one,
            person=one,
            place=town.home("1", "101"),
            title="虞阿香等人失能",
            due_on=date(2026, 11, 27),
            by=None,
        )
    answer = Client().get(a_feed(client, "place"))
    said = answer.content.decode().replace("\r\n ", "") + str(dict(answer.items()))
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["看望"]
    assert not [word for word in (*care_words(), "虞阿香", "101室") if word in said]
    assert "no-store" in answer["Cache-Control"]


def test_a_feed_ends_with_the_post_the_account_or_the_role(town: Subdistrict) -> None:
    client = signed_in("secretary", town)
    address = a_feed(client, "place")

    def now_it_is(**changes: Any) -> int:
        with system_scope("test"), writes_allowed("test"):
            Post.objects.update(role="secretary", to_date=None, ended_at=None)
            User.objects.update(is_active=True)
            user = changes.pop("is_active", True)
            User.objects.update(is_active=user)
            Post.objects.update(**changes) if changes else None
        return Client().get(address).status_code

    assert now_it_is() == 200
    assert now_it_is(to_date=date(2026, 11, 22)) == 404
    assert now_it_is(is_active=False) == 404
    assert now_it_is(role="auditor") == 404
    assert now_it_is() == 200


def test_a_feed_follows_the_role_its_post_has_now(town: Subdistrict) -> None:
    """Who came to see less reads less at the same address, from the next look on."""
    client = signed_in("secretary", town)
    with system_scope("test"):
        one = a_person(town.home("1", "101"), "虞阿香", aged=90)
        open_task(
            kind="directory.follow_up",
            about=one,
            person=one,
            place=town.home("1", "101"),
            title="回访虞阿香",
            due_on=date(2026, 11, 27),
            by=None,
        )
    address = a_feed(client, "place")
    assert "转介回访" in Client().get(address).content.decode()
    with system_scope("test"), writes_allowed("test"):
        Post.objects.update(role="property_manager")
    assert "转介回访" not in Client().get(address).content.decode()


def test_a_secret_address_opens_nothing_but_its_feed(town: Subdistrict) -> None:
    """The word of a feed is no token of the API and no session, and nothing is written by it."""
    client = signed_in("secretary", town)
    address = a_feed(client, "place")
    word = address.removeprefix("/cal/").removesuffix(".ics")
    stranger = Client()
    assert stranger.get(address).status_code == 200
    assert not stranger.session.get("_auth_user_id")
    bearer = {"Authorization": f"Bearer {word}"}
    assert stranger.get("/api/v1/places", headers=bearer).status_code in (401, 403)
    assert stranger.get("/calendar/").status_code == 302
    assert stranger.post(address).status_code == 405
    assert stranger.get(f"/cal/{word[:-1]}.ics").status_code == 404
