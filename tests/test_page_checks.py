"""The checks of pages notice what they are there to notice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.page_checks import Seen, check_page

GOOD = """<!doctype html><html lang="en"><head><title>A page</title></head><body>
<main><h1>A page</h1><p>Words</p></main></body></html>"""
BAD = {
    "0 h1": GOOD.replace("<h1>A page</h1>", "<h2>A page</h2>"),
    "no title": GOOD.replace("<title>A page</title>", ""),
    "html lang": GOOD.replace('lang="en"', ""),
    "no label": GOOD.replace("<p>", '<input name="q"><p>'),
    "sideways": GOOD.replace("<p>", '<p><svg width="900" height="9"></svg>'),
    "hard to tap": GOOD.replace("<p>", '<button type="button">x</button><p>'),
    "inline styles": GOOD.replace("<p>", '<p style="color:red">'),
    "no alternative": GOOD.replace("<p>", '<img src="data:,"><p>'),
    "color-contrast": GOOD.replace("<p>", '<p style="color:#ddd;background:#fff">'),
}


@pytest.mark.browser
def test_a_good_page_passes(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_content(GOOD)
    check_page(page, Seen(), is_phone=True)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("wrong", list(BAD))
def test_what_is_wrong_is_named(chromium: Browser, wrong: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_content(BAD[wrong])
    with pytest.raises(AssertionError, match=wrong):
        check_page(page, Seen(), is_phone=True)
    page.close()


@pytest.mark.browser
def test_a_line_on_the_console_and_an_outside_address_are_named(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_content(GOOD)
    for seen in (Seen(console=["Refused to apply"]), Seen(outside=["https://example.com/x.js"])):
        with pytest.raises(AssertionError, match=r"console|outside"):
            check_page(page, seen, is_phone=True)
    page.close()
