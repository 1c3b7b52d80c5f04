"""What people do with organisations: add, correct, close, and keep whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.chinese.normalise import tidy
from linli.core.endings import PARTY, Ending, end_what_points_at, reopen_what_ended
from linli.core.errors import Refused
from linli.core.personal_data.phones import NotAPhone, PhoneKind, read_phone
from linli.core.time import today
from linli.register.parties import rules
from linli.register.parties.hours import parse_hours
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.topics import BY_KEY
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in

may_edit = role_in(rules.MAY_EDIT_PARTIES)


def _name(text: str) -> str:
    name = tidy(text)
    if not name:
        raise Refused("party.no_name", _("请填写名称"), "name")
    return name[: rules.LONGEST_NAME]


def _hours(text: str) -> str:
    tidied = tidy(text)
    if tidied:
        # Kept as people wrote them; reading shows only that they can be understood.
        parse_hours(tidied)
    return tidied


def _phone(text: str) -> str:
    """Return a number as it is shown; what is none is refused in words."""
    if not text.strip():
        return ""
    read = read_phone(text)
    if isinstance(read, NotAPhone):
        raise Refused(f"phone.{read.code}", read.sentence, "phone")
    return tidy(text)


def _topics(keys: Sequence[str]) -> list[str]:
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown:
        raise Refused("party.topic", _("没有“%(key)s”这个事项") % {"key": unknown[0]}, "topics")
    return list(dict.fromkeys(keys))


@action("party.add", term=gettext_noop("新增单位"), may=may_edit, journal="party.added")
def add_party(
    *,
    place: Place,
    name: str,
    kind: str,
    by: User | None,
    helps_with: str = "",
    hours: str = "",
    phone: str = "",
    contact: str = "",
    topics: Sequence[str] = (),
    address: str = "",
) -> Party:
    """Add an organisation that serves a place and everything in it."""
    called = _name(name)
    if Party.objects.filter(place=place, name=called, closed_on__isnull=True).exists():
        words = {"name": called, "place": place.name}
        raise Refused("party.twice", _("%(place)s已有“%(name)s”") % words, "name")
    party = Party(
        name=called,
        kind=tidy(kind)[:40],
        place=place,
        helps_with=tidy(helps_with)[:200],
        hours=_hours(hours),
        phone=_phone(phone),
        contact=tidy(contact)[:40],
        topics=_topics(topics),
        address=tidy(address)[:120],
        confirmed_on=today(),
        scope_path=place.path,
    )
    party.save()
    write_journal("party.added", about=party, text=party.name, by=by)
    return party


CHECKS = {"name": _name, "hours": _hours, "phone": _phone, "topics": _topics}
LONGEST = {"kind": 40, "helps_with": 200, "contact": 40, "address": 120}


def _label(key: str) -> str:
    column: Any = Party._meta.get_field(key)
    return str(column.verbose_name)


@action("party.edit", term=gettext_noop("更新单位"), may=may_edit, journal="party.changed")
def edit_party(*, party: Party, changes: dict[str, Any], by: User | None) -> Party:
    """Correct what is known of an organisation; saving also confirms the rest."""
    changed = []
    for key, value in changes.items():
        new = CHECKS[key](value) if key in CHECKS else tidy(value)[: LONGEST[key]]
        if new != getattr(party, key):
            setattr(party, key, new)
            changed.append(key)
    party.confirmed_on = today()
    party.save()
    labels = "、".join(_label(key) for key in changed)
    text = f"{party.name}：{labels}" if labels else _("%(name)s：核实无误") % {"name": party.name}
    write_journal("party.changed", about=party, text=text, by=by)
    return party


@action("party.close", term=gettext_noop("停用单位"), may=may_edit, journal="party.closed")
def close_party(*, party: Party, reason: str, by: User | None) -> Party:
    """Say that an organisation serves here no more; what it did stays on record."""
    why = tidy(reason)[:120]
    if len(why) < rules.SHORTEST_REASON:
        raise Refused("party.no_reason", _("请写明停用的原因"), "reason")
    if party.closed_on is not None:
        raise Refused("party.closed_already", _("这个单位已经停用"))
    party.closed_on, party.closed_why = today(), why
    party.save()
    ended = _("%(name)s已停用：%(reason)s") % {"name": party.name, "reason": why}
    end_what_points_at(PARTY, [party.pk], reason=ended[:200], by=by)
    write_journal("party.closed", about=party, text=f"{party.name}：{why}", by=by)
    return party


def close_parties(rows: QuerySet[Party], ending: Ending) -> None:
    """Close the organisations that served a place that is withdrawn."""
    for party in rows:
        close_party(party=party, reason=ending.reason, by=ending.by)


@action("party.reopen", term=gettext_noop("恢复单位"), may=may_edit, journal="party.reopened")
def reopen_party(*, party: Party, by: User | None) -> Party:
    """Say that a closed organisation serves here again."""
    if party.closed_on is None:
        raise Refused("party.is_open", _("这个单位没有停用"))
    party.closed_on, party.closed_why, party.confirmed_on = None, "", today()
    party.save()
    reopen_what_ended(PARTY, [party.pk], by=by)
    write_journal("party.reopened", about=party, text=party.name, by=by)
    return party


@dataclass(frozen=True)
class ContactFacts:
    """Whom to call, with which number, and when they answer.

    ``is_personal`` None lets the number decide: a mobile is somebody's own, a landline is not.
    """

    name: str
    role: str = ""
    phone: str = ""
    note: str = ""
    is_on_call: bool = False
    is_personal: bool | None = None
    hours: str = ""


def _fill(contact: PartyContact, facts: ContactFacts) -> None:
    contact.name = _name(facts.name)[:40]
    contact.phone = _phone(facts.phone)
    contact.role, contact.note = tidy(facts.role)[:40], tidy(facts.note)[:120]
    contact.hours, contact.is_on_call = _hours(facts.hours), facts.is_on_call
    read = read_phone(contact.phone)
    is_mobile = not isinstance(read, NotAPhone) and read.kind is PhoneKind.MOBILE
    contact.is_personal = is_mobile if facts.is_personal is None else facts.is_personal


@action(
    "party.add_contact",
    term=gettext_noop("新增联系人"),
    may=may_edit,
    journal="party.contact_added",
)
def add_contact(*, party: Party, facts: ContactFacts, by: User | None) -> PartyContact:
    """Add somebody of an organisation who can be called."""
    if PartyContact.objects.filter(party=party).count() >= rules.MOST_CONTACTS:
        words = {"most": rules.MOST_CONTACTS}
        raise Refused("party.many_contacts", _("一个单位最多%(most)s位联系人") % words)
    contact = PartyContact(party=party, scope_path=party.scope_path)
    _fill(contact, facts)
    contact.save()
    write_journal("party.contact_added", about=party, text=contact.name, by=by)
    return contact


@action(
    "party.edit_contact",
    term=gettext_noop("更新联系人"),
    may=may_edit,
    journal="party.contact_changed",
)
def edit_contact(*, contact: PartyContact, facts: ContactFacts, by: User | None) -> PartyContact:
    """Correct a contact of an organisation."""
    _fill(contact, facts)
    contact.save()
    write_journal("party.contact_changed", about=contact.party, text=contact.name, by=by)
    return contact


@action(
    "party.remove_contact",
    term=gettext_noop("删除联系人"),
    may=may_edit,
    journal="party.contact_removed",
)
def remove_contact(*, contact: PartyContact, by: User | None) -> Party:
    """Take a contact off; their number is gone for good."""
    party: Party = contact.party
    name = contact.name
    contact.delete()
    write_journal("party.contact_removed", about=party, text=name, by=by)
    return party
