"""Posting JSON, with the one question answered that matters: was anything handed over?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.network import outbound
from linli.core.network.success_rule import json_of

ANSWER_SECONDS = 15.0
MOST_SHOWN = 1000  # bytes of an answer that an officer who tests is shown


class NotHandedOver(Exception):
    """No connection: the other side has seen nothing."""


class NobodyKnows(Exception):
    """The connection broke after the message had begun to go out."""


@dataclass(frozen=True)
class JsonAnswer:
    """The status and the JSON of an answer, and how it begins as it was written."""

    status: int
    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""

    def __str__(self) -> str:
        return f"HTTP {self.status}\n{self.text}".strip()


def post(
    url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
) -> JsonAnswer:
    """Post JSON to an address."""
    return _ask("POST", url, json.dumps(body, ensure_ascii=False).encode(), headers)


def get(url: str) -> JsonAnswer:
    """Ask an address for JSON."""
    return _ask("GET", url, None, None)


def _ask(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None
) -> JsonAnswer:
    all_headers = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    try:
        target = outbound.checked(url)
        answer = outbound.ask(target, method, body, all_headers, seconds=ANSWER_SECONDS)
    except Refused as refused:
        raise NotHandedOver(str(refused.sentence)) from refused
    except outbound.NeverConnected as error_text:
        raise NotHandedOver(_("连不上（%(why)s）") % {"why": str(error_text)}) from error_text
    except outbound.Trouble as error_text:
        raise _broken(type(error_text).__name__) from error_text
    if not answer.is_whole:
        raise _broken("TimeoutError")
    text = answer.body[:MOST_SHOWN].decode("utf-8", "replace")
    return JsonAnswer(answer.status, json_of(answer.body), text)


def _broken(why: str) -> NobodyKnows:
    return NobodyKnows(_("中途断开（%(why)s）") % {"why": why})
