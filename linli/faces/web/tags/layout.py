"""Components that lay a page out: header, sections, cells, tiles, tabs, pages of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from linli.core.interface import registry, shell
from linli.core.interface.view_models import Tab
from linli.core.scope import scope_or_none
from linli.faces.web.tags.library import inside, is_care, part, register
from linli.faces.web.tags.refusals import is_wrong

CARE_ROWS = 5  # of a list in 关怀版
LIST_TAGS = re.compile(r"<(/?)(ul|ol|li)\b")

MOST_VERBS = 4


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Draw an icon from the sprite; it is decoration, the words stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        static("built/icons.svg"),
        name,
    )


@register.simple_block_tag
def page_header(content: str, title: str, note: str = "", back: str = "") -> SafeString:
    """Write the page's one h1, a line below it, and the actions given between the tags."""
    return part("page_header", title=title, note=note, back=back, actions=inside(content))


@register.simple_block_tag
def section(content: str, title: str = "", note: str = "") -> SafeString:
    """Put content on a white card under a heading."""
    return part("section", title=title, note=note, content=inside(content))


@register.simple_block_tag(takes_context=True)
def cells(context: Context, content: str, title: str = "") -> SafeString:
    """Group cells and person rows into one list; in 关怀版 the first, and the rest one tap away."""
    first, rest, left = content, "", 0
    if is_care(context):
        first, rest, left = first_things(content)
    return part("cells", title=title, content=inside(first), rest=inside(rest), left=left)


def first_things(rows: str, most: int = CARE_ROWS) -> tuple[str, str, int]:
    """Return the first rows of a list, those after them, and how many these are."""
    depth, starts = 0, []
    for tag in LIST_TAGS.finditer(rows):
        closes, name = tag.groups()
        if name != "li":
            depth += -1 if closes else 1
        elif not closes and depth == 0:
            starts.append(tag.start())
    if len(starts) <= most + 1:  # to fold a single row would save nothing
        return rows, "", 0
    first, rest = rows[: starts[most]], rows[starts[most] :]
    # What was refused is seen.
    return (rows, "", 0) if is_wrong(rest) else (first, rest, len(starts) - most)


@register.inclusion_tag("components/cell.html")
def cell(
    label: str, href: str = "", value: object = "", note: str = "", icon: str = "", tone: str = ""
) -> dict[str, Any]:
    """One line of a list: an icon, words, a value, and an arrow when it leads somewhere."""
    return {"label": label, "href": href, "value": value, "note": note, "icon": icon, "tone": tone}


@register.inclusion_tag("components/person_row.html")
def person_row(
    name: str,
    href: str = "",
    facts: str = "",
    address: str = "",
    tags: Sequence[str] = (),
    confirmed_on: date | None = None,
    show_freshness: bool = True,
) -> dict[str, Any]:
    """One person: name, sex and age, address, care tags, when last confirmed."""
    return {
        "name": name,
        "href": href,
        "facts": facts,
        "address": address,
        "tags": tags,
        "confirmed_on": confirmed_on,
        "show_freshness": show_freshness,
    }


@register.simple_block_tag
def tiles(content: str) -> SafeString:
    """Set tiles side by side: two on a phone, four on a desktop."""
    return format_html('<div class="tiles">{}</div>', inside(content))


@register.inclusion_tag("components/tile.html")
def tile(
    value: object, label: str, href: str = "", note: str = "", tone: str = "", unit: str = ""
) -> dict[str, Any]:
    """One figure with what it counts."""
    return {"value": value, "label": label, "href": href, "note": note, "tone": tone, "unit": unit}


@register.inclusion_tag("components/tab_links.html")
def tab_links(items: Sequence[Tab], label: str) -> dict[str, Any]:
    """Several views of the same thing, as links."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Earlier and later pages of a list, keeping what was asked."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


PLACE_TAB_WORDS = {
    "people": gettext_lazy("人"),
    "matters": gettext_lazy("事"),
    "things": gettext_lazy("物"),
    "parties": gettext_lazy("单位"),
    "dates": gettext_lazy("日子"),
    "money": gettext_lazy("钱"),
    "log": gettext_lazy("日志"),
}


@register.simple_tag(takes_context=True)
def place_tab(context: Context) -> str:
    """Return which tab of a place is asked for; people, when none or an unknown one."""
    asked = context["request"].GET.get("tab", "")
    return asked if asked in registry.place_tabs() else "people"


@register.inclusion_tag("components/tab_links.html", takes_context=True)
def place_tabs(context: Context) -> dict[str, Any]:
    """Draw the tabs of a place: people, matters, things and whatever else apps have for it."""
    here, current = context["request"].path, place_tab(context)
    keys = ["people", *(key for key in registry.place_tabs() if key != "people")]
    items = [
        Tab(PLACE_TAB_WORDS[key], here if key == "people" else f"{here}?tab={key}", key == current)
        for key in keys
    ]
    return {"items": items, "label": gettext("这个地方的")}


@register.simple_tag
def public_entries() -> list[shell.QuickVerb]:
    """Return the pages for residents, who do not sign in."""
    return shell.public_entries.all()


@register.simple_tag(takes_context=True)
def record_blocks(context: Context, record: Any, tab: str = "") -> SafeString:
    """Show what every app has to say about a record; on a place only what belongs to a tab."""
    request = context["request"]
    shown = []
    for block in registry.record_blocks(record._meta.label_lower):
        if tab and block.tab != tab:
            continue
        content = block.build(request, record)
        if content is not None:
            values = {"block": content, "record": record, "request": request}
            shown.append(render_to_string(block.template, values, request=request))
    return mark_safe("".join(shown))  # noqa: S308 - rendered by templates, which escape


@register.simple_tag(takes_context=True)
def record_verbs(context: Context, record: Any) -> SafeString:
    """Draw what can be done with a record now: four buttons, the others under 更多."""
    request, scope = context["request"], scope_or_none()
    verbs = [
        (verb, href)
        for verb in shell.record_verbs(record._meta.label_lower, scope)
        if (href := verb.href(request, record))
    ]
    if not verbs:
        return SafeString()
    return part("record_verbs", first=verbs[:MOST_VERBS], more=verbs[MOST_VERBS:])


@register.filter
def record_label(record: Any) -> str:
    """Return the kind of a record as addresses write it: "people.person"."""
    return str(record._meta.label_lower)
