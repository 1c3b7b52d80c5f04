"""Organisations and their contacts in the one search."""

from __future__ import annotations

from django.urls import reverse

from linli.core.interface.shell import SearchHit, SearchHits, first_hits
from linli.register.parties.models import Party
from linli.register.parties.queries import parties_found


def find_parties(words: str, limit: int) -> SearchHits:
    """Return who serves this place or a part of it and fits; a contact stands below its own."""

    def hit(party: Party) -> SearchHit:
        contacts = [one for one in party.contacts.all() if words in one.name]
        people = [f"{one.name} {one.role}".strip() for one in contacts]
        note = " · ".join(part for part in (*people, party.kind, party.phone) if part)
        href = reverse("directory:party", args=[party.pk])
        is_sure = words == party.name or [one.name for one in contacts] == [words]
        return SearchHit(party.name, href, note, "phone", is_sure=is_sure)

    return first_hits(parties_found(words), limit, hit)
