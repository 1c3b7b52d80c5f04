"""Components of forms: fields with label, help and error, and the buttons at the foot."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, BoundField, RadioSelect, Select
from django.template import Context
from django.utils.translation import gettext

from linli.faces.web.tags.library import is_care, register

CARE_CHOICES = 6  # as many stand open in 关怀版
CHOICES = ("RadioSelect", "CheckboxSelectMultiple")
CLASS_OF_INPUT = {
    "CheckboxInput": "form-check-input",
    "Select": "form-select",
    "SelectMultiple": "form-select",
    "RadioSelect": "",
    "CheckboxSelectMultiple": "",
}


@register.inclusion_tag("components/field.html", takes_context=True)
def field(context: Context, bound: BoundField, live: str = "") -> dict[str, Any]:
    """One input with its label, help and error, tied together for those who hear the page."""
    if is_care(context):
        _lay_out_choices(bound)
    kind = type(bound.field.widget).__name__
    attrs: dict[str, Any] = {"class": CLASS_OF_INPUT.get(kind, "form-control")}
    if kind in CHOICES:
        bound.field.widget.attrs["class"] = "form-check-input"
    if bound.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "input": bound.as_widget(attrs=attrs),
        "kind": kind,
        "is_check": kind == "CheckboxInput",
        "is_choice": kind in CHOICES,
        "is_hidden": bound.is_hidden,
    }


def _lay_out_choices(bound: BoundField) -> None:
    """Show a few choices beside each other's names instead of folding them into a select."""
    select: Any = bound.field.widget
    if type(select) is not Select or not 1 < len(choices := list(select.choices)) <= CARE_CHOICES:
        return
    if any(isinstance(label, list | tuple) for _value, label in choices):
        return  # groups
    named = [(value, label) for value, label in choices if value not in ("", None)]
    if not bound.field.required and len(named) < len(choices):
        named.insert(0, ("", gettext("不选")))
    radio = RadioSelect(attrs=select.attrs, choices=named)
    radio.is_required = select.is_required
    bound.field.widget = radio


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """All inputs of a form, with what is wrong with the form as a whole above them."""
    return {"form": form}


@register.inclusion_tag("components/edit_version.html")
def edit_version(form: BaseForm) -> dict[str, Any]:
    """What a form was shown of its record, and what somebody else wrote there meanwhile."""
    return {"form": form}


@register.inclusion_tag("components/not_understood.html", takes_context=True)
def not_understood(context: Context, details: Any, button: bool = False) -> dict[str, Any]:
    """Say what of a sentence was understood and what was not, with one tap to go on without it.

    The tap asks the same address again, or is a ``button`` of the form around it.
    """
    again_href = ""
    if not button:
        asked = context["request"].GET.copy()
        asked["only_understood"] = "1"
        again_href = f"{context['request'].path}?{asked.urlencode()}"
    return {"details": details, "again_href": again_href}


@register.inclusion_tag("components/form_buttons.html")
def form_buttons(submit: str = "", cancel_href: str = "", icon: str = "") -> dict[str, Any]:
    """The foot of a form: the verb, and a way out."""
    return {"submit": submit or gettext("保存"), "cancel_href": cancel_href, "icon": icon}
