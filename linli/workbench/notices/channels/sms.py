"""Text messages: a file in development, a gateway by HTTP otherwise."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from linli.workbench.notices.channels import web
from linli.workbench.notices.channels.base import OutgoingMessage, Receipt, SendOutcome

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

    POST {"to", "text", "key"} with the header Idempotency-Key; 2xx has it, 408, 425, 429 and 5xx
    come again later, other answers refuse this message.
    """

    address: str
    secret: str = ""

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
        if 200 <= answer.status < 300:
            return Receipt(SendOutcome.TAKEN, str(answer.data.get("id", ""))[:80])
        words = f"HTTP {answer.status} {answer.data.get('message', '')}".strip()[:200]
        # A wrong token says nothing about this message, which would be lost for it.
        comes_again = answer.status in (401, 403, 408, 425, 429) or answer.status >= 500
        return Receipt(SendOutcome.DOWN if comes_again else SendOutcome.REFUSED, words=words)
