"""Take the README's two pictures from the running demonstration.

linli demo --port 8000            (in another window)
python tools/make_pictures.py http://127.0.0.1:8000
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
QUESTION = "殷家社区90岁以上独居老人"


def take(browser: Browser, address: str, name: str, size: tuple[int, int], where: str) -> None:
    """Sign in as 殷虹, open ``where`` (or follow the link of that name), take one picture."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        device_scale_factor=2,
        is_mobile=width < 600,
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.get_by_role("button", name="殷虹").first.click()
    page.goto(f"{address}{where}")
    if name == "building":
        page.get_by_role("link", name="1幢").first.click()
        page.wait_for_load_state("load")
        page.goto(f"{page.url.split('?')[0]}?q=80岁以上老人")
        page.evaluate("scrollTo(0, 560)")
    page.screenshot(path=str(PICTURES / f"{name}.png"))
    context.close()


def main() -> None:
    """Take both."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        take(browser, address, "ask-phone", (390, 844), f"/ask/?q={QUESTION}")
        take(browser, address, "building", (1280, 800), "/ask/?s=building")
        browser.close()


if __name__ == "__main__":
    main()
