"""见到了: whom a lead saw at a door counts as reached, once a day, and 撤销 takes it back."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import PersonContact
from linli.workbench.rounds import actions
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def contacts() -> int:
    with system_scope("look"):
        return PersonContact.objects.filter(on=today()).count()


def test_whom_one_saw_today_is_noted_once_and_taken_back(town: Subdistrict) -> None:
    home = town.home("1", "101")
    people = [a_person(home, "虞阿香", aged=86), a_person(home, "王大伯", aged=88)]
    lead = a_user("axiu", "micro_grid_lead", town.building("1"))
    with working_as("micro_grid_lead", town.building("1").path, lead):
        assert actions.note_seen(place=home, people=people[:1], token="a", by=lead) == 1
        assert actions.note_seen(place=home, people=people, token="b", by=lead) == 1
        assert contacts() == 2
        assert actions.seen_by("b", lead)
        actions.take_seen_back(place=home, token="b", by=lead)
        assert not actions.seen_by("b", lead)
    assert contacts() == 1, "what the first tap noted stays"


def test_only_a_lead_of_that_door_says_it(town: Subdistrict) -> None:
    home, elsewhere = town.home("1", "101"), town.home("2", "101")
    person, stranger = a_person(home, "虞阿香"), a_person(elsewhere, "外楼的人")
    lead = a_user("axiu", "micro_grid_lead", town.building("1"))
    manager = a_user("wumin", "property_manager", town.estate)
    client = Client()
    seen = f"/round/doors/{home.pk}/seen/"
    client.force_login(manager)
    assert client.post(seen, {"people": person.pk}).status_code == 404
    client.force_login(lead)
    assert client.post(f"/round/doors/{elsewhere.pk}/seen/", {}).status_code == 404
    client.post(seen, {"people": stranger.pk})
    assert contacts() == 0, "whoever does not live there was not seen there"
    client.post(seen, {"people": person.pk})
    assert contacts() == 1
