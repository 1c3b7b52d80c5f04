"""What the pages of forms share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from linli.capabilities.forms.actions.bringing import may_fill
from linli.core.errors import NotFound, Refused


def fillers_only() -> None:
    """Posts that fill no forms have no such page."""
    if not may_fill.holds():
        raise NotFound()


def in_words(refused: Refused) -> str:
    """Return a refusal with what to do."""
    return f"{refused.sentence}。{refused.hint}".rstrip("。")


def tell(form: forms.Form, refused: Refused) -> None:
    """Lay a refusal out at its field, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, in_words(refused))


def do(
    request: HttpRequest, form: forms.Form, *, title: str, said: str, back: str,
    run: Callable[[dict[str, Any]], Any], note: str = "", button: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a small form, do the verb, and go back."""
    if request.method == "POST" and form.is_valid():
        try:
            run(form.cleaned_data)
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, said)
            return redirect(back)
    context = {"form": form, "title": title, "note": note, "back": back, "button": button or title}
    return render(request, "forms/verb.html", context, status=422 if form.errors else 200)


def as_download(data: bytes, name: str) -> HttpResponse:
    """Return a file to keep."""
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
