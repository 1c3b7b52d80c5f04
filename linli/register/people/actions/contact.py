"""Keeping up contact: when somebody was last reached, and how (R4)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.moved_dates import tell_moved_dates
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import READS_PEOPLE


@action(
    "person.contact",
    term=gettext_noop("联系过"),
    may=role_in(READS_PEOPLE),
    journal="person.contacted",
)
def record_contact(*, person: Person, channel: str, on: date, by: User | None) -> Person:
    """Note that somebody was reached on a day; an older day never hides a newer one."""
    if person.last_contact_on is None or person.last_contact_on < on:
        person.last_contact_on = on
        person.save(update_fields=["last_contact_on"])
    data = {"channel": channel, "on": str(on)}
    write_journal("person.contacted", about=person, data=data, by=by)
    tell_moved_dates(person, by=by, words=_("已联系：%(day)s") % {"day": person.last_contact_on})
    return person


@action(
    "person.correct_contact",
    term=gettext_noop("更正最近联系"),
    may=role_in(READS_PEOPLE),
    journal="person.contact_corrected",
)
def correct_contact(*, person: Person, on: date | None, by: User | None) -> Person:
    """Say when somebody was really last reached, after a contact turned out to be none."""
    before, person.last_contact_on = person.last_contact_on, on
    person.save(update_fields=["last_contact_on"])
    data = {"before": str(before or ""), "after": str(on or "")}
    write_journal("person.contact_corrected", about=person, data=data, by=by)
    tell_moved_dates(person, by=by)
    return person
