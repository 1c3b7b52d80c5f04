"""The one way out: the host is looked up, checked, and that very address connected to.

Everything the product sends goes through here: text messages, robots of work groups, mail,
webhooks. Nothing goes to inner addresses unless LINLI_INNER_HOSTS lists the host and port; no
redirect is followed and no proxy of the environment used; neither time nor answer has no end.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.network.public_addresses import may_reach

PORTS = {"https": 443, "http": 80}
LONGEST_URL = 2000
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 20.0
MOST_ANSWER_BYTES = 64 * 1024
Resolve = Callable[[str, int], list[str]]
Trouble = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class CheckedTarget:
    """Where to send: the address in words, and the checked internet address behind it."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    address: str


@dataclass(frozen=True)
class HttpAnswer:
    """What came back."""

    status: int
    body: bytes = b""
    is_whole: bool = True


class NeverConnected(OSError):
    """No connection came about: the other side has seen nothing."""


def resolved(host: str, port: int) -> list[str]:
    """Return the internet addresses of a host; numbers in any spelling are addresses too."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_listed(host: str, port: int) -> bool:
    """Does the installation say that this host of its own network may be sent to?"""
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" in settings.LINLI_INNER_HOSTS


def checked_address(host: str, port: int, *, resolve: Resolve | None = None) -> str:
    """Return the one address of a host that may be connected to, or refuse."""
    try:
        addresses = (resolve or resolved)(host, port)
    except (OSError, UnicodeError) as wrong:
        raise _refused("no_host", _("找不到主机“%(host)s”") % {"host": host}) from wrong
    # One inner address among several is enough to refuse: the next look-up may return that one.
    if not addresses or not (
        is_listed(host, port) or all(may_reach(address) for address in addresses)
    ):
        raise _refused("inner_host", _("“%(host)s”是内网或本机地址，不能发送") % {"host": host})
    return addresses[0]


def checked(url: str, *, resolve: Resolve | None = None) -> CheckedTarget:
    """Return where a message to this address would go, or refuse; asked at saving and sending."""
    parts = _parts(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if parts.scheme != "https" and not is_listed(host, port):
        raise _refused("not_https", _("地址须以 https:// 开头"))
    address = checked_address(host, port, resolve=resolve)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return CheckedTarget(url, parts.scheme, host, port, path, address)


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused("unreadable", _("地址只能用英文字母、数字和符号，也不能太长"))
    try:
        parts = urlsplit(url)
        # Reading the port is what raises ValueError for one that is no number.
        fits = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    # Parsers disagree about "user@host" and backslashes: another may read another host there.
    if not fits or parts.username is not None or parts.fragment or "\\" in url:
        raise _refused("unreadable", _("地址应像 https://example.org/hook，不带用户名和口令"))
    return parts


def _refused(code: str, sentence: str) -> Refused:
    return Refused(f"outbound.{code}", sentence, "url")


def line_to(address: str, port: int, *, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """Connect to an address that was checked; it is a number, so no name is looked up again."""
    ipaddress.ip_address(address.split("%")[0])
    return socket.create_connection((address, port), timeout=seconds)


def ask(
    target: CheckedTarget,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    seconds: float = READ_SECONDS,
) -> HttpAnswer:
    """Ask once; raises ``NeverConnected``, or another of ``Trouble`` when it broke on the way."""
    with _connected(target, seconds) as connection:
        connection.request(method, target.path, body=body, headers=_headers(target, headers))
        answer = connection.getresponse()
        try:
            return HttpAnswer(answer.status, answer.read(MOST_ANSWER_BYTES))
        # The status was read: the receiver has answered, whatever became of the rest.
        except Trouble:
            return HttpAnswer(answer.status, is_whole=False)


@contextmanager
def _connected(target: CheckedTarget, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Connect to the address that was checked; the name is only what the certificate must say."""
    with _line(target, seconds) as line:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.auto_open = 0  # it never looks the name up by itself
        connection.sock = line
        yield connection


@contextmanager
def _line(target: CheckedTarget, seconds: float) -> Iterator[socket.socket]:
    try:
        line = line_to(target.address, target.port)
    except OSError as wrong:
        raise NeverConnected(type(wrong).__name__) from wrong
    line.settimeout(seconds)
    if target.scheme == "https":
        # Shaken later, under the timer: a receiver could drag the handshake out as well.
        line = ssl.create_default_context().wrap_socket(
            line, server_hostname=target.host, do_handshake_on_connect=False
        )
    timer = threading.Timer(WHOLE_SECONDS, _hang_up, (line,))
    timer.daemon = True
    timer.start()
    try:
        _shake_hands(line)
        yield line
    finally:
        timer.cancel()
        line.close()


def _shake_hands(line: socket.socket) -> None:
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
    except OSError as wrong:
        raise NeverConnected(type(wrong).__name__) from wrong


def _hang_up(line: socket.socket) -> None:
    """End a sending that goes on and on: one slow receiver must not hold the others up."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _headers(target: CheckedTarget, headers: Mapping[str, str]) -> dict[str, str]:
    host = f"[{target.host}]" if ":" in target.host else target.host
    shown = host if target.port == PORTS[target.scheme] else f"{host}:{target.port}"
    return {"Host": shown, "Connection": "close", **headers}
