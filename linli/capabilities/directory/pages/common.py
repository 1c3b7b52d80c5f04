"""What the pages of the directory share: a small form that does one verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.places.queries import line_above, place_or_not_found


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
    return render(request, "directory/verb.html", context, status=422 if form.errors else 200)


def place_asked(request: HttpRequest, otherwise: Place) -> Place:
    """Return the place in the address, one of the scope or above it; else ``otherwise``."""
    asked = request.GET.get("place", "")
    if not asked.isdigit() or len(asked) > 12:
        return otherwise
    if int(asked) in {one.pk for one in line_above(otherwise)}:
        return next(one for one in line_above(otherwise) if one.pk == int(asked))
    return place_or_not_found(int(asked))


def is_mine(place: Place) -> bool:
    """Does a place lie in the active scope?"""
    return current_scope().holds(place.path)
