"""What pages that do one verb share: who may come in, a small form, a refusal laid out in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.workbench.web.edit_form import editing, status_of


def require_role(roles: frozenset[str]) -> None:
    """Say "not found" to a post that has nothing to do here."""
    if current_scope().role not in roles:
        raise NotFound()


def in_words(refused: Refused) -> str:
    """Return a refusal with what to do."""
    return f"{refused.sentence}。{refused.hint}".rstrip("。")


def add_refusal(form: forms.Form, refused: Refused) -> None:
    """Lay a refusal out at its field, or above the form; one that nobody sent has no fields."""
    if not form.is_bound:
        raise refused
    form.add_error(refused.field if refused.field in form.fields else None, in_words(refused))
    form.not_understood = refused.details  # type: ignore[attr-defined]


def action_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    said: str,
    back: str,
    run: Callable[[dict[str, Any]], Any],
    note: str = "",
    button: str = "",
) -> HttpResponse:
    """Show a small form, do the verb, and go back; ``run`` may return where to go instead."""
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                there = run(form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            if said:
                messages.success(request, said)
            return redirect(there if isinstance(there, str) else back)
    context = {"form": form, "title": title, "note": note, "back": back, "button": button or title}
    return render(request, "components/action_page.html", context, status=status_of(form))
