"""What GeoReport v2 says of services and requests, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class AttributeValue:
    """One value of a list that an attribute offers."""

    key: str
    name: str


@dataclass(frozen=True)
class ServiceAttribute:
    """One more thing that may be told when something is reported."""

    code: str
    datatype: str
    description: str
    order: int
    required: bool = False
    datatype_description: str = ""
    values: tuple[AttributeValue, ...] = ()


@dataclass(frozen=True)
class Service:
    """One kind of case that can be reported."""

    code: str
    name: str
    description: str
    group: str
    keywords: tuple[str, ...] = ()
    kind: str = "realtime"


@dataclass(frozen=True)
class ServiceRequest:
    """One case, as far as the asker may know it."""

    number: str
    status: str
    status_notes: str
    service_code: str
    service_name: str
    description: str
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None = None
    agency: str = ""
    notice: str = ""
    address: str = ""
    address_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CreatedRequest:
    """What is answered to a new report; a confidential one gets no number."""

    number: str
    notice: str


@dataclass(frozen=True)
class GeoReportError:
    """One thing that is wrong with what was asked: the status, and a sentence for people."""

    code: int
    description: str


class RequestDeclined(Exception):
    """The request cannot be answered; every reason is listed in the answer."""

    def __init__(self, *wrong: GeoReportError) -> None:
        super().__init__("; ".join(one.description for one in wrong))
        self.wrong = wrong

    @property
    def status(self) -> int:
        """Return the status of the answer: that of the first reason."""
        return self.wrong[0].code


def declined(code: int, description: str) -> RequestDeclined:
    """Return a refusal with one reason."""
    return RequestDeclined(GeoReportError(code, description))
