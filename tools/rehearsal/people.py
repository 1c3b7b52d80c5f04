"""Who uses the rehearsed installation: an officer and a resident in a real browser."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.rehearsal.servers import NAME

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-headless-shell")


def one_time_code(secret: str) -> str:
    """Return the six digits that an authenticator shows now (RFC 6238, half a minute)."""
    digest = hmac.new(
        b32decode(secret + "=" * (-len(secret) % 8)),
        int(time.time() // 30).to_bytes(8, "big"),
        hashlib.sha1,
    ).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@contextmanager
def a_browser(port: int) -> Iterator[Any]:
    """Give a Chromium that finds the installation under its name and trusts its certificate."""
    from playwright.sync_api import sync_playwright

    program = next(path for path in CHROMIUM if Path(path).exists())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
        )
        try:
            yield Visits(browser, f"https://{NAME}:{port}")
        finally:
            browser.close()


@dataclass
class Visits:
    """Opens pages for one visitor after the other."""

    browser: Any
    address: str

    def page(self, size: dict[str, int] = DESK) -> Any:
        """Return a page of somebody new."""
        context = self.browser.new_context(
            viewport=size, locale="zh-CN", ignore_https_errors=True, base_url=self.address
        )
        context.set_default_timeout(20_000)
        return context.new_page()


def sign_in(page: Any, username: str, password: str, *, secret: str = "") -> None:
    """Sign in by the page, with the second factor where one is set."""
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()
    if secret:
        _give_code(page, secret)


def _give_code(page: Any, secret: str) -> None:
    page.locator("input[name=code]").fill(one_time_code(secret))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()


def first_sign_in(page: Any, username: str, password: str, new: str) -> str:
    """Sign in for the first time: an own password, a second factor; return its secret."""
    sign_in(page, username, password)
    page.locator("input[name=oldpassword]").fill(password)
    page.locator("input[name=password1]").fill(new)
    page.locator("input[name=password2]").fill(new)
    page.locator("form:has(input[name=password1]) button[type=submit]").click()
    page.wait_for_load_state()
    page.goto("/account/2fa/totp/activate/")
    if page.locator("input[name=password]").count():  # asked again before something like this
        page.locator("input[name=password]").fill(new)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_load_state()
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.content())
    if secret is None:
        raise RuntimeError(f"no secret on {page.url}: {page.inner_text('body')[:400]}")
    _give_code(page, secret[0])
    return secret[0]


def report(page: Any, words: str) -> str:
    """Report something as a resident; return what the page says of it."""
    page.goto("/report/")
    page.get_by_label("什么事").or_(page.locator("textarea[name=text]")).first.fill(words)
    community = page.locator("select[name=community]")
    if community.count():
        community.select_option(index=1)
    page.get_by_role("button", name="提交").click()
    page.wait_for_load_state()
    said: str = page.inner_text("main")
    return said
