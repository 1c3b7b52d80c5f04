"""Servers on this machine that stand in for 企业微信, 钉钉, 飞书, an SMS gateway and mail."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.test import override_settings


@dataclass
class Heard:
    """What reached the other side, and what it answers."""

    address: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "code": 0})
    hangs_up: bool = False
    silent_seconds: float = 0


@contextmanager
def listed(port: int) -> Iterator[None]:
    """Let the product reach a port of this machine: the installation lists it."""
    with override_settings(LINLI_INNER_HOSTS=[*settings.LINLI_INNER_HOSTS, f"127.0.0.1:{port}"]):
        yield


@contextmanager
def a_server() -> Iterator[Heard]:
    """Answer as ``Heard`` says, on 127.0.0.1."""
    heard = Heard()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        def _answer(self, body: bytes) -> None:
            heard.paths.append(self.path)
            heard.headers.append(dict(self.headers))
            if body:
                heard.bodies.append(json.loads(body))
            if heard.hangs_up:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            time.sleep(heard.silent_seconds)
            said = json.dumps(heard.answer).encode()
            self.send_response(heard.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    heard.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with listed(server.server_address[1]):
            yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def a_mail_server(*, refuses: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Take mail as SMTP has it; yields its port and the mails."""
    mails: list[str] = []

    class Taking(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "DATA":
                    self._say("354 go on")
                    mails.append(self._until_dot())
                    self._say("250 taken")
                elif word == "RCPT" and refuses:
                    self._say("550 no such mailbox")
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _until_dot(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                lines.append(line)
            return "".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with listed(server.server_address[1]):
            yield server.server_address[1], mails
        server.shutdown()
        thread.join()


def nobody_listens() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
