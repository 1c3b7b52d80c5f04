"""Limits count the caller, not the proxy, and not what the caller writes about itself."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from linli.core.limits import address_of


@pytest.mark.parametrize(
    ("behind", "told", "found"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "", "127.0.0.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_last_proxy_says_who_calls(settings, behind: bool, told: str, found: str) -> None:
    settings.BEHIND_HTTPS = behind
    headers = {"X-Forwarded-For": told} if told else {}
    assert address_of(RequestFactory().get("/", headers=headers)) == found
