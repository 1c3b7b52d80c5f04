"""Posting JSON, with the one question answered that matters: was anything handed over?"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
LONGEST_ANSWER = 65_536


class NotHandedOver(Exception):
    """No connection: the other side has seen nothing."""


class NobodyKnows(Exception):
    """The connection broke after the message had begun to go out."""


@dataclass(frozen=True)
class Answer:
    """The status and the JSON of an answer."""

    status: int
    data: dict[str, Any] = field(default_factory=dict)


def post(url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> Answer:
    """Post JSON to an address."""
    return _ask("POST", url, json.dumps(body, ensure_ascii=False).encode(), headers)


def get(url: str) -> Answer:
    """Ask an address for JSON."""
    return _ask("GET", url, None, None)


def _ask(method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None) -> Answer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotHandedOver(_("地址不对"))
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    there = kind(parts.hostname, parts.port, timeout=CONNECT_SECONDS)
    try:
        try:
            there.connect()
        except OSError as trouble:
            raise NotHandedOver(
                _("连不上（%(why)s）") % {"why": type(trouble).__name__}
            ) from trouble
        there.sock.settimeout(ANSWER_SECONDS)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        given = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        try:
            there.request(method, path, body, given)
            answer = there.getresponse()
            said = answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as trouble:
            raise NobodyKnows(
                _("中途断开（%(why)s）") % {"why": type(trouble).__name__}
            ) from trouble
    finally:
        there.close()
    return Answer(answer.status, _data(said))


def _data(said: bytes) -> dict[str, Any]:
    try:
        data = json.loads(said)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
