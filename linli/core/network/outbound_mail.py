"""Mail on its way out: a server is connected to at the address that was checked, no other."""

from __future__ import annotations

import smtplib
import socket
from types import SimpleNamespace
from typing import Any

from linli.core.errors import Refused
from linli.core.network import outbound

INNER = "inner host"


def _line(host: str, port: int, timeout: Any) -> socket.socket:
    try:
        address = outbound.checked_address(host, port)
    except Refused as refused:
        raise OSError(f"{INNER}: {refused.sentence}") from refused
    return outbound.line_to(address, port, seconds=float(timeout or outbound.CONNECT_SECONDS))


class Plain(smtplib.SMTP):
    """A connection that is plain, or encrypted after it has begun."""

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        return _line(host, port, timeout)


class EncryptedConnection(smtplib.SMTP_SSL):
    """A connection that is encrypted from the first; the certificate must bear the name."""

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        line = _line(host, port, timeout)
        return self.context.wrap_socket(line, server_hostname=host)


# What a mail library is given in place of the module of the standard library.
GUARDED = SimpleNamespace(
    SMTP=Plain, SMTP_SSL=EncryptedConnection, SMTPException=smtplib.SMTPException
)
