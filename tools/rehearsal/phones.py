"""A resident's phone without script: keeps its cookies, and sends again until it is answered."""

from __future__ import annotations

import re
import ssl
import time
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlencode

from tools.rehearsal.servers import NAME

PATIENCE_S = 40.0


class Phone:
    """One phone with an address of its own."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address
        self.cookies: dict[str, str] = {}
        self.trust = ssl.create_default_context()
        # The rehearsal's own certificate; what a browser thinks of it is another step.
        self.trust.check_hostname = False
        self.trust.verify_mode = ssl.CERT_NONE

    def report(self, words: str) -> None:
        """Report something, again and again with the same key until it is acknowledged."""
        page = self._patiently("GET", "/report/")
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        community = re.search(r'<option value="([^"]+)"', page)
        given = {**fields, "text": words, "wants_answer": "none", "join": ""}
        given["csrfmiddlewaretoken"] = self.cookies.get("csrftoken", "")
        if community:
            given["community"] = community[1]
        self._patiently("POST", "/report/", given)

    def announce(self, size: int) -> tuple[int, str]:
        """Begin to send ``size`` bytes, as a page with too many photos does; return the answer."""
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.trust)
        connection.putrequest("POST", "/report/", skip_host=True)
        for name, value in (("Host", NAME), ("Content-Length", str(size))):
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def _patiently(self, method: str, link: str, given: dict[str, str] | None = None) -> str:
        began = time.monotonic()
        said = "nothing"
        while time.monotonic() - began < PATIENCE_S:
            try:
                status, text = self._ask(method, link, given)
            except (OSError, HTTPException) as wrong:
                said = type(wrong).__name__
            else:
                if status in (200, 302) and (method == "GET" or status == 302):
                    return text
                said = f"{status} {words_of(text)}"
            time.sleep(0.2)
        raise RuntimeError(f"{method} {link}: {said}")

    def _ask(self, method: str, link: str, given: dict[str, str] | None) -> tuple[int, str]:
        connection = HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, context=self.trust, source_address=(self.address, 0)
        )
        headers = {
            "Host": f"{NAME}:{self.port}",
            "Referer": f"https://{NAME}:{self.port}/report/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if given is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, link, urlencode(given) if given else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for one in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


def words_of(page: str) -> str:
    """Return the beginning of what somebody reads on a page."""
    body = re.sub(
        r"<script.*?</script>|<[^>]+>", " ", page.partition("<main")[2] or page, flags=re.S
    )
    return " ".join(body.split())[:600]
