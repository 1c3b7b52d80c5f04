"""A visitor with a real Chromium, on a phone and on a desktop; every page they open is checked."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from linli.faces.web.sessions import SessionStore
from tests.page_checks import Seen, check_page

if TYPE_CHECKING:  # loaded with the first browser: most runs open none
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
    from playwright.sync_api import Request as Asked

# Playwright's synchronous interface runs a loop of its own, which Django would mistake for ours.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The same Chromium without what draws its own windows, where the system has it: half the work.
SHELL = shutil.which("chromium-headless-shell")
CHROMIUM = os.environ.get("LINLI_CHROMIUM") or SHELL or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BOTH_BY_DAY = ("test_a2_reports.py", "test_desk_lists.py", "test_r2_residents.py")
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
NOT_THE_NETWORK = ("data", "blob", "about")


@dataclass
class Visitor:
    """Somebody in front of the product: opens, clicks, and nothing goes unchecked.

    ``page`` is Playwright's own page for anything else; call ``check()`` after such steps.
    """

    page: Page
    context: BrowserContext
    address: str
    size: str
    seen: Seen = field(default_factory=Seen)

    @property
    def is_phone(self) -> bool:
        """Is this the small screen?"""
        return self.size == "phone"

    def sign_in(self, user: Any) -> None:
        """Be signed in as ``user`` from the next page on, without the sign-in page."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        # What a sign-in by password a moment ago would have left: no page asks for it again.
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
        self.cookie(settings.SESSION_COOKIE_NAME, session.session_key)

    def cookie(self, name: str, value: str) -> None:
        """Set a cookie as if an earlier visit had left it."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def open(self, path: str, *, status: int = 200, exceptions: tuple[str, ...] = ()) -> Page:
        """Open a page by its address and check it; ``exceptions`` are named in page_checks."""
        self.seen.expected_status = status
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}, not {status}"
        self.check(exceptions=exceptions)
        return self.page

    def click(self, words: str, *, role: Any = "link", exceptions: tuple[str, ...] = ()) -> Page:
        """Click the first visible link (or ``role``) of that name and check where it leads."""
        found = self.page.get_by_role(role, name=words).locator("visible=true").first
        found.click()
        self.page.wait_for_load_state("load")
        self.check(exceptions=exceptions)
        return self.page

    def check(self, *, exceptions: tuple[str, ...] = ()) -> None:
        """Check the page as it stands now."""
        check_page(self.page, self.seen, is_phone=self.is_phone, exceptions=exceptions)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell two stories on both screens by day, the others and the other pages on the small one.

    What holds on a phone is rarely wrong on a desk; those are seen there by night.
    """
    for item in items:
        size = getattr(item, "callspec", None) and item.callspec.params.get("browser_page")  # type: ignore[attr-defined]
        if size == "desktop" and item.path.name not in BOTH_BY_DAY:
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    if not (settings.ROOT / "faces/web/static/built/app.css").is_file():
        pytest.fail("the styles are not built: run `make setup` (or `npm run build`)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(live_server: Any) -> Iterator[str]:
    """Where the server is; the database is reset when the last of its visitors has gone."""
    yield live_server.url
    _wait_for_answers_to_end()


@pytest.fixture(params=list(SIZES))
def browser_page(
    request: pytest.FixtureRequest, chromium: Browser, address: str
) -> Iterator[Visitor]:
    """A visitor on a phone, and the same story again on a desktop."""
    yield from _visit(chromium, address, request.param)


@pytest.fixture
def phone_page(chromium: Browser, address: str) -> Iterator[Visitor]:
    """A visitor on a phone only."""
    yield from _visit(chromium, address, "phone")


@pytest.fixture
def desk_page(chromium: Browser, address: str) -> Iterator[Visitor]:
    """A visitor on a desktop only: for what needs keys."""
    yield from _visit(chromium, address, "desktop")


def _visit(chromium: Browser, address: str, size: str) -> Iterator[Visitor]:
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        is_mobile=size == "phone",
        has_touch=size == "phone",
        locale="zh-CN",
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    visitor = Visitor(page, context, address, size)
    host = urlsplit(address).netloc

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visitor.seen.console.append(message.text)

    def on_request(asked: Asked) -> None:
        there = urlsplit(asked.url)
        if there.scheme not in NOT_THE_NETWORK and there.netloc != host:
            visitor.seen.outside.append(asked.url)

    page.on("console", on_console)
    page.on("pageerror", lambda error: visitor.seen.console.append(str(error)))
    page.on("request", on_request)
    yield visitor
    context.close()
    assert not visitor.seen.outside, f"outside addresses: {visitor.seen.outside}"


def _wait_for_answers_to_end() -> None:
    """Let the server's threads notice that the browser has gone, before the database is reset."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if not any("process_request" in thread.name for thread in threading.enumerate()):
            return
        time.sleep(0.01)
