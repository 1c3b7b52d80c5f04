"""The wire format of GeoReport v2: one structure, written as JSON or as XML.

The JSON follows the XML by the Spark convention: a list loses the name of its items.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from linli.integrations.open311.georeport_types import (
    CreatedRequest,
    GeoReportError,
    Service,
    ServiceAttribute,
    ServiceRequest,
)

JSON, XML = "json", "xml"
CONTENT_TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# How one item of each list is called in XML.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
# What XML 1.0 cannot carry at all, and half characters, which UTF-8 cannot.
_NOT_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Data = Mapping[str, Any] | Sequence[Any]


def serialize(root: str, data: Data, form: str) -> bytes:
    """Return the body of an answer; ``root`` names it in XML."""
    if form == XML:
        tree = ElementTree.Element(root)
        _fill(tree, root, data)
        body: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
        return body
    return json.dumps(_plain(data), ensure_ascii=False).encode()


def text_of(value: object) -> str:
    """Return a value as XML spells it, without what XML cannot carry."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOT_TEXT.sub("", str(value))


def _fill(parent: ElementTree.Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(ElementTree.SubElement(parent, key), key, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            item = ITEMS[name]
            _fill(ElementTree.SubElement(parent, item), item, inner)
    else:
        parent.text = text_of(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    # The same characters are dropped in JSON, so that both forms say the same.
    return text_of(value) if isinstance(value, str) else value


def moment(value: datetime | None) -> str | None:
    """Return a moment as the W3C note wants it: to the second, with its offset."""
    return value.isoformat(timespec="seconds") if value else None


def services_data(services: Iterable[Service]) -> list[dict[str, Any]]:
    """Return the list of services."""
    return [
        {
            "service_code": service.code,
            "service_name": service.name,
            "description": service.description,
            "metadata": True,
            "type": service.kind,
            "keywords": ",".join(service.keywords),
            "group": service.group,
        }
        for service in services
    ]


def definition_data(code: str, attributes: Iterable[ServiceAttribute]) -> dict[str, Any]:
    """Return the definition of one service."""
    return {
        "service_code": code,
        "attributes": [_attribute(service_attribute) for service_attribute in attributes],
    }


def _attribute(attribute: ServiceAttribute) -> dict[str, Any]:
    return {
        "variable": True,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": attribute.required,
        "datatype_description": attribute.datatype_description or None,
        "order": attribute.order,
        "description": attribute.description,
        "values": [{"key": choice.key, "name": choice.name} for choice in attribute.values],
    }


def requests_data(requests: Iterable[ServiceRequest]) -> list[dict[str, Any]]:
    """Return the list of requests; a single one is a list of one."""
    return [_request(service_request) for service_request in requests]


def _request(request: ServiceRequest) -> dict[str, Any]:
    data = {
        "service_request_id": request.number,
        "status": request.status,
        "status_notes": request.status_notes or None,
        "service_name": request.service_name,
        "service_code": request.service_code,
        "description": request.description or None,
        "agency_responsible": request.agency or None,
        "service_notice": request.notice or None,
        "requested_datetime": moment(request.requested_at),
        "updated_datetime": moment(request.updated_at),
        "expected_datetime": moment(request.expected_at),
        "address": request.address or None,
        "address_id": request.address_id or None,
        "zipcode": None,
        "lat": request.latitude,
        "long": request.longitude,
        "media_url": None,
    }
    return {**data, "extended_attributes": request.more} if request.more else data


def created_data(made: CreatedRequest) -> list[dict[str, Any]]:
    """Return the answer to a new report."""
    numbered = {"service_request_id": made.number} if made.number else {}
    return [{**numbered, "service_notice": made.notice, "account_id": None}]


def token_data(number: str, token: str) -> list[dict[str, Any]]:
    """Return which request a token stands for."""
    return [{"service_request_id": number, "token": token}]


def errors_data(wrong: Iterable[GeoReportError]) -> list[dict[str, Any]]:
    """Return what is wrong."""
    return [
        {"code": geo_report_error.code, "description": geo_report_error.description}
        for geo_report_error in wrong
    ]


def discovery_data(
    *, url: str, changeset: str, contact: str, key_service: str, kind: str
) -> dict[str, Any]:
    """Return where the endpoint is and how one gets a key."""
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": key_service,
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changeset,
                "type": kind,
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
