"""Four who use a server that is killed under them, and write down what it acknowledged."""

from __future__ import annotations

import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

from tests.cli.served import PASSWORD

Answer = tuple[int, str, str]
_addresses = count(2)


class Browser:
    """Cookies, an address of its own, and the patience to send the same again."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()
        self.move()

    def move(self) -> None:
        """Call from another address: one may report only so often."""
        number = next(_addresses)
        self._address = f"127.0.{number // 250 % 250 + 1}.{number % 250 + 2}"

    def ask(self, link: str, given: dict[str, str] | None = None, *, wait: float = 20) -> Answer:
        """Return status, where it leads, and the text; raises OSError where nobody answers."""
        connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=wait, source_address=(self._address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if given is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = None if given is None else urlencode(given)
            connection.request("GET" if given is None else "POST", link, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except HTTPException as wrong:
            raise OSError(str(wrong)) from wrong
        finally:
            connection.close()
        for one in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text

    def sign_in(self, name: str) -> None:
        """Sign in by the page."""
        self.cookies.clear()
        self.ask("/sign-in/")
        given = {"login": name, "password": PASSWORD, **self.token()}
        status, _where, text = self.ask("/sign-in/", given)
        assert status == 302, f"sign in: {status} {text[:300]}"

    def token(self) -> dict[str, str]:
        """Return what every form carries."""
        return {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}


@dataclass
class Callers:
    """Everybody who calls, until told to stop; ``acknowledged`` is what must be there."""

    port: int
    home: int
    acknowledged: set[str] = field(default_factory=set)
    questions: int = 0
    sign_ins: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        works = (
            lambda: self._write("linfang"),
            lambda: self._write("zhouqiang"),
            self._report,
            self._ask,
        )
        self._threads = [threading.Thread(target=self._go_on, args=(work,)) for work in works]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let everybody finish what they are at, until it is acknowledged."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _go_on(self, work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except Exception as wrong:
            self.wrong.append(f"{type(wrong).__name__}: {wrong}")

    def _until_answered(self, browser: Browser, link: str, given: dict[str, str] | None) -> Answer:
        """Send the very same again until the server answers it."""
        give_up = time.monotonic() + 60
        while True:
            try:
                answer = browser.ask(link, given)
                if answer[0] < 500:
                    return answer
            except OSError:
                pass
            assert time.monotonic() < give_up, f"{link} is not answered"
            self.again += 1
            time.sleep(0.05)

    def _sign_in(self, browser: Browser, name: str) -> None:
        give_up = time.monotonic() + 60
        while True:
            try:
                browser.sign_in(name)
            except OSError:
                assert time.monotonic() < give_up, "nobody may sign in"
                time.sleep(0.05)
            else:
                self.sign_ins += 1
                return

    def _write(self, name: str) -> None:
        """Write notes under keys of one's own."""
        browser = Browser(self.port)
        self._sign_in(browser, name)
        for number in count():
            if self._ended.is_set():
                return
            text = f"第{number}件记事，{name}"
            given = {"text": text, "submission": secrets.token_urlsafe(16), **browser.token()}
            link = f"/journal/note/places.place/{self.home}/"
            status, where, said = self._until_answered(browser, link, given)
            if where.startswith("/sign-in/"):
                self._sign_in(browser, name)
                continue
            assert status == 302, f"note: {status} {said[:300]}"
            self.acknowledged.add(text)

    def _report(self) -> None:
        """Send matters as a resident does, each under the key of its page."""
        browser = Browser(self.port)
        for number in count():
            if self._ended.is_set():
                return
            browser.move()
            _status, _where, page = self._until_answered(browser, "/report/", None)
            key = re.search(r'name="client_id"[^>]*value="([^"]+)"', page)
            community = re.search(r'<option value="(\d+)"', page)
            hidden = re.search(r'name="csrfmiddlewaretoken"[^>]*value="([^"]+)"', page)
            assert key, "a report's page has its key"
            assert community, "and its communities"
            assert hidden, "and its token"
            text = f"第{number}件：路灯不亮，晚上看不见路"
            given = {
                "csrfmiddlewaretoken": hidden[1],
                "client_id": key[1],
                "community": community[1],
                "text": text,
                "join": "",
                "wants_answer": "page",
            }
            status, _where, said = self._until_answered(browser, "/report/", given)
            assert status == 302, f"report: {status} {said[:300]}"
            self.acknowledged.add(text)

    def _ask(self) -> None:
        """Ask a question, and sign in anew every few."""
        browser = Browser(self.port)
        link = "/ask/?" + urlencode({"q": "殷家社区60岁以上独居老人"})
        for number in count():
            if self._ended.is_set():
                return
            if number % 5 == 0:
                self._sign_in(browser, "zhouqiang")
            status, where, _text = self._until_answered(browser, link, None)
            if where.startswith("/sign-in/"):
                self._sign_in(browser, "zhouqiang")
                continue
            assert status == 200, f"question: {status} {where}"
            self.questions += 1
