"""How a phone learns to trust the office: one plain page, over HTTP, and the certificate itself.

Before a phone trusts the office nothing can be shown to it over HTTPS without a warning. So a
process of its own answers these few addresses from memory and nothing else: it reads no file and no
database, and takes only GET. Whoever stands between could give another
certificate: that is why its fingerprint is compared with the one at the office's own screen.
"""

from __future__ import annotations

import html
import plistlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

from cryptography.hazmat.primitives.serialization import Encoding

from linli.core.office import authority
from linli.core.office.note import Office

PAGE = Path(__file__).parent / "data" / "steps.txt"
# A caller that says nothing is let go.
IDLE_SECONDS = 10
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
}


@dataclass(frozen=True)
class Answer:
    """What one address gives."""

    kind: str
    content: bytes
    file_name: str = ""


def answers(office: Office) -> dict[str, Answer]:
    """Return everything that there is to be had, by path."""
    der = authority.root_of(office).public_bytes(Encoding.DER)
    return {
        "/": Answer("text/html; charset=utf-8", _page(office).encode()),
        "/linli.crt": Answer("application/x-x509-ca-cert", der, "linli.crt"),
        "/linli.mobileconfig": Answer("application/x-apple-aspen-config", _profile(office, der)),
    }


def _page(office: Office) -> str:
    groups = authority.fingerprint(authority.root_of(office)).split()
    rows = (" ".join(groups[start : start + 4]) for start in range(0, len(groups), 4))
    told = {
        "address": html.escape(f"{office.address}/"),
        "by_number": _by_number(office) if office.name else "",
        "fingerprint": "<br>".join(rows),
    }
    return Template(PAGE.read_text(encoding="utf-8")).substitute(told)


def _by_number(office: Office) -> str:
    link = html.escape(f"https://{office.number}:{office.port}/")
    return (
        f'<p class="small">打不开名字的，用数字网址：<a href="{link}">{link}</a>'
        "（不能用通行密钥）。</p>"
    )


def _profile(office: Office, der: bytes) -> bytes:
    """Return what an iPhone takes a certificate from; the same office has the same identity."""
    own = uuid.uuid5(uuid.NAMESPACE_OID, authority.fingerprint(authority.root_of(office)))
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"cn.linli.office.{own}.root",
        "PayloadUUID": str(uuid.uuid5(own, "root")),
        "PayloadDisplayName": "邻里证书",
        "PayloadCertificateFileName": "linli.crt",
        "PayloadContent": der,
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"cn.linli.office.{own}",
            "PayloadUUID": str(own),
            "PayloadDisplayName": "邻里：本单位的证书",
            "PayloadDescription": "只对本单位的网址有效，不能用来冒充别的网站。",
            "PayloadContent": [certificate],
        }
    )


def serve(office: Office) -> int:
    """Answer until ended."""
    there = answers(office)
    with a_server(office.host, office.steps_port, there) as server:
        server.serve_forever()
    return 0


def a_server(host: str, port: int, there: Mapping[str, Answer]) -> ThreadingHTTPServer:
    """Return the server, which has its port already."""

    class Handler(_Handler):
        answers = there

    return _Server((host, port), Handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Handler(BaseHTTPRequestHandler):
    answers: Mapping[str, Answer]
    timeout = IDLE_SECONDS
    server_version, sys_version = "Linli", ""

    def do_GET(self) -> None:
        """Give what there is at an address."""
        answer = self.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.content)))
        if answer.file_name:
            self.send_header("Content-Disposition", f'attachment; filename="{answer.file_name}"')
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: who fetched a certificate is nobody's business."""
