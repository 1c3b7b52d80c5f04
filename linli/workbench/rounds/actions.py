"""Saving a door: every part at once, the same page never twice. Saying whom one saw there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.time import today
from linli.register.people.actions.contact import record_contact, take_contacts_back
from linli.register.people.models import Person, PersonContact
from linli.register.people.terms import ContactChannel
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.rounds import rules
from linli.workbench.rounds.models import DoorSave
from linli.workbench.rounds.parts import DoorPart, SavedDoor

may_go_round = role_in(rules.MAY_GO_ROUND)
may_say_seen = role_in(rules.SEES_NEIGHBOURS)


@action("door.save", term=gettext_noop("走户"), may=may_go_round, journal="door.saved")
def save_door(
    *, place: Place, parts: Iterable[DoorPart], form_token: str, by: User | None
) -> SavedDoor | None:
    """Save what was filled in at a door; None when this very page was saved before.

    A part that refuses tells it at its field; what the others saved stays.
    """
    row = DoorSave(place=place, scope_path=place.path, form_token=form_token, on=today(), by=by)
    try:
        # A savepoint: PostgreSQL accepts nothing more in a transaction whose insert failed.
        with transaction.atomic():
            row.save()
    except IntegrityError:
        write_journal("door.saved", about=place, data={"again": True}, by=by)
        return None
    saved = SavedDoor()
    for part in parts:
        part.save(saved, form_token)
    row.things = saved.things
    if saved.things:
        row.save(update_fields=["things"])
    else:
        # Nothing was filled in, so the same page may still be sent with something in it.
        row.delete()
    write_journal("door.saved", about=place, data={"things": saved.things}, by=by)
    return saved


@action("door.seen", term=gettext_noop("见到了"), may=may_say_seen, journal="door.seen")
def note_seen(*, place: Place, people: Iterable[Person], token: str, by: User) -> int:
    """Note a contact with people who were seen at a door; whom one saw today already, not again.

    Returns how many were noted; ``token`` takes exactly these back.
    """
    day = today()
    known = set(PersonContact.objects.filter(on=day, by=by).values_list("person_id", flat=True))
    fresh = [person for person in people if person.pk not in known]
    for person in fresh:
        channel = ContactChannel.VISIT
        record_contact(person=person, channel=channel, on=day, by=by, step=_step(token))
    write_journal("door.seen", about=place, data={"people": len(fresh)}, by=by)
    return len(fresh)


@action(
    "door.seen_back", term=gettext_noop("撤销见到了"), may=may_say_seen, journal="door.seen_back"
)
def take_seen_back(*, place: Place, token: str, by: User) -> None:
    """Take back what one tap noted."""
    take_contacts_back(_step(token), by)
    write_journal("door.seen_back", about=place, by=by)


def seen_by(token: str, by: User) -> bool:
    """Did this user note anything under this token that still stands?"""
    return PersonContact.objects.filter(step=_step(token), by=by).exists()


def _step(token: str) -> str:
    return f"{rules.SEEN}:{token}"
