"""A refusal in view: its reasons on top of the page, with the focus, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString

from linli.faces.web.tags.library import inside, part, register
from linli.faces.web.typed_words import is_words, typed

ALERT = 'role="alert"'
WRONG = ('class="field-error"', ALERT, 'aria-invalid="true"')
FOCUS = 'tabindex="-1" autofocus'


@dataclass(frozen=True)
class FormError:
    """One reason: the words, and the field it is about where that is on the page."""

    text: str
    label: str = ""
    field_id: str = ""


def is_wrong(content: str) -> bool:
    """Does this part of a page say that something was refused?"""
    return any(mark in content for mark in WRONG)


@register.simple_block_tag
def fold(
    content: str,
    title: str,
    icon: str = "",
    look: str = "",
    extra: str = "",
    is_open: object = False,
) -> SafeString:
    """Fold away what is seldom needed; with something wrong inside it is never closed."""
    return part(
        "fold",
        title=title,
        icon=icon,
        look=look,
        extra=extra,
        is_open=is_open or is_wrong(content),
        content=inside(content),
    )


@register.simple_block_tag(takes_context=True)
def refusal_in_view(context: Context, content: SafeString) -> SafeString:
    """Put the reasons above a page that was refused, and below it the words it would have lost."""
    request: HttpRequest | None = context.get("request")
    if request is None or not (request.method == "POST" or request.GET):
        return content
    forms = list(forms_in(context.flatten().values()))
    errors = [error for form in forms for error in _errors(form, content)]
    is_told = request.method == "POST" and (ALERT in content or context.get("is_refused"))
    if not (errors or is_told):
        return content
    lost = part("lost_words", words=_lost(request, forms, content), files=bool(request.FILES))
    listed = [one for one in errors if one.field_id or escape(one.text) not in content]
    if listed:
        return part("refusal", errors=listed) + lost + content
    return _with_focus(content) + lost


def _with_focus(content: SafeString) -> SafeString:
    """Give the focus to the first alert, or to the heading of a page that is a refusal itself."""
    mark = ALERT if ALERT in content else "<h1"
    return inside(content.replace(mark, f"{mark} {FOCUS}", 1))


def forms_in(values: Iterable[Any], depth: int = 3) -> Iterator[BaseForm]:
    """Find the forms of a page, alone, in lists or in one another; nothing lazy is read."""
    for value in values:
        kind = type(value)
        if issubclass(kind, BaseForm):
            yield value
            yield from forms_in([getattr(value, "form", None)])
        elif kind in (list, tuple) and depth:
            yield from forms_in(value, depth - 1)


def _errors(form: BaseForm, content: str) -> Iterator[FormError]:
    """Return what is wrong with a form that was looked through."""
    # Asking for ``errors`` would look a form through that nobody sent.
    for name, errors in (getattr(form, "_errors", None) or {}).items():
        for text in errors:
            if name == NON_FIELD_ERRORS or form[name].is_hidden:
                yield FormError(str(text))
            else:
                yield FormError(str(text), str(form[name].label), _field_id(form, name, content))


def _field_id(form: BaseForm, name: str, content: str) -> str:
    """Return where on the page a field is; the first of several choices stands for all."""
    own = form[name].auto_id
    return next((one for one in (own, f"{own}_0") if f'id="{one}"' in content), "")


def emptied(request: HttpRequest, forms: list[BaseForm]) -> set[str]:
    """Return what was sent and emptied by a form that comes back: it was saved."""
    return {
        name
        for form in forms
        for name, value in request.POST.items()
        if form.is_bound and form.data.get(name, value) != value
    }


def _lost(request: HttpRequest, forms: list[BaseForm], content: str) -> list[str]:
    """Return the words sent that the page does not show and that were not saved."""
    saved = emptied(request, forms)
    shown = content.replace("\r\n", "\n")
    words = [
        value.replace("\r\n", "\n").strip()
        for name, value in typed(request)
        if name not in saved and is_words(value)
    ]
    return [one for one in dict.fromkeys(words) if escape(one) not in shown]
