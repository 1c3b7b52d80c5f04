"""What holds for every refusal that any test is answered: its reason is in view, with the focus.

Django's test client is watched, so the walker and every test of a page ride along.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm
from django.test import Client

from linli.faces.web.tags.refusals import emptied, forms_in
from linli.faces.web.typed_words import is_words, typed

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SILENT = {"script", "style", "template"}


class Page(HTMLParser):
    """A page as somebody sees it who has opened nothing: what stands there, what is folded away."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, bool]] = []  # tag, in view, telling a reason
        self.reasons, self.hidden, self.kept, self.focus = "", "", "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether what follows is in view and whether it tells why."""
        has = {name: value or "" for name, value in attrs}
        _tag, in_view, tells = self.open[-1] if self.open else ("", True, False)
        if self.open and self.open[-1][0] == "details" and tag != "summary":
            in_view = in_view and self.details_open[-1]
        if "hidden" in has or (tag == "dialog" and "open" not in has) or tag in SILENT:
            in_view = False
        self.focus |= "autofocus" in has and in_view
        self.kept += "\n" + has.get("value", "")
        if tag == "details":
            self.details_open.append("open" in has)
        classes = has.get("class", "").split()
        if has.get("role") == "alert" or {"field-error", "state-title"} & set(classes):
            tells = tag != "template" and not any(one[0] == "template" for one in self.open)
        if tag not in VOID:
            self.open.append((tag, in_view, tells))

    def handle_endtag(self, tag: str) -> None:
        """Close what this ends, and what was never closed inside it."""
        if tag not in (one[0] for one in self.open):
            return
        while self.open:
            closed = self.open.pop()[0]
            if closed == "details":
                self.details_open.pop()
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        """Sort words: reasons in view, reasons that nobody sees, all that is kept."""
        self.kept += data
        if self.open and self.open[-1][2] and data.strip():
            if self.open[-1][1]:
                self.reasons += data.strip()
            else:
                self.hidden += data.strip()

    def reset(self) -> None:
        """Begin a page."""
        super().reset()
        self.details_open: list[bool] = []


def faults(html: str, words: list[str]) -> list[str]:
    """Return what is wrong with a refused page for somebody who had sent these words."""
    page = Page(html)
    kept = page.kept.replace("\r\n", "\n")
    wrong = [] if page.reasons else ["no reason in view"]
    wrong += [f"a reason is folded away: {page.hidden}"] if page.hidden else []
    wrong += [] if page.focus else ["nothing has the focus"]
    return wrong + [f"what was typed is lost: {one}" for one in words if one not in kept]


def check(answer: Any) -> None:
    """Fail with everything that is wrong with the answer, where it refuses what a form sent."""
    request = getattr(answer, "wsgi_request", None)
    is_page = "text/html" in answer.get("Content-Type", "") and not answer.streaming
    if request is None or request.method != "POST" or not is_page or not is_refusal(answer):
        return
    if request.headers.get("HX-Request") or b"<body" not in answer.content:
        return  # a part of a page; the rest of it stands as it was
    wrong = faults(answer.content.decode(), unsaved_words(answer))
    assert not wrong, f"refused at {request.path}:\n  " + "\n  ".join(wrong)


def unsaved_words(answer: Any) -> list[str]:
    """Return the words that were sent, without those that a form saved before another refused."""
    request = answer.wsgi_request
    forms: list[BaseForm] = []
    for context in getattr(answer, "context", None) or ():
        forms += forms_in(context.values() if isinstance(context, dict) else one_by_one(context))
    saved = emptied(request, forms)
    return [
        value.replace("\r\n", "\n").strip()
        for name, value in typed(request)
        if is_words(value) and name not in saved
    ]


def one_by_one(context: Any) -> list[Any]:
    """Return what a template was given."""
    return [value for part in context for value in part.values()]


def is_refusal(answer: Any) -> bool:
    """Is it an answer that says no?"""
    return 400 <= int(answer.status_code) < 500


def watch() -> None:
    """Look at every answer that Django's test client is given."""
    ask = Client.request

    def request(self: Client, **asked: Any) -> Any:
        answer = ask(self, **asked)
        check(answer)
        return answer

    Client.request = request  # type: ignore[method-assign]
