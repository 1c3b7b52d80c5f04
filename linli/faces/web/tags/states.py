"""Components for what may happen: asking first, waiting, nothing there, not allowed, undo."""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from linli.faces.web.tags.library import inside, part, register

UNDO = "undo:"


@register.simple_block_tag
def nothing(content: str, title: str, note: str = "", icon: str = "inbox") -> SafeString:
    """Nothing is here, why, and what to do next."""
    return part("state", title=title, note=note, icon=icon, actions=inside(content))


@register.inclusion_tag("components/trouble.html")
def error_text(note: str = "", retry_href: str = "") -> dict[str, Any]:
    """Something did not work; nothing is lost; try again."""
    return {"note": note, "retry_href": retry_href}


@register.inclusion_tag("components/state.html")
def no_permission(note: str = "") -> dict[str, Any]:
    """This post may not see this."""
    return {"title": gettext("您的岗位看不到这些内容"), "note": note, "icon": "lock"}


@register.inclusion_tag("components/loading.html")
def loading(label: str = "") -> dict[str, Any]:
    """The place of something that is on its way."""
    return {"label": label or gettext("正在加载")}


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: dict[str, Any],
    action: str,
    question: str,
    button: str,
    href: str = "",
    note: str = "",
    tone: str = "danger",
    icon: str = "",
) -> dict[str, Any]:
    """A verb that asks first: a dialog with script, the page at ``href`` without."""
    return {
        "action": action,
        "href": href or action,
        "question": question,
        "button": button,
        "note": note,
        "tone": tone,
        "icon": icon,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/copy_button.html")
def copy_button(text: str, label: str = "") -> dict[str, Any]:
    """Copy a text; shown only where the browser can."""
    return {"text": text, "label": label or gettext("复制")}


@register.inclusion_tag("components/file_drop.html")
def file_drop(bound: BoundField) -> dict[str, Any]:
    """A place to drop or choose a file."""
    return {"bound": bound, "input": bound.as_widget(attrs={"class": "form-control"})}


@register.filter
def undo_address(message: Message) -> str:
    """Return where 撤销 posts to, from a message's extra tags ("undo:/address/")."""
    for tag in str(message.extra_tags or "").split():
        if tag.startswith(UNDO):
            return tag.removeprefix(UNDO)
    return ""
