"""What the pages of facilities share: a small form that does one verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.register.posts.rules import READS_REGISTER


def only(roles: frozenset[str] = READS_REGISTER) -> None:
    """Say "not found" to a post that has nothing to do here."""
    if current_scope().role not in roles:
        raise NotFound()


def do(
    request: HttpRequest, form: forms.Form, *, title: str, said: str, back: str,
    run: Callable[[dict[str, Any]], Any], note: str = "", button: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a small form, do the verb, and go back; ``run`` may return where to go instead."""
    if request.method == "POST" and form.is_valid():
        try:
            there = run(form.cleaned_data)
        except Refused as refused:
            words = f"{refused.sentence}。{refused.hint}".rstrip("。")
            form.add_error(refused.field if refused.field in form.fields else None, words)
        else:
            messages.success(request, said)
            return redirect(there if isinstance(there, str) else back)
    context = {"form": form, "title": title, "note": note, "back": back, "button": button or title}
    return render(request, "facilities/verb.html", context, status=422 if form.errors else 200)
