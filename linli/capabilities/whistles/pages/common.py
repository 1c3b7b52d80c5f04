"""What the pages of whistles share: a small form that does one verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.register.places.models import Place


def my_place() -> Place:
    """Return the place of the post that is worked in."""
    paths = current_scope().paths
    found: Place | None = Place.objects.filter(path=paths[0]).first() if paths else None
    if found is None:
        raise NotFound()
    return found


def only(roles: frozenset[str]) -> None:
    """Say "not found" to a post that has nothing to do here."""
    if current_scope().role not in roles:
        raise NotFound()


def tell(form: forms.Form, refused: Refused) -> None:
    """Lay a refusal out at its field, or above the form."""
    words = f"{refused.sentence}。{refused.hint}".rstrip("。")
    form.add_error(refused.field if refused.field in form.fields else None, words)


def do(
    request: HttpRequest, form: forms.Form, *, title: str, said: str, back: str,
    run: Callable[[dict[str, Any]], Any], note: str = "", button: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a small form, do the verb, and go back; ``run`` may return where to go instead."""
    if request.method == "POST" and form.is_valid():
        try:
            there = run(form.cleaned_data)
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, said)
            return redirect(there if isinstance(there, str) else back)
    context = {"form": form, "title": title, "note": note, "back": back, "button": button or title}
    return render(request, "whistles/verb.html", context, status=422 if form.errors else 200)
