"""Editing as people do it: open the page, type into it, save; the page may have grown old."""

from __future__ import annotations

from typing import Any

from django.test import Client
from lxml import html  # type: ignore[import-untyped]


def opened(client: Client, address: str) -> dict[str, Any]:
    """Return what the edit page at an address would send if it were saved as it stands."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return sent_by(answer)


def sent_by(answer: Any) -> dict[str, Any]:
    """Return what the form of a page sends as it stands: every field that has a value."""
    page = html.fromstring(answer.content.decode())
    forms = [one for one in page.forms if one.xpath(".//input[@name='shown']")]
    assert len(forms) == 1, "a page with one form that carries what it was shown"
    sent: dict[str, Any] = {}
    for one in forms[0].xpath(".//input | .//textarea | .//select"):
        value = _value_of(one)
        if value is not None and one.name and one.name != "csrfmiddlewaretoken":
            sent.setdefault(one.name, []).append(value)
    return {name: each[0] if len(each) == 1 else each for name, each in sent.items()}


def _value_of(one: Any) -> str | None:
    if one.tag == "select":
        chosen = one.xpath(".//option[@selected]") or one.xpath(".//option")[:1]
        return chosen[0].get("value", "") if chosen else None
    if one.tag == "textarea":
        return (one.text or "").removeprefix("\n")
    if one.get("type") in ("checkbox", "radio"):
        return one.get("value", "on") if one.get("checked") is not None else None
    return None if one.get("type") in ("submit", "file") else one.get("value", "")


def choices_of(answer: Any) -> dict[str, dict[str, str]]:
    """Return the choices of a page about what both sides changed: field, side, value to send."""
    page = html.fromstring(answer.content.decode())
    found: dict[str, dict[str, str]] = {}
    for one in page.xpath("//input[starts-with(@name, 'keep_')]"):
        side = one.get("id").removeprefix(one.get("name") + "_")
        found.setdefault(one.get("name"), {})[side] = one.get("value")
    return found


def save(client: Client, address: str, page: dict[str, Any], **typed: Any) -> Any:
    """Save an opened page with what was typed into it."""
    return client.post(address, {**page, **typed})


def edit(client: Client, address: str, typed: dict[str, Any] | None = None, **more: Any) -> Any:
    """Open the page, type into it, save; ``follow`` goes where the answer leads."""
    return client.post(address, {**opened(client, address), **(typed or {})}, **more)
