"""R5: organisations and whom to call there, kept by those who work at the place."""

from __future__ import annotations

import pytest

from linli.core.errors import NotFound, Refused
from linli.core.scope import system_scope
from linli.register.parties import actions
from linli.register.parties.actions import ContactFacts
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.queries import (
    contact_or_not_found,
    number_of,
    parties_serving,
    parties_within,
    party_or_not_found,
)
from linli.register.places.models import Place
from linli.workbench.journal.models import JournalEntry
from tests.people import Subdistrict, a_subdistrict, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def worker(town: Subdistrict):  # type: ignore[no-untyped-def]
    return working_as("community_worker", town.community.path)


def a_party(place: Place, name: str = "甬安物业", **given: object) -> Party:
    with system_scope("set up a test"):
        return actions.add_party(place=place, name=name, kind="物业", by=None, **given)  # type: ignore[arg-type]


def test_who_serves_a_place_is_of_the_place_or_above_it_the_nearest_first(
    town: Subdistrict,
) -> None:
    for place, name in (
        (town.town, "潘火派出所"),
        (town.estate, "甬安物业"),
        (town.next_community, "潘火社区诊所"),
    ):
        a_party(place, name)
    with worker(town):
        building = Place.objects.get(pk=town.building("1").pk)
        assert [party.name for party in parties_serving(building)] == ["甬安物业", "潘火派出所"]
        community = Place.objects.get(pk=town.community.pk)
        assert [party.name for party in parties_serving(community)] == ["潘火派出所"]
        assert [party.name for party in parties_within(community)] == ["甬安物业"]


def test_a_party_is_kept_only_with_hours_and_a_number_that_can_be_understood(
    town: Subdistrict,
) -> None:
    with worker(town):
        place = Place.objects.get(pk=town.community.pk)
        for given, code in (
            ({"hours": "看心情"}, "hours.not_understood"),
            ({"phone": "12a"}, "phone.not_a_phone"),
            ({"topics": ["nonsense"]}, "party.topic"),
            ({"name": "  "}, "party.no_name"),
        ):
            with pytest.raises(Refused) as refused:
                actions.add_party(**{"place": place, "name": "某", "kind": "", "by": None, **given})  # type: ignore[arg-type]
            assert refused.value.code == code
        actions.add_party(place=place, name="某锁行", kind="开锁", hours="24小时", by=None)
        with pytest.raises(Refused, match="已有"):
            actions.add_party(place=place, name="某锁行", kind="开锁", by=None)


def test_a_community_does_not_change_what_the_subdistrict_keeps(town: Subdistrict) -> None:
    party = a_party(town.town, "潘火派出所")
    with worker(town):
        seen = party_or_not_found(party.pk)
        with pytest.raises(NotFound):
            actions.edit_party(party=seen, changes={"name": "改了"}, by=None)
        with pytest.raises(NotFound):
            actions.add_contact(party=seen, facts=ContactFacts("某人"), by=None)


def test_a_grid_worker_reads_and_does_not_edit(town: Subdistrict) -> None:
    with working_as("grid_worker", town.grids[0].path), pytest.raises(Refused, match="岗位"):
        actions.add_party(place=town.grids[0], name="某", kind="", by=None)


def test_a_party_is_corrected_closed_and_opened_again(town: Subdistrict) -> None:
    party = a_party(town.community)
    with worker(town):
        party = party_or_not_found(party.pk)
        actions.edit_party(
            party=party, changes={"hours": "每天 8-20点", "phone": "14300000001"}, by=None
        )
        assert party.opening is not None
        with pytest.raises(Refused, match="原因"):
            actions.close_party(party=party, reason="", by=None)
        actions.close_party(party=party, reason="合同到期", by=None)
        assert parties_serving(Place.objects.get(pk=town.community.pk)) == []
        with pytest.raises(Refused, match="已经停用"):
            actions.close_party(party=party, reason="再停一次", by=None)
        actions.reopen_party(party=party, by=None)
        with pytest.raises(Refused, match="没有停用"):
            actions.reopen_party(party=party, by=None)
        kinds = list(JournalEntry.objects.filter(subject_id=party.pk).order_by("seq"))
        assert [kind.kind for kind in kinds] == [
            "party.added",
            "party.changed",
            "party.closed",
            "party.reopened",
        ]


def test_contacts_are_added_corrected_and_removed_for_good(town: Subdistrict) -> None:
    party = a_party(town.community)
    with worker(town):
        party = party_or_not_found(party.pk)
        night = ContactFacts(
            "值班员",
            phone="14300000002",
            is_on_call=True,
            is_personal=False,
            hours="夜间 22:00-6:00",
        )
        contact = actions.add_contact(party=party, facts=night, by=None)
        assert contact.opening is not None
        own = ContactFacts("王经理", role="经理", phone="14300000003")
        contact = actions.edit_contact(contact=contact, facts=own, by=None)
        assert contact.is_personal  # a mobile is somebody's own unless said otherwise
        assert number_of(contact_or_not_found(party, contact.pk)).dialled == "14300000003"
        with pytest.raises(Refused):
            actions.edit_contact(contact=contact, facts=ContactFacts("王", phone="abc"), by=None)
    with working_as("property_manager", town.estate.path):
        hidden = number_of(PartyContact.objects.get(pk=contact.pk))
        assert (hidden.shown, hidden.dialled, hidden.is_hidden) == ("", "", True)
    with worker(town):
        fresh = contact_or_not_found(party, contact.pk)
        actions.remove_contact(contact=fresh, by=None)
        assert not PartyContact.objects.filter(party=party).exists()
        assert "14300000003" not in str(list(JournalEntry.objects.values_list("text", "data")))


def test_a_party_has_no_more_contacts_than_anybody_can_read(town: Subdistrict) -> None:
    party = a_party(town.community)
    with worker(town):
        party = party_or_not_found(party.pk)
        for number in range(20):
            actions.add_contact(party=party, facts=ContactFacts(f"第{number}位"), by=None)
        with pytest.raises(Refused, match="20"):
            actions.add_contact(party=party, facts=ContactFacts("第21位"), by=None)


def test_a_neighbours_party_is_not_found(town: Subdistrict) -> None:
    party = a_party(town.next_community)
    with worker(town), pytest.raises(NotFound):
        party_or_not_found(party.pk)
