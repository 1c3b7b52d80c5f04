"""What the pages of notices share: who may be there, and how a refusal is told."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from linli.core.errors import NotFound, Refused
from linli.workbench.notices.actions import may_send


def senders_only() -> None:
    """For posts that tell nobody anything there is no such page."""
    if not may_send.holds():
        raise NotFound()


def words_of(refused: Refused) -> str:
    """Say a refusal with its advice."""
    return f"{refused.sentence}。{refused.hint}".rstrip("。")


def tell_form(form: forms.Form, refused: Refused) -> None:
    """Put a refusal beside the field it is about."""
    form.add_error(refused.field if refused.field in form.fields else None, words_of(refused))
    form.not_understood = refused.details  # type: ignore[attr-defined]


def tell_page(request: HttpRequest, refused: Refused) -> None:
    """Say a refusal at the head of the next page."""
    messages.warning(request, words_of(refused))
