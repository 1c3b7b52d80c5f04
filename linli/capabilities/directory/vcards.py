"""vCards for the telephone's own address book: version 3.0, which every phone imports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import vobject
from django.utils.translation import gettext as _

from linli.core.chinese.surnames import surname_of
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.queries import number, number_of

CONTENT_TYPE = "text/vcard; charset=utf-8"
LONGEST_LINE = 10_000  # not folded: old address books break folded Chinese


def vcards(parties: Iterable[Party]) -> str:
    """Return the cards of organisations and of their contacts whose number this post may see."""
    return "".join(card for party in parties for card in _cards(party))


def _cards(party: Party) -> Iterable[str]:
    if party.phone:
        yield _of_party(party)
    for contact in party.contacts.all():
        if number_of(contact).dialled:
            yield _of_contact(party, contact)


def _of_party(party: Party) -> str:
    card = _card(party.name, given=party.name, family="")
    _phone(card, number(party.phone).dialled or party.phone, "WORK")
    _about(card, party, _note(party.helps_with, party.hours))
    if party.address:
        card.add("adr").value = vobject.vcard.Address(street=party.address)
        card.adr.type_param = "WORK"
    return str(card.serialize(lineLength=LONGEST_LINE))


def _of_contact(party: Party, contact: PartyContact) -> str:
    family = surname_of(contact.name) if len(contact.name) <= 4 else ""
    on_call = _("（值班）") if contact.is_on_call else ""
    card = _card(
        f"{contact.name}{on_call} {party.name}", given=contact.name[len(family) :], family=family
    )
    _phone(card, number_of(contact).dialled, "CELL" if contact.is_personal else "WORK")
    if contact.role:
        card.add("title").value = contact.role
    _about(card, party, _note(contact.note, contact.hours, party.helps_with))
    return str(card.serialize(lineLength=LONGEST_LINE))


def _card(shown: str, *, given: str, family: str) -> Any:
    card = vobject.vCard()
    card.add("fn").value = shown
    card.add("n").value = vobject.vcard.Name(family=family, given=given)
    return card


def _phone(card: Any, dialled: str, kind: str) -> None:
    line = card.add("tel")
    line.value, line.type_param = dialled, kind


def _about(card: Any, party: Party, note: str) -> None:
    card.add("org").value = [party.name]
    if note:
        card.add("note").value = note


def _note(*parts: str) -> str:
    return "；".join(part for part in parts if part)
