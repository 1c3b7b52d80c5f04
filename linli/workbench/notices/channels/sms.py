"""Text messages: a file in development, a gateway by HTTP otherwise."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.network.success_rule import SuccessRule, is_usual_success
from linli.workbench.notices.channels import web
from linli.workbench.notices.channels.base import OutgoingMessage, Receipt, SendOutcome
from linli.workbench.notices.success_rules import COMES_AGAIN, REFUSED_FOR_GOOD, code_said

FILE_NAME = "sent.jsonl"


@dataclass(frozen=True)
class FileGateway:
    """Writes each message as one line of JSON: for development, and where tests count doubles."""

    folder: Path

    def send(self, message: OutgoingMessage) -> Receipt:
        """Append one line, in one write."""
        line = {
            "key": message.key,
            "to": message.to,
            "text": message.text,
            "at": timezone.now().isoformat(),
        }
        encoded = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Several workers append to it: one write in this mode never mixes with another.
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            file = os.open(self.folder / FILE_NAME, flags, 0o600)
        except OSError as error_text:
            return Receipt(SendOutcome.DOWN, words=type(error_text).__name__)
        try:
            written = os.write(file, encoded)
        except OSError as error_text:
            return Receipt(SendOutcome.UNKNOWN, words=type(error_text).__name__)
        finally:
            os.close(file)
        if written != len(encoded):
            return Receipt(SendOutcome.UNKNOWN, words="disk full")
        return Receipt(SendOutcome.TAKEN, message.key[:12])


@dataclass(frozen=True)
class HttpGateway:
    """Hands a message to an office's own SMS gateway, with the key by which it tells doubles.

    POST {"to", "text", "key"} with the header Idempotency-Key. 2xx has it when the answer says so
    by ``rule`` (without one, in a usual way); 408, 425, 429 and 5xx come again later, other 4xx
    refuse this message; of anything else nobody knows.
    """

    address: str
    secret: str = ""
    rule: SuccessRule | None = None

    def send(self, message: OutgoingMessage) -> Receipt:
        """Post one message."""
        headers = {"Idempotency-Key": message.key}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        body = {"to": message.to, "text": message.text, "key": message.key}
        try:
            answer = web.post(self.address, body, headers=headers)
        except web.NotHandedOver as error_text:
            return Receipt(SendOutcome.DOWN, words=str(error_text))
        except web.NobodyKnows as error_text:
            return Receipt(SendOutcome.UNKNOWN, words=str(error_text))
        outcome, words = self._judged(answer)
        reference = str(answer.data.get("id", ""))[:80] if outcome is SendOutcome.TAKEN else ""
        return Receipt(outcome, reference, words, str(answer))

    def _judged(self, answer: web.JsonAnswer) -> tuple[SendOutcome, str]:
        said = f"HTTP {answer.status} {_message_of(answer.data)}".strip()[:200]
        # A wrong token says nothing about this message, which would be lost for it.
        if answer.status in (401, 403, 408, 425, 429) or answer.status >= 500:
            return SendOutcome.DOWN, said
        if answer.status >= 400:
            return SendOutcome.REFUSED, said
        if not 200 <= answer.status < 300:
            return SendOutcome.UNKNOWN, said
        told = self.rule.is_met(answer.data) if self.rule else is_usual_success(answer.data)
        if told:
            return SendOutcome.TAKEN, ""
        code = code_said(answer.data)
        if code in REFUSED_FOR_GOOD:
            return SendOutcome.REFUSED, said
        if code in COMES_AGAIN:
            return SendOutcome.DOWN, said
        why = _("回答里没有说发成了") if told is None else _("回答说没有发成")
        return SendOutcome.UNKNOWN, f"{why}（{said}）"[:200]


def _message_of(data: dict[str, Any]) -> str:
    """Return the code and the words that a gateway's answer has beside its status."""
    names = ("Message", "message", "msg", "errmsg")
    words = next((str(data[name]) for name in names if data.get(name)), "")
    return f"{code_said(data)} {words}".strip()
