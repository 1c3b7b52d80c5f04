"""The one way out, tried live: a name that turns inward, redirects, odd spellings, mail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from linli.core.errors import Refused
from linli.core.network import outbound
from linli.workbench.notices.channels import OutgoingMessage, SendOutcome, web
from linli.workbench.notices.channels.mail import Mail
from linli.workbench.notices.channels.sms import HttpGateway
from linli.workbench.notices.tests.standing_in import a_mail_server, a_server, listed

# Stands in for the internet here: what is tried is which of the two addresses is connected to.
OUTSIDE, INSIDE, NAME = "127.0.0.2", "127.0.0.1", "rebound.example"


@contextmanager
def listening(address: str, port: int = 0, says: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """A server that notes who came and what they said."""
    heard: list[bytes] = []
    door = socket.create_server((address, port))

    def serve() -> None:
        while True:
            try:
                line, _peer = door.accept()
            except OSError:
                return
            with line:
                heard.append(line.recv(65536))
                line.sendall(says or b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield door.getsockname()[1], heard
    finally:
        # Closing alone leaves a thread that waits in accept.
        door.shutdown(socket.SHUT_RDWR)
        door.close()


@pytest.fixture
def turning(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A resolver whose name is outside when it is asked first, and inside ever after."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def fake(host: Any, port: Any, *rest: Any, **how: Any) -> Any:
        if host != NAME:
            return real(host, port, *rest, **how)
        asked.append(host)
        address = OUTSIDE if len(asked) == 1 else INSIDE
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    monkeypatch.setattr(outbound, "may_reach", lambda address: address == OUTSIDE)
    return asked


def test_a_name_that_turns_inward_is_asked_once_and_never_followed(turning: list[str]) -> None:
    with listening(OUTSIDE) as (port, outside), listening(INSIDE, port) as (_port, inside):
        target = replace(outbound.checked(f"https://{NAME}:{port}/hook"), scheme="http")
        answer = outbound.ask(target, "POST", b"{}", {})
        assert (answer.status, answer.body) == (200, b"{}")
        assert f"Host: {NAME}:{port}".encode() in outside[0]
        assert not inside
        assert turning == [NAME]
        with pytest.raises(Refused) as refused:  # the next message asks again, and is not sent
            outbound.checked(f"https://{NAME}:{port}/hook")
        assert refused.value.code == "outbound.inner_host"


def test_whoever_looks_the_name_up_again_is_led_inside(turning: list[str]) -> None:
    """The negative control: check the name, then connect to the name."""
    with listening(OUTSIDE) as (port, outside), listening(INSIDE, port) as (_port, inside):
        outbound.checked(f"https://{NAME}:{port}/hook")
        with socket.create_connection((NAME, port), timeout=5) as line:
            line.sendall(b"POST / HTTP/1.1\r\n\r\n")
            line.recv(100)
        assert inside
        assert not outside


def test_mail_goes_to_the_checked_address_of_its_server(turning: list[str]) -> None:
    mail = OutgoingMessage("k", "停水通知", "明天停水", to="lin@example.cn")
    channel = Mail(f"mailto://{NAME}:25?from=linli@example.cn&mode=insecure")
    turning.append("once before")  # from now on the name points inside
    receipt = channel.send(mail)
    assert receipt.outcome is SendOutcome.DOWN
    with a_mail_server() as (port, mails):
        text = f"mailto://127.0.0.1:{port}?from=linli@example.cn&mode=insecure"
        assert Mail(text).send(mail).outcome is SendOutcome.TAKEN
        with override_settings(LINLI_INNER_HOSTS=[]):
            assert Mail(text).send(mail).outcome is SendOutcome.DOWN
    assert len(mails) == 1


def test_an_sms_gateway_inside_must_be_listed_and_redirects_go_nowhere() -> None:
    message = OutgoingMessage("k", "", "明天停水", to="13905740001")
    with a_server() as heard:
        assert HttpGateway(heard.address, "").send(message).outcome is SendOutcome.TAKEN
    with listening(INSIDE) as (port, inside):
        for host in ("127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "localhost", "[::1]"):
            receipt = HttpGateway(f"https://{host}:{port}/", "").send(message)
            assert receipt.outcome is SendOutcome.DOWN, host
            assert "内网" in receipt.words, host
        away = f"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{port}/\r\n\r\n".encode()
        with listening(INSIDE, says=away) as (gate, _heard), listed(gate):
            receipt = HttpGateway(f"http://127.0.0.1:{gate}/", "").send(message)
            assert receipt.outcome is not SendOutcome.TAKEN
        assert not inside


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(INSIDE) as (port, inside):
        for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        with a_server() as heard:
            assert web.post(heard.address, {}).status == 200
        assert not inside
