"""E-mail, by apprise: it knows the mail providers and their servers."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from linli.core.network import outbound_mail
from linli.workbench.notices.channels.base import OutgoingMessage, Receipt, SendOutcome

# What apprise's log says when no connection was made: then nothing was handed over.
NEVER_CONNECTED = (
    "Connection refused",
    "Name or service not known",
    "Temporary failure in name resolution",
    "No route to host",
    "Network is unreachable",
    "getaddrinfo",
    "Max retries exceeded",
    "nodename nor servname",
    "Authentication",
    outbound_mail.INNER,
)
# Apprise would read key files and ask other hosts for keys, or trust any certificate.
MAY_SAY = frozenset({"from", "to", "name", "user", "pass", "mode", "smtp", "reply", "format"})
REFUSED = ("no Email recipients", "Recipient", "550", "553", "501")


@dataclass(frozen=True)
class Mail:
    """An apprise address of a mailbox: mailtos://user:password@smtp.example.cn."""

    address: str

    def send(self, message: OutgoingMessage) -> Receipt:
        """Send one mail and read from apprise's log what became of it."""
        import apprise

        _guard_the_way_out()
        if not message.to:
            return Receipt(SendOutcome.REFUSED, words="no address")
        if not knows_only_servers(self.address):
            return Receipt(SendOutcome.DOWN, words="bad address of the mailbox")
        joint = "&" if "?" in self.address else "?"
        there = apprise.Apprise()
        if not there.add(f"{self.address}{joint}to={quote(message.to)}"):
            return Receipt(SendOutcome.DOWN, words="bad address of the mailbox")
        # Its log names recipients: it is read here and goes nowhere else.
        logging.getLogger("apprise").propagate = False
        capture: Any = apprise.LogCapture
        with capture(level=logging.DEBUG) as log:
            done = there.notify(body=message.text, title=message.subject)
            logged = str(log.getvalue())
        if done:
            return Receipt(SendOutcome.TAKEN)
        if any(phrase in logged for phrase in NEVER_CONNECTED):
            return Receipt(SendOutcome.DOWN, words=_last(logged))
        if any(phrase in logged for phrase in REFUSED):
            return Receipt(SendOutcome.REFUSED, words=_last(logged))
        return Receipt(SendOutcome.UNKNOWN, words=_last(logged))


def knows_only_servers(address: str) -> bool:
    """Does the address name servers and people, and no files, keys or look-ups elsewhere?"""
    return {name for name, _value in parse_qsl(urlsplit(address).query)} <= MAY_SAY


def _guard_the_way_out() -> None:
    """Give apprise connections that go to checked addresses alone."""
    from apprise.plugins.email import smtp

    vars(smtp)["smtplib"] = outbound_mail.GUARDED


def _last(said: str) -> str:
    """Return what went wrong, without the address of the mailbox."""
    lines = [line for line in said.splitlines() if "Exception" in line]
    return (lines[-1] if lines else "mail").split("Exception:")[-1].strip()[:200]
