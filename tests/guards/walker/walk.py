"""Every address of the resolver, asked in every way by everybody."""

from __future__ import annotations

import html
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
BY_DAY = ("GET", "POST")  # a page knows no others; by night (LINLI_WALK=whole) it is asked all
FOR_PROGRAMS = ("api/", "open311/")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def methods_for(route: str) -> tuple[str, ...]:
    """Return in which ways an address is asked: what programs reach, in every one."""
    return METHODS if is_whole() or route.startswith(FOR_PROGRAMS) else BY_DAY


def is_whole() -> bool:
    """Is everything walked, as by night?"""
    return os.environ.get("LINLI_WALK") == "whole"


def is_walked(what: str, share: int, shares: int = 2) -> bool:
    """Is this in the share walked by day? By night everything is."""
    return is_whole() or zlib.crc32(what.encode()) % shares == share


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its route, the kinds of its arguments."""

    route: str
    arguments: tuple[tuple[str, str], ...]

    def path(self, values: dict[str, str]) -> str:
        """Fill the arguments in."""
        text = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values[m[1]], self.route)
        text = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: values[m[1]], text)
        return "/" + text.replace("^", "").replace("$", "")


def addresses(resolver: Any = None, before: str = "", kinds: Any = ()) -> Iterator[Address]:
    """Walk the resolver down to every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        own = tuple(_kinds(pattern.pattern))
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route, (*kinds, *own))
        elif isinstance(pattern, URLPattern):
            yield Address(route, (*kinds, *own))


def _kinds(pattern: Any) -> Iterator[tuple[str, str]]:
    if isinstance(pattern, RoutePattern):
        for name, converter in pattern.converters.items():
            yield name, type(converter).__name__.removesuffix("Converter").lower()
    elif isinstance(pattern, RegexPattern):
        for name in pattern.regex.groupindex:
            yield name, "string"


class Walker:
    """One person with a browser that reports every crash."""

    def __init__(self, user: Any = None, language: str = "zh-hans") -> None:
        self.client = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE=language)
        if user is not None:
            self.client.force_login(user, backend=BACKEND)
        self.user = user
        self.crashes: dict[str, str] = {}

    def ask(self, method: str, path: str, **data: Any) -> HttpResponse:
        """Ask and read the whole answer."""

        def note(sender: object, request: Any, **_: Any) -> None:
            import traceback

            last = traceback.format_exc(limit=-2).strip()
            self.crashes.setdefault(last.splitlines()[-1], f"{method} {path}\n{last}")

        got_request_exception.connect(note)
        try:
            answer = self.client.generic(
                method, path, content_type="application/x-www-form-urlencoded", **data
            )
        finally:
            got_request_exception.disconnect(note)
        if path == "/account/logout/" and self.user is not None:
            self.client.force_login(self.user, backend=BACKEND)
        return answer  # type: ignore[return-value]


def everything_said(answer: HttpResponse) -> str:
    """Return body and headers as text; workbooks and papers are opened."""
    body = (
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
        if getattr(answer, "streaming", False)
        else answer.content
    )
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items())
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    if body[:4] == b"%PDF":
        body = _text_of_pdf(body)
    text = body.decode("utf-8", errors="replace")
    if "json" in answer.get("Content-Type", "") and text:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    # A word may hide in an address or in the name of a file, quoted.
    return "\n".join([heads, unquote(heads), html.unescape(text)])


def _text_of_pdf(body: bytes) -> bytes:
    import subprocess

    done = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=False)
    return done.stdout
