"""What a program asks or reports, read from parameters; whatever is wrong is said, in words.

An empty parameter counts as one that was not given, as the specification wants.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from linli.core.time import CHINA
from linli.integrations.open311.georeport_types import (
    GeoReportError,
    RequestDeclined,
    ServiceAttribute,
    declined,
)

LONGEST_RANGE = timedelta(days=90)
MOST_REQUESTS = 1000
LAST_PAGE = 100_000
LONGEST_DESCRIPTION = 4000
LONGEST_ADDRESS = 200
LONGEST_LINK = 500
OPEN, CLOSED = "open", "closed"
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)

Parameters = Mapping[str, str]
T = TypeVar("T")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](?:\[\])?")


@dataclass(frozen=True)
class RequestsQuery:
    """Which requests are asked for; ``numbers`` given, nothing else counts."""

    start: datetime
    end: datetime
    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    page: int = 1
    page_size: int = MOST_REQUESTS
    extended: bool = False

    @property
    def offset(self) -> int:
        """Return how many requests come before this page."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True)
class NewReport:
    """What was reported."""

    code: str
    description: str
    address: str = ""
    address_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    media_url: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def parameter(parameters: Parameters, name: str) -> str:
    """Return a parameter, without the space around it; "" when it was not given."""
    # Databases refuse NUL, and nobody means it.
    return str(parameters.get(name) or "").replace("\x00", "").strip()


def listing(parameters: Parameters, *, now: datetime) -> RequestsQuery:
    """Read which requests are asked for; raises ``Declined`` with all that is wrong."""
    wrong: list[GeoReportError] = []

    def take(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except RequestDeclined as refused:
            wrong.extend(refused.wrong)
            return otherwise

    start, end = take(lambda: _range(parameters, now), (now, now))
    none: tuple[str, ...] = ()
    statuses = take(lambda: _statuses(parameters), none)
    page = take(lambda: _number(parameters, "page", 1, LAST_PAGE), 1)
    size = take(lambda: _number(parameters, "page_size", MOST_REQUESTS, MOST_REQUESTS), 1)
    numbers = take(lambda: _several(parameters, "service_request_id"), none)
    codes = take(lambda: _several(parameters, "service_code"), none)
    if wrong:
        raise RequestDeclined(*wrong)
    extended = parameter(parameters, "extensions").lower() in ("true", "1", "v1")
    return RequestsQuery(start, end, numbers, codes, statuses, page, size, extended)


def _range(parameters: Parameters, now: datetime) -> tuple[datetime, datetime]:
    """Ninety days at most; one end given sets the other, none means the last ninety days."""
    start = _moment(parameters, "start_date", time.min)
    end = _moment(parameters, "end_date", time.max)
    if start is not None and end is not None:
        if end < start:
            raise declined(400, _("end_date 早于 start_date"))
        if end - start > LONGEST_RANGE:
            raise declined(400, _("start_date 到 end_date 最长90天"))
        return start, end
    if start is not None:
        return start, start + LONGEST_RANGE
    end = now if end is None else end
    return end - LONGEST_RANGE, end


def _moment(parameters: Parameters, name: str, of_day: time) -> datetime | None:
    # A plus sign that was not escaped arrives as a space.
    text = parameter(parameters, name).replace(" ", "+")
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            moment = datetime.combine(datetime.fromisoformat(text), of_day, tzinfo=CHINA)
        elif _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
        else:
            raise ValueError(text)
        if EARLIEST <= moment <= LATEST:
            return moment
    except (ValueError, OverflowError):
        pass
    sentence = _("%(name)s 应为 W3C 格式并带时区，例如 2026-11-23T08:00:00+08:00")
    raise declined(400, sentence % {"name": name})


def _statuses(parameters: Parameters) -> tuple[str, ...]:
    statuses = _several(parameters, "status")
    if set(statuses) - {OPEN, CLOSED}:
        raise declined(400, _("status 只能是 open 或 closed"))
    return statuses


def _number(parameters: Parameters, name: str, usual: int, most: int) -> int:
    text = parameter(parameters, name)
    if not text:
        return usual
    # `isdigit` alone takes ² and full-width digits, on which `int` fails or differs.
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        sentence = _("%(name)s 应为1到%(most)d的整数") % {"name": name, "most": most}
        raise declined(400, sentence)
    return int(text)


def _several(parameters: Parameters, name: str) -> tuple[str, ...]:
    text = parameter(parameters, name)
    parts = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(parts) > MOST_REQUESTS:
        sentence = _("%(name)s 一次最多%(most)d个") % {"name": name, "most": MOST_REQUESTS}
        raise declined(400, sentence)
    return parts


def report(parameters: Parameters, attributes: tuple[ServiceAttribute, ...]) -> NewReport:
    """Read what is reported; raises ``Declined`` with all that is wrong."""
    wrong: list[GeoReportError] = []

    # All that is wrong is said at once, as the specification's list of errors wants.
    def complain(sentence: str) -> None:
        wrong.append(GeoReportError(400, sentence))

    code, description = parameter(parameters, "service_code"), parameter(parameters, "description")
    if not code:
        complain(_("缺少 service_code"))
    if len(description) > LONGEST_DESCRIPTION:
        complain(_("description 最长%(most)d个字") % {"most": LONGEST_DESCRIPTION})
    latitude = _degrees(parameters, "lat", 90, complain)
    longitude = _degrees(parameters, "long", 180, complain)
    if bool(parameter(parameters, "lat")) != bool(parameter(parameters, "long")):
        complain(_("lat 和 long 须同时给出"))
    address, address_id = (
        parameter(parameters, "address_string"),
        parameter(parameters, "address_id"),
    )
    if not (address or address_id or parameter(parameters, "lat")):
        complain(_("缺少地点：请给 address_id、address_string，或 lat 和 long"))
    if len(address) > LONGEST_ADDRESS:
        complain(_("address_string 最长%(most)d个字") % {"most": LONGEST_ADDRESS})
    media = _link(parameters, complain)
    attribute_values = _attributes(parameters, attributes, complain)
    if wrong:
        raise RequestDeclined(*wrong)
    name = parameter(parameters, "last_name") + parameter(parameters, "first_name")
    return NewReport(
        code,
        description,
        address,
        address_id,
        latitude,
        longitude,
        name[:40],
        parameter(parameters, "phone"),
        parameter(parameters, "email"),
        media,
        attribute_values,
    )


Complain = Callable[[str], None]


def _degrees(parameters: Parameters, name: str, most: float, complain: Complain) -> float | None:
    text = parameter(parameters, name)
    if not text:
        return None
    try:
        degrees = float(text) if len(text) <= 40 else math.nan
    except ValueError:
        degrees = math.nan
    if math.isfinite(degrees) and abs(degrees) <= most:
        return degrees
    complain(_("%(name)s 应为-%(most)d到%(most)d的度数") % {"name": name, "most": most})
    return None


def _link(parameters: Parameters, complain: Complain) -> str:
    """Read the link to a picture; it is kept as a link and never fetched."""
    text = parameter(parameters, "media_url")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or len(text) > LONGEST_LINK or re.search(r"[\s\x00-\x1f<>\"]", text):
        complain(_("media_url 应为 http 或 https 链接，最长%(most)d个字") % {"most": LONGEST_LINK})
        return ""
    return text


def _attributes(
    parameters: Parameters, known: tuple[ServiceAttribute, ...], complain: Complain
) -> dict[str, str]:
    """Read attribute[CODE]: unknown ones are refused, so that nothing told is lost silently."""
    by_code = {service_attribute.code: service_attribute for service_attribute in known}
    values: dict[str, str] = {}
    for name in parameters:
        matched = _ATTRIBUTE.fullmatch(name)
        if matched is None:
            continue
        value, attribute = parameter(parameters, name), by_code.get(matched[1])
        if attribute is None:
            complain(_("没有属性“%(code)s”") % {"code": matched[1]})
        elif (
            attribute.values and value and value not in {choice.key for choice in attribute.values}
        ):
            complain(
                _("属性“%(code)s”没有选项“%(value)s”")
                % {"code": attribute.code, "value": value[:60]}
            )
        elif value:
            values[attribute.code] = value[:LONGEST_ADDRESS]
    for attribute in known:
        if attribute.required and attribute.code not in values:
            complain(_("缺少属性“%(code)s”") % {"code": attribute.code})
    return values
