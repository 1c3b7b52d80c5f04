"""The directory of the demonstration: forty kinds of organisations, invented numbers, quick."""

from __future__ import annotations

import time

import pytest

from linli.core.scope import system_scope
from linli.demo.directory import COMMUNITIES, TOWN, add_directory
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.topics import TOPICS
from linli.register.places.models import Place
from tests.people import a_subdistrict


@pytest.mark.django_db
def test_everybody_in_it_can_be_called_and_their_hours_are_understood() -> None:
    made = a_subdistrict()
    with system_scope("look"):
        began = time.perf_counter()
        count = add_directory(Place.objects.get(pk=made.town.pk))
        assert time.perf_counter() - began < 2
        assert count >= 36
        parties = list(Party.objects.all())
        assert all(party.opening is not None for party in parties)
        assert all(party.all_topics for party in parties)
        numbers = [one.phone for one in (*parties, *PartyContact.objects.all())]
        assert all(number.startswith("143000") for number in numbers)
        assert len(numbers) == len(set(numbers))
        assert PartyContact.objects.filter(is_on_call=True).count() >= 8


def test_nearly_every_topic_has_somebody() -> None:
    every = [*TOWN, *(entry for entries in COMMUNITIES.values() for entry in entries)]
    named = {
        topic.key
        for one in every
        for topic in Party(name=one.name, kind=one.kind, helps_with=one.helps).all_topics
    }
    # Those the demonstration begins with know lifts, clinics, property and the police.
    assert {one.key for one in TOPICS} - named <= {
        "lift",
        "property",
        "security",
        "missing",
        "traffic",
        "flood",
        "insurance",
    }
