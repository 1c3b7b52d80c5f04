"""Where messages go and where never: inner addresses, rebinding names, slow and odd receivers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.network import outbound
from linli.core.network.success_rule import SuccessRule
from linli.workbench.webhooks import rules, sending, signing

OUTSIDE = "93.184.216.34"


def named(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "100.64.0.1",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "not an address",
    ],
)
def test_inner_addresses_are_never_reached(address: str) -> None:
    assert not rules.may_reach(address=address)
    with pytest.raises(Refused) as refused:
        sending.checked("https://hooks.example/in", resolve=named(address))
    assert refused.value.code == "outbound.inner_host"
    with pytest.raises(Refused):  # nor when it stands beside a good one
        sending.checked("https://hooks.example/in", resolve=named(OUTSIDE, address))


def test_without_the_guard_an_inner_address_would_be_reached(monkeypatch: Any) -> None:
    """The negative control: with the check broken the same address goes through."""
    monkeypatch.setattr(outbound, "may_reach", lambda address: True)
    target = sending.checked("https://hooks.example/in", resolve=named("169.254.169.254"))
    assert target.address == "169.254.169.254"


@pytest.mark.parametrize("address", [OUTSIDE, "8.8.8.8", "2606:4700::1111"])
def test_outside_addresses_are_reached(address: str) -> None:
    target = sending.checked("https://hooks.example/in?a=1", resolve=named(address))
    assert (target.address, target.port, target.path) == (address, 443, "/in?a=1")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/", "not_https"),
        ("ftp://hooks.example/", "unreadable"),
        ("https://user:pass@hooks.example/", "unreadable"),
        ("https://hooks.example\\@127.0.0.1/", "unreadable"),
        ("https://hooks.example/#part", "unreadable"),
        ("https://hooks.example/a b", "unreadable"),
        ("https://hooks.example/\r\nHost: x", "unreadable"),
        ("https://例子.example/", "unreadable"),
        ("https:///path", "unreadable"),
        ("https://hooks.example:99999/", "unreadable"),
        ("https://hooks.example/" + "a" * 500, "unreadable"),
        ("https://no-such-host.invalid/", "no_host"),
        # Spellings of 127.0.0.1 that resolvers understand.
        ("https://2130706433/", "inner_host"),
        ("https://0x7f.1/", "inner_host"),
        ("https://localhost/", "inner_host"),
        ("https://[::1]/", "inner_host"),
    ],
)
def test_an_address_that_will_not_do_is_refused_in_words(url: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        sending.checked(url)
    assert refused.value.code == f"outbound.{code}"
    assert refused.value.field == "url"


def test_the_signature_is_that_of_the_convention() -> None:
    """The example of the Standard Webhooks specification."""
    signed = signing.signature(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_key_is_its_own() -> None:
    assert signing.new_secret() != signing.new_secret()
    assert len(signing.new_secret()) > 40


class Receiver:
    """A receiver at 127.0.0.1 that answers with given bytes, slowly if wanted."""

    def __init__(self, answer: bytes, *, drip: float = 0.0) -> None:
        self.answer, self.drip = answer, drip
        self.asked = b""
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            line, _ = self.door.accept()
            with line:
                while not self.asked.endswith(b"{}"):
                    self.asked += line.recv(65536)
                for byte in self.answer if self.drip else ():
                    line.sendall(bytes([byte]))
                    time.sleep(self.drip)
                if not self.drip:
                    line.sendall(self.answer)
        except OSError:
            pass

    def close(self) -> None:
        self.door.close()


@pytest.fixture
def receive(settings: Any) -> Iterator[Callable[..., tuple[Receiver, sending.CheckedTarget]]]:
    opened = []

    def start(answer: bytes, **how: Any) -> tuple[Receiver, sending.CheckedTarget]:
        receiver = Receiver(answer, **how)
        opened.append(receiver)
        settings.LINLI_INNER_HOSTS = [f"127.0.0.1:{receiver.port}"]
        return receiver, sending.checked(f"http://127.0.0.1:{receiver.port}/hook")

    yield start
    for one in opened:
        one.close()


def test_a_message_arrives_with_its_headers(receive: Any) -> None:
    receiver, target = receive(b"HTTP/1.1 204 No Content\r\n\r\n")
    answered = sending.send(target, b"{}", {"webhook-id": "msg_1"})
    assert answered.is_received
    assert answered.error_text == ""
    assert b"POST /hook HTTP/1.1" in receiver.asked
    assert b"webhook-id: msg_1" in receiver.asked
    assert f"Host: 127.0.0.1:{receiver.port}".encode() in receiver.asked


def test_the_checked_address_is_connected_to_whatever_the_name_says_now(receive: Any) -> None:
    """A name that points elsewhere a moment later changes nothing: it is not looked up again."""
    receiver, target = receive(b"HTTP/1.1 200 OK\r\n\r\n")
    moved = sending.CheckedTarget(
        target.url, "http", "rebound.invalid", target.port, "/", "127.0.0.1"
    )
    assert sending.send(moved, b"{}", {}).is_received
    assert b"Host: rebound.invalid" in receiver.asked


def test_a_redirect_is_not_followed(receive: Any) -> None:
    _, target = receive(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n")
    answered = sending.send(target, b"{}", {})
    assert (answered.status, answered.is_received) == (302, False)
    assert answered.error_text


@pytest.mark.parametrize(
    "said",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 500 No\r\n\r\n", b"HTTP/1.1 200\r\n" + b"a: b\r\n" * 200],
)
def test_odd_answers_are_said_in_words(receive: Any, said: bytes) -> None:
    _, target = receive(said)
    answered = sending.send(target, b"{}", {})
    assert not answered.is_received
    assert answered.error_text


def test_an_endless_answer_is_not_read_to_its_end(receive: Any) -> None:
    _, target = receive(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000_000)
    assert sending.send(target, b"{}", {}).is_received


def test_a_receiver_that_drips_is_hung_up_on(receive: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.5)
    _, target = receive(b"HTTP/1.1 200 OK\r\n" * 100, drip=0.05)
    began = time.monotonic()
    assert not sending.send(target, b"{}", {}).is_received
    assert time.monotonic() - began < 3


def test_nobody_there_is_said_in_words(receive: Any) -> None:
    receiver, target = receive(b"")
    receiver.close()
    time.sleep(0.05)
    assert sending.send(target, b"{}", {}).error_text


def test_a_certificate_that_nobody_signed_is_not_trusted(settings: Any, tmp_path: Any) -> None:
    door = socket.create_server(("127.0.0.1", 0))
    port = door.getsockname()[1]
    settings.LINLI_INNER_HOSTS = [f"127.0.0.1:{port}"]

    def serve() -> None:
        line, _ = door.accept()
        with line:
            line.recv(1000)
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # no TLS at all

    threading.Thread(target=serve, daemon=True).start()
    answered = sending.send(sending.checked(f"https://127.0.0.1:{port}/"), b"{}", {})
    assert not answered.is_received
    door.close()


def test_a_status_alone_is_no_receipt_where_the_answer_has_to_say_so(receive: Any) -> None:
    rule = SuccessRule("success", "true")
    for said, is_received in (
        (b'{"success": true}', True),
        (b'{"success": false}', False),
        (b"<html>", False),
        (b"", False),
    ):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(said)
        _, target = receive(head + said)
        assert sending.send(target, b"{}", {}, rule).is_received is is_received, said
        _, target = receive(head + said)
        assert sending.send(target, b"{}", {}).is_received, "by its status, as the convention says"
