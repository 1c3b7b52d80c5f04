"""Keeping up contact: when somebody was last reached, and how (R4).

Every door where somebody is reached says it here, once: then no list still asks for them.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.moved_dates import tell_moved_dates
from linli.register.people.actions.stays import locked
from linli.register.people.models import Person, PersonContact
from linli.register.people.terms import ContactChannel, FactSource, PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import READS_PEOPLE, READS_REGISTER

# Where a fact comes from, when the person said it to one of us. What somebody sent in on their
# own (本人申报), a list or a neighbour is no contact.
SPOKEN_WITH: dict[str, str] = {
    FactSource.VISIT: ContactChannel.VISIT,
    FactSource.PHONE: ContactChannel.PHONE,
}


@action(
    "person.contact",
    term=gettext_noop("联系过"),
    may=role_in(READS_PEOPLE),
    journal="person.contacted",
)
def record_contact(
    *, person: Person, channel: str, on: date, by: User | None, step: str = ""
) -> Person:
    """Note that somebody was reached on a day; an older day never hides a newer one.

    ``step`` names what it was part of ("canvass.record:12"), so that it goes when that is undone.
    """
    known = locked(person)
    _keep_what_stood(known)
    PersonContact(
        person=known, on=on, channel=channel, step=step, by=by, scope_path=known.scope_path
    ).save()
    latest = max(filter(None, (known.last_contact_on, on)))
    data = {"channel": channel, "on": str(on)}
    write_journal("person.contacted", about=person, data=data, by=by)
    _set_latest(person, latest, by, _("已联系：%(day)s") % {"day": latest})
    return person


def contact_by_facts(*, person: Person, source: str, on: date, by: User | None) -> None:
    """Note a contact where somebody told us facts by phone or at the door; once for one talk."""
    channel = SPOKEN_WITH.get(source)
    # The installation itself speaks with nobody.
    if channel is None or by is None or person.status == PersonStatus.DIED:
        return
    same = PersonContact.objects.filter(person=person, on=on, channel=channel, by=by, step="")
    if not same.exists():
        record_contact(person=person, channel=channel, on=on, by=by)


@action(
    "person.take_contact_back",
    term=gettext_noop("撤回联系"),
    # Whoever may take the step back that it was part of.
    may=role_in(READS_REGISTER),
    journal="person.contact_taken_back",
)
def take_contact_back(*, contact: PersonContact, by: User | None) -> Person:
    """Take a contact back that was none; the latest of the others counts again."""
    person = locked(contact.person)
    contact.delete()
    left = PersonContact.objects.filter(person=person).aggregate(on=Max("on"))["on"]
    # A newer day that came from elsewhere, from a list or by hand, stays.
    if person.last_contact_on == contact.on:
        _set_latest(person, left, by)
    write_journal("person.contact_taken_back", about=person, by=by)
    return person


def take_contacts_back(step: str, by: User | None) -> None:
    """Take back every contact of a step that is undone, inside the action that undoes it."""
    for contact in PersonContact.objects.filter(step=step).select_related("person"):
        take_contact_back(contact=contact, by=by)


def _keep_what_stood(person: Person) -> None:
    """Keep a day of a list or typed by hand, so that it stands again if a contact is undone."""
    day = person.last_contact_on
    if day is not None and not PersonContact.objects.filter(person=person, on__gte=day).exists():
        PersonContact(person=person, on=day, scope_path=person.scope_path).save()


def _set_latest(person: Person, day: date | None, by: User | None, words: str = "") -> None:
    person.last_contact_on = day
    person.save(update_fields=["last_contact_on"])
    tell_moved_dates(person, by=by, words=words)
