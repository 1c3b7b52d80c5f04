"""iCalendar (RFC 5545): all-day events, written so that every calendar program reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from linli.capabilities.calendar.upcoming import Coming

OCTETS = 73  # a line is at most 75 octets; what follows begins with a blank
SHORTEST_MONTH = 28


def calendar_of(name: str, events: Iterable[Coming], *, at: datetime, origin: str) -> bytes:
    """Return a calendar; ``origin`` goes before the address of each event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Linli//Calendar//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for coming in events:
        lines += _event(coming, at, origin)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event(coming: Coming, at: datetime, origin: str) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{coming.key}@linli",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{coming.day:%Y%m%d}",
        # RFC 5545: the end of an all-day event is the first day after it.
        f"DTEND;VALUE=DATE:{coming.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(coming.discreet)}",
        "TRANSP:TRANSPARENT",
    ]
    rule = rule_of(coming)
    if rule:
        lines.append(f"RRULE:{rule}")
    # A covered title with an open address would still say whose home it is.
    if coming.where and coming.discreet == coming.title:
        lines.append(f"LOCATION:{escaped(coming.where)}")
    if coming.href:
        lines.append(f"URL:{origin}{coming.href}")
    return [*lines, "END:VEVENT"]


def rule_of(one: Coming) -> str:
    """Say how something comes back; on the 29th to 31st it takes the last day of shorter months."""
    if one.days:
        return f"FREQ=DAILY;INTERVAL={one.days}"
    if not one.months:
        return ""
    day = (one.anchor or one.day).day
    rule = f"FREQ=MONTHLY;INTERVAL={one.months}"
    if day <= SHORTEST_MONTH:
        return f"{rule};BYMONTHDAY={day}"
    some = ",".join(str(n) for n in range(SHORTEST_MONTH, day + 1))
    return f"{rule};BYMONTHDAY={some};BYSETPOS=-1"


def escaped(text: str) -> str:
    """Return a text with its marks escaped."""
    # The backslash first, or those of the other marks would be doubled.
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """Cut a line into pieces of at most 75 octets, never inside a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > OCTETS:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + character, size + octets
    return "\r\n ".join([*pieces, piece])


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
