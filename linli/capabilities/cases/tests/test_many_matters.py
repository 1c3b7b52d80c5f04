"""What is done to all that the inbox found is done to the matters it lists, each once."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.capabilities.cases import actions
from linli.capabilities.cases.queries import case_or_not_found
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.scope import system_scope
from linli.register.parties.actions import add_party
from linli.register.places.models import Place
from linli.workbench.tasks.queries import inbox
from tests.people import working_as

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def station() -> Station:
    return a_station()


def two_shares_of_one_matter(station: Station) -> None:
    taken = a_case(station, "电梯漏水，按钮不亮")
    community = station.town.community
    with system_scope("set up"):
        place = Place.objects.get(pk=community.pk)
        party = add_party(place=place, name="安达电梯维保", kind="lift", by=None)
    with working_as("community_worker", community.path, user=station.worker):
        case = case_or_not_found(taken.case.pk)
        actions.set_category(case=case, category=station.lift, by=station.worker)
        shares = [actions.Share(), actions.Share(party=party)]
        actions.assign_case(case=case, by=station.worker, shares=shares)


def test_all_that_was_found_are_the_rows_of_the_page(station: Station) -> None:
    two_shares_of_one_matter(station)
    with working_as("community_worker", station.town.community.path, user=station.worker):
        listed = inbox(station.worker, by_matter=True)
        every = inbox(station.worker)
    assert (listed.total, every.total) == (1, 2), "one matter, two shares"
    client = Client()
    client.force_login(station.worker)
    page = client.get("/tasks/").content.decode()
    assert page.count('name="k"') == 1
    page = client.get("/many/tasks.inbox/accept/", {"all": "1", "next": "/tasks/"})
    assert len(page.context["rows"]) == 1
