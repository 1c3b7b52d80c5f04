"""Spaces that nobody wrote: a line break of a template between two Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from lxml import html

CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
GAP = re.compile(rf"{CHINESE}+[^\S\n]*\n\s*{CHINESE}+")
WITHIN_TEXT = {"b", "em", "i", "small", "strong", "time"}
KEPT_AS_TYPED = {"pre", "script", "style", "textarea"}


def gaps(answer: HttpResponse) -> list[str]:
    """Return the places of a page where a browser shows a line break inside Chinese text."""
    if not answer.get("Content-Type", "").startswith("text/html") or not answer.content.strip():
        return []
    page = html.fromstring(answer.content.decode("utf-8"))
    return [" ".join(found.split()) for text in _texts(page) for found in GAP.findall(text)]


def _texts(element: Any) -> Iterator[str]:
    """Give every run of text that no element but a word's own interrupts."""
    run = ""
    for piece in _pieces(element):
        if piece is None:
            yield run
            run = ""
        else:
            run += piece
    yield run


def _pieces(element: Any) -> Iterator[str | None]:
    cuts = element.tag not in WITHIN_TEXT
    if cuts:
        yield None
    if isinstance(element.tag, str) and element.tag not in KEPT_AS_TYPED:
        yield element.text or ""
        for inner in element:
            yield from _pieces(inner)
            yield inner.tail or ""
    if cuts:
        yield None
