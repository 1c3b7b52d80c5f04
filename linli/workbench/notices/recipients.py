"""Who is told: what a caller knows of them, and by which way they are reached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from linli.core.personal_data.crypto import blind_index
from linli.core.personal_data.phones import Phone, PhoneKind, read_phone
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.notices import rules
from linli.workbench.notices.models import ChannelSetting
from linli.workbench.notices.terms import ChannelKind


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell; ``group`` is a channel whose members all hear it.

    ``report_key`` names a recipient of the caller's own (the reporter of a case). ``address`` is
    the {地点} of a text. ``preferred`` is the way they asked for this once; it goes before what
    the register says of them.
    """

    name: str
    phone: str = ""
    email: str = ""
    user: User | None = None
    person: Person | None = None
    report_key: str = ""
    group: ChannelSetting | None = None
    address: str = ""
    preferred: str = ""

    @property
    def number(self) -> str:
        """Return the number to reach them at: the one given, else that of the register."""
        return self.phone or (self.person.phone if self.person is not None else "")

    @property
    def identity(self) -> str:
        """Say who it is, so that nobody is told the same thing twice."""
        if self.group is not None:
            return f"group:{self.group.pk}"
        if self.user is not None:
            return f"user:{self.user.pk}"
        if self.person is not None:
            return f"person:{self.person.pk}"
        if self.report_key:
            return f"report:{self.report_key}"
        # A hash with a key, for what it is made of is not to be read from it.
        return blind_index(f"{self.name}|{self.phone}|{self.email}", "notice recipient")


def recipient_of(person: Person) -> Recipient:
    """Return a resident as somebody to tell."""
    return Recipient(person.name, phone=person.phone, person=person, address=str(person.home))


def channel_of(recipient: Recipient) -> str:
    """Return the way one recipient is told."""
    if recipient.group is not None:
        return str(recipient.group.kind)
    phone = read_phone(recipient.number) if recipient.number else None
    kind = ""
    if isinstance(phone, Phone):
        kind = "mobile" if phone.kind is PhoneKind.MOBILE else "other"
    return str(
        ChannelKind(
            rules.channel_for(
                preferred=_wish_of(recipient),
                phone=kind,
                has_email=bool(recipient.email),
                has_account=recipient.user is not None,
            )
        ).value
    )


def _wish_of(recipient: Recipient) -> str:
    registered = recipient.person.preferred_channel if recipient.person is not None else ""
    return recipient.preferred or registered


def delivery_key(notice_key: str, recipient: Recipient) -> str:
    """Return the idempotency key of one recipient's message."""
    return hashlib.sha256(f"{notice_key}|{recipient.identity}".encode()).hexdigest()[:40]


def token_of(key: str) -> str:
    """Return the token of the personal link; it is worked out, never stored."""
    return blind_index(key, "notice link")[:26]


def token_index(token: str) -> str:
    """Return what is stored of a token: one way, so that a copy of the database opens nothing."""
    return blind_index(token, "notice token")
