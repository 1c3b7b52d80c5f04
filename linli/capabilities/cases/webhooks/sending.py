"""One message to one address: the host is looked up, checked, and that very address connected to.

Nothing is sent to inner addresses, no redirect is followed, no proxy of the environment is used,
and neither the time nor the answer has no end.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from linli.capabilities.cases.webhooks import rules
from linli.core.errors import Refused

PORTS = {"https": 443, "http": 80}
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Target:
    """Where to send: the address in words, and the checked internet address behind it."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    address: str


@dataclass(frozen=True)
class Answered:
    """What came back: a status, or why there is none."""

    status: int = 0
    trouble: str = ""

    @property
    def is_received(self) -> bool:
        """Did the receiver say that it has the message?"""
        return self.status in rules.RECEIVED


def resolved(host: str, port: int) -> list[str]:
    """Return the internet addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(url: str, *, resolve: Resolve | None = None) -> Target:
    """Return where a message to this address would go, or refuse; asked at saving and sending."""
    parts = _parts(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    is_inner = f"{host}:{port}" in settings.LINLI_WEBHOOK_INNER_HOSTS
    if parts.scheme != "https" and not is_inner:
        raise _refused("not_https", _("地址须以 https:// 开头"))
    try:
        found = (resolve or resolved)(host, port)
    except (OSError, UnicodeError) as wrong:
        raise _refused("no_host", _("找不到主机“%(host)s”") % {"host": host}) from wrong
    # One inner address among several is enough to refuse: the next look-up may return that one.
    if not found or not (is_inner or all(rules.may_reach(address=one) for one in found)):
        raise _refused("inner_host", _("“%(host)s”是内网或本机地址，不能发送") % {"host": host})
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(url, parts.scheme, host, port, path, found[0])


def _parts(url: str) -> SplitResult:
    if len(url) > rules.LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused("unreadable", _("地址只能用英文字母、数字和符号，最长500个字符"))
    try:
        parts = urlsplit(url)
        fits = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.username is not None or parts.fragment or "\\" in url:
        raise _refused("unreadable", _("地址应像 https://example.org/hook，不带用户名和口令"))
    return parts


def _refused(code: str, sentence: str) -> Refused:
    return Refused(f"webhook.{code}", sentence, "url")


def send(target: Target, body: bytes, headers: Mapping[str, str]) -> Answered:
    """Post a message; what goes wrong on the way is an answer too."""
    try:
        with _connected(target) as connection:
            connection.request("POST", target.path, body=body, headers=_headers(target, headers))
            answer = connection.getresponse()
            with suppress(OSError, HTTPException):  # the status is the answer
                answer.read(rules.MOST_ANSWER_BYTES)
            return Answered(answer.status, _words_of(answer.status))
    except (OSError, HTTPException, ValueError) as wrong:
        return Answered(trouble=_trouble(wrong))


@contextmanager
def _connected(target: Target) -> Iterator[HTTPConnection]:
    """Connect to the address that was checked; the name is only what the certificate must say."""
    where = (target.address, target.port)
    line = socket.create_connection(where, timeout=rules.CONNECT_SECONDS)
    line.settimeout(rules.READ_SECONDS)
    if target.scheme == "https":
        line = ssl.create_default_context().wrap_socket(
            line, server_hostname=target.host, do_handshake_on_connect=False
        )
    timer = threading.Timer(rules.WHOLE_SECONDS, _hang_up, (line,))
    timer.daemon = True
    timer.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        connection = HTTPConnection(target.host, target.port)
        connection.auto_open = 0  # it never looks the name up by itself
        connection.sock = line
        yield connection
    finally:
        timer.cancel()
        line.close()


def _hang_up(line: socket.socket) -> None:
    """End a sending that goes on and on: one slow receiver must not hold the others up."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _headers(target: Target, headers: Mapping[str, str]) -> dict[str, str]:
    host = f"[{target.host}]" if ":" in target.host else target.host
    shown = host if target.port == PORTS[target.scheme] else f"{host}:{target.port}"
    return {
        "Host": shown, "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Linli-Webhooks/1", "Connection": "close", **headers,
    }  # fmt: skip


def _words_of(status: int) -> str:
    if status in rules.RECEIVED:
        return ""
    if 300 <= status < 400:
        return _("对方要求转到别处（%(status)d），不跟随") % {"status": status}
    return _("对方回答%(status)d") % {"status": status}


def _trouble(wrong: Exception) -> str:
    if isinstance(wrong, ssl.SSLCertVerificationError):
        return _("对方的证书不被信任")
    if isinstance(wrong, TimeoutError):
        return _("对方没有及时回答")
    if isinstance(wrong, ConnectionRefusedError):
        return _("连不上对方")
    return _("连接中断（%(kind)s）") % {"kind": type(wrong).__name__}
