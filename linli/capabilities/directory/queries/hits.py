"""One organisation as an answer: is somebody there at the moment, and whom to call first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linli.core.time import WorkCalendar
from linli.register.parties.hours import clock_words
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.queries import number, number_of
from linli.register.parties.topics import HelpTopic

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True)
class Call:
    """A number to tap: whose it is, and whether somebody answers at the moment."""

    name: str
    role: str
    shown: str
    dialled: str
    is_there: bool | None
    is_on_call: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class Hit:
    """An organisation that may come: ``is_there`` None when nobody has said when."""

    party: Party
    topics: tuple[HelpTopic, ...]
    rank: int
    is_there: bool | None
    until: datetime | None
    opens: datetime | None
    calls: tuple[Call, ...]
    maintains_here: bool = False

    @property
    def first_call(self) -> Call | None:
        """Return the number to tap first."""
        return self.calls[0] if self.calls else None


def hit(
    party: Party,
    topics: tuple[HelpTopic, ...],
    rank: int,
    at: datetime,
    calendar: WorkCalendar,
    *,
    maintains_here: bool = False,
) -> Hit:
    """Say how an organisation answers at a moment."""
    every = [party.opening, *(contact.opening for contact in party.contacts.all())]
    hours = [one for one in every if one is not None]
    closing = [end for hour in hours if (end := hour.closes(at, calendar)) is not None]
    opening = [start for hour in hours if (start := hour.opens(at, calendar)) is not None]
    return Hit(
        party,
        topics,
        rank,
        # Without hours nothing is promised: "unknown" is neither open nor shut.
        is_there=bool(closing) if hours else None,
        until=None if any(hour.is_always for hour in hours) else max(closing, default=None),
        opens=min(opening, default=None),
        calls=_calls(party, at, calendar),
        maintains_here=maintains_here,
    )


def _calls(party: Party, at: datetime, calendar: WorkCalendar) -> tuple[Call, ...]:
    """Return the numbers: on call and there, there, the rest; hidden ones last."""
    office = party.opening.is_open(at, calendar) if party.opening else None
    calls = [_of_contact(contact, office, at, calendar) for contact in party.contacts.all()]
    if party.phone:
        whose = number(party.phone)
        name = party.contact or _("总机")
        calls.append(Call(name, "", whose.shown, whose.dialled, office))
    return tuple(
        sorted(
            calls, key=lambda one: (not one.dialled, one.is_there is not True, not one.is_on_call)
        )
    )


def _of_contact(
    contact: PartyContact, office: bool | None, at: datetime, calendar: WorkCalendar
) -> Call:
    own = contact.opening
    # Without hours of their own somebody is there when the office is.
    is_there = own.is_open(at, calendar) if own is not None else office
    whose = number_of(contact)
    return Call(
        contact.name,
        contact.role,
        whose.shown,
        whose.dialled,
        is_there,
        contact.is_on_call,
        whose.is_hidden,
    )


def moment_words(at: datetime, now: datetime) -> str:
    """Say a moment as people do: 今天 17:00, 明天 8:30, 周日 15:00, 12月3日 9:00."""
    clock = clock_words(at.hour * 60 + at.minute)
    days = (at.date() - now.date()).days
    if 0 <= days <= 1:
        day = _("明天") if days else _("今天")
    elif 0 <= days < 7:
        day = _(WEEKDAYS[at.weekday()])
    else:
        day = _("%(month)s月%(day)s日") % {"month": at.month, "day": at.day}
    return f"{day} {clock}"


def state_words(one: Hit, at: datetime, now: datetime) -> str:
    """Say whether somebody is there at the moment, until when, or when they are again."""
    if one.is_there is None:
        return _("没写时间，打电话问")
    if one.is_there and one.until is None:
        return _("24小时")
    if one.is_there and one.until is not None:
        if one.until - at > timedelta(days=2):
            return _("有人")
        return _("到%(time)s") % {"time": moment_words(one.until, now)}
    if one.opens is None:
        return _("近期不开")
    return _("%(time)s开") % {"time": moment_words(one.opens, now)}
