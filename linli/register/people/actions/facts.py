"""Changing and confirming facts, each with its source and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.personal_data.crypto import replacing_unreadable
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.time import today
from linli.register.people.actions.contact import contact_by_facts
from linli.register.people.actions.homes import may_edit_people
from linli.register.people.actions.stays import locked, refused_when_doubled
from linli.register.people.household_aggregates import recount
from linli.register.people.models import FactStamp, Person
from linli.register.people.normalise import EDITABLE, prepare
from linli.register.people.provenance import (
    MergedFacts,
    Stamp,
    is_no_older,
    merge,
    own_stamp,
    stamps_of,
    write_stamps,
)
from linli.register.people.terms import FactSource
from linli.register.posts.models import User


@action(
    "person.change_facts",
    term=gettext_noop("更新信息"),
    may=may_edit_people,
    journal="person.facts_changed",
)
def change_facts(
    *, person: Person, changes: Mapping[str, Any], source: str, confirmed_on: date, by: User | None
) -> MergedFacts:
    """Take over what somebody says now; older news never overwrites newer, and is told."""
    _check(source, confirmed_on)
    person_now = locked(person)
    prepared = prepare(_with_kind(person_now, changes), known=person_now)
    offered = Stamp(source, confirmed_on, by.pk if by else None)
    # Asked before the merge writes over what could not be opened.
    lost = [name for name in prepared if is_unreadable(getattr(person_now, name, None))]
    with replacing_unreadable("typed anew; the journal names it"):
        merged = merge(person_now, prepared, offered, stamps_of(person_now))
    if merged.changed:
        with refused_when_doubled():
            person_now.save()
    write_stamps(person_now, merged.stamped, offered)
    # The household keeps the birth dates of its oldest and youngest (decision 0003).
    if {"birth_date", "residence_status"} & set(merged.changed):
        recount(households=[person_now.household_id], dwellings=[person_now.home_id], on=today())
    # The journal names the facts, not their values: it cannot be unsaid.
    data = {
        "fields": [name for name in merged.changed if name in EDITABLE],
        "kept": [fact.field for fact in merged.kept],
        "source": source,
    }
    if replaced := [name for name in lost if name in merged.changed]:
        data["unreadable_before"] = replaced
    write_journal("person.facts_changed", about=person_now, data=data, by=by)
    contact_by_facts(person=person_now, source=source, on=confirmed_on, by=by)
    # The caller holds another copy than the one that was read under the lock.
    person.refresh_from_db()
    return merged


def _check(source: str, confirmed_on: date) -> None:
    if source not in FactSource.values:
        raise Refused("person.source", _("请选择信息来源"), "source")
    if confirmed_on > today():
        raise Refused("person.future", _("核实日期在将来"), "confirmed_on")


def _with_kind(person: Person, changes: Mapping[str, Any]) -> dict[str, Any]:
    completed = dict(changes)
    # Without a kind, prepare() takes a number for that of a resident's card.
    if "identity_number" in completed and "identity_kind" not in completed and person.identity_kind:
        completed["identity_kind"] = person.identity_kind
    return completed


@action(
    "person.confirm_facts",
    term=gettext_noop("核实信息"),
    may=may_edit_people,
    journal="person.facts_confirmed",
)
def confirm_facts(
    *, person: Person, source: str, confirmed_on: date, fields: Sequence[str] = (), by: User | None
) -> Person:
    """Say that what stands here is right today: all of it, or the named facts."""
    _check(source, confirmed_on)
    person_now = locked(person)
    offered = Stamp(source, confirmed_on, by.pk if by else None)
    if fields:
        known = stamps_of(person_now)
        newer = tuple(f for f in fields if f in EDITABLE and is_no_older(offered, known[f]))
        write_stamps(person_now, newer, offered)
    elif is_no_older(offered, own_stamp(person_now)):
        person_now.source, person_now.confirmed_on, person_now.confirmed_by = (
            source,
            confirmed_on,
            by,
        )
        person_now.save(update_fields=["source", "confirmed_on", "confirmed_by", "changed_at"])
        # The record's own stamp speaks for these facts again.
        FactStamp.objects.filter(person=person_now, confirmed_on__lte=confirmed_on).delete()
    data = {"fields": list(fields), "source": source}
    write_journal("person.facts_confirmed", about=person_now, data=data, by=by)
    contact_by_facts(person=person_now, source=source, on=confirmed_on, by=by)
    person.refresh_from_db()
    return person
