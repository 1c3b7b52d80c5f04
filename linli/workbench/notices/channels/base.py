"""What a channel is given and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SendOutcome(StrEnum):
    """What became of one message, as far as can be known."""

    TAKEN = "taken"  # the other side has it
    REFUSED = "refused"  # it will never take this one
    DOWN = "down"  # nothing was handed over; try again later
    UNKNOWN = "unknown"  # it may have it, it may not


@dataclass(frozen=True)
class OutgoingMessage:
    """One message; ``key`` is the same however often it is tried."""

    key: str
    subject: str
    text: str
    to: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Receipt:
    """What became of it, the other side's own number for it, its words, its whole answer."""

    outcome: SendOutcome
    reference: str = ""
    words: str = ""
    answer: str = ""


class Channel(Protocol):
    """A way out."""

    def send(self, message: OutgoingMessage) -> Receipt:
        """Hand one message over and say what became of it; never raises for what can happen."""
