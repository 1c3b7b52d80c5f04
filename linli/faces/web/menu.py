"""The menu: four tabs on a phone, a side bar on a desktop, both from the registry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from linli.core.interface import registry
from linli.core.interface.registry import Page, Words
from linli.core.scope import Scope, scope_or_none

TABS: dict[str, tuple[Words, str]] = {
    "today": (_("今日"), "home"),
    "ask": (_("查询"), "search"),
    "register": (_("底册"), "book"),
    "mine": (_("我的"), "user"),
}


@dataclass(frozen=True)
class MenuEntry:
    """One link of the menu as it is shown."""

    key: str
    label: Words
    icon: str
    href: str
    note: Words
    is_current: bool


@dataclass(frozen=True)
class TabEntry(MenuEntry):
    """A tab and the pages under it."""

    pages: tuple[MenuEntry, ...]


def menu_of(request: HttpRequest) -> list[TabEntry]:
    """Return the tabs this person sees, with the one they are in marked."""
    scope = scope_or_none()
    here = request.path
    built = [_tab(key, scope, here) for key in registry.TAB_KEYS]
    tabs = [tab for tab in built if tab is not None]
    current = _longest_match(tabs, here)
    return [_marked(tab, current) for tab in tabs]


def open_pages(tab: str, scope: Scope | None) -> list[Page]:
    """Return the pages of a tab that this scope may see and that have an address."""
    return [p for p in registry.pages(tab) if p.is_open_to(scope) and _address(p.url_name)]


def _address(url_name: str) -> str:
    return _address_in(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), url_name)


@cache
def _address_in(urlconf: str, prefix: str, url_name: str) -> str:
    """Return an address of the menu; every page shows them all, and none changes."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def _tab(key: str, scope: Scope | None, here: str) -> TabEntry | None:
    pages = open_pages(key, scope)
    if not pages:
        return None
    label, icon = TABS[key]
    entries = tuple(
        MenuEntry(p.key, p.label, p.icon, href := _address(p.url_name), p.note, here == href)
        for p in pages
    )
    front = next((p for p in pages if p.front), pages[0] if len(pages) == 1 else None)
    href = _address(front.url_name) if front else reverse("web:tab", args=[key])
    return TabEntry(key, label, icon, href, "", here == href, entries)


def _longest_match(tabs: list[TabEntry], here: str) -> str:
    """Which page does this address belong to? The one with the longest address above it."""
    best, length = "", 0
    for tab in tabs:
        for href in (tab.href, *(page.href for page in tab.pages)):
            # Every address begins with "/": the home page is above none but itself.
            is_above = here == href or (href != "/" and here.startswith(href))
            if is_above and len(href) > length:
                best, length = href, len(href)
    return best


def _marked(tab: TabEntry, current: str) -> TabEntry:
    pages = tuple(
        MenuEntry(p.key, p.label, p.icon, p.href, p.note, p.href == current) for p in tab.pages
    )
    is_current = bool(current) and (tab.href == current or any(p.is_current for p in pages))
    return TabEntry(tab.key, tab.label, tab.icon, tab.href, tab.note, is_current, pages)
