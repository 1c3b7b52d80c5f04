"""Calling somebody from where one stands: a task, a door, a visit is purpose enough."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.core.errors import NotFound
from linli.core.personal_data.phones import Phone, read_phone
from linli.register.people.actions import may_reveal, reveal_field
from linli.register.people.models import Person
from linli.register.people.queries import person_or_not_found
from linli.register.people.terms import RevealPurpose
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.actions import note_read


def may_call(person: Person | None) -> bool:
    """May this post see the number of somebody who has one?"""
    return person is not None and may_reveal.holds() and bool(person.phone)


def call_page(
    request: HttpRequest, person: Person, *, why: str, back: str, assigned: bool, purpose: str = ""
) -> HttpResponse:
    """Show a resident's number to dial, once; the journal says for what, from where it was asked.

    Only who may look up covered numbers calls; the read counts unless it is
    ``assigned`` to one's own seat.
    """
    if not may_reveal.holds():
        raise NotFound()
    person = person_or_not_found(person.pk)
    note_read([person.pk], assigned=assigned)
    value = reveal_field(
        person=person,
        field="phone",
        purpose=purpose or RevealPurpose.CONTACT,
        words=why,
        by=signed_in(request),
    ).value
    return number_page(request, number=value, who=person.name, why=why, back=back)


def number_page(
    request: HttpRequest, *, number: str, who: str, why: str, back: str
) -> HttpResponse:
    """Show one number to be dialled with one tap; it stands in no address and no history."""
    read = read_phone(number, area_code="") if number else None
    context = {
        "number": number,
        "dialled": read.normal if isinstance(read, Phone) else number,
        "who": who,
        "why": why,
        "back": back,
    }
    return render(request, "components/calling.html", context)
