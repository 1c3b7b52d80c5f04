"""The menu: five tabs on a phone, folded groups on a desk, both from the registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from linli.core.interface import registry, shell
from linli.core.interface.registry import Page, Words
from linli.core.scope import Scope, scope_or_none

GROUP_WORDS: dict[str, tuple[Words, str]] = {
    "today": (_("今日"), "home"),
    "emergency": (_("应急"), "urgent"),
    "affairs": (_("事务"), "checklist"),
    "register": (_("底册"), "book"),
    "resources": (_("资源"), "building-community"),
    "self_governance": (_("自治"), "users"),
    "learning": (_("学习"), "school"),
    "settings": (_("设置"), "settings"),
    "mine": (_("我的"), "user"),
}
TAB_WORDS: dict[str, tuple[Words, str, str]] = {
    "today": (_("今日"), "home", "web:home"),
    "walk": (_("走访"), "walk", "web:walk"),
    "add": (_("记"), "plus", "web:add"),
    "places": (_("地方"), "map-pin", "web:places"),
    "mine": (_("我的"), "user", "web:mine"),
}


@dataclass(frozen=True)
class MenuEntry:
    """One link of the menu as it is shown."""

    key: str
    label: Words
    icon: str
    href: str
    note: Words = ""
    is_current: bool = False


@dataclass(frozen=True)
class MenuGroup:
    """A group of the desk's menu and the pages in it."""

    key: str
    label: Words
    icon: str
    pages: tuple[MenuEntry, ...]
    is_current: bool


@dataclass(frozen=True)
class Menu:
    """The tabs of the phone and the groups of the desk, for who looks."""

    tabs: tuple[MenuEntry, ...]
    groups: tuple[MenuGroup, ...]

    def group(self, key: str) -> MenuGroup | None:
        """Return a group, or None where this post has nothing in it."""
        return next((one for one in self.groups if one.key == key), None)


def menu_of(request: HttpRequest) -> Menu:
    """Return what this person sees, with where they are marked."""
    scope = scope_or_none()
    pages = [page for key in registry.GROUPS for page in open_pages(key, scope)]
    here = _longest_match([_address(page.url_name) for page in pages], request.path)
    current = next((page for page in pages if _address(page.url_name) == here), None)
    return Menu(_tabs(request.path, scope, current), _groups(pages, current))


def open_pages(group: str, scope: Scope | None) -> list[Page]:
    """Return the pages of a group that this scope may see and that have an address."""
    return [p for p in registry.pages(group) if p.is_open_to(scope) and _address(p.url_name)]


def _tabs(path: str, scope: Scope | None, current: Page | None) -> tuple[MenuEntry, ...]:
    shown = []
    marked = _tab_at(path) or (current.tab if current else "")
    for key, (label, icon, url_name) in TAB_WORDS.items():
        if _has_tab(key, scope) and (href := _address(url_name)):
            shown.append(MenuEntry(key, label, icon, href, is_current=key == marked))
    return tuple(shown)


def _tab_at(path: str) -> str:
    """Return the tab whose own page this is."""
    pages = {_address(url_name): key for key, (_label, _icon, url_name) in TAB_WORDS.items()}
    return pages.get(path, "")


def _has_tab(key: str, scope: Scope | None) -> bool:
    """Has a tab anything in it for this post? 今日 and 我的 always have."""
    if key == "walk":
        return bool(shell.stop_sources.open_to(scope))
    if key == "add":
        return bool(shell.quick_verbs.open_to(scope))
    return key != "places" or bool(open_pages("register", scope))


def _groups(pages: Iterable[Page], current: Page | None) -> tuple[MenuGroup, ...]:
    by_group: dict[str, list[MenuEntry]] = {}
    for page in pages:
        href = _address(page.url_name)
        entry = MenuEntry(page.key, page.label, page.icon, href, page.note, page is current)
        by_group.setdefault(page.group, []).append(entry)
    inside = current.group if current else ""
    return tuple(
        MenuGroup(key, *GROUP_WORDS[key], tuple(entries), key == inside)
        for key, entries in by_group.items()
    )


def _address(url_name: str) -> str:
    return _address_in(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), url_name)


@cache
def _address_in(urlconf: str, prefix: str, url_name: str) -> str:
    """Return an address of the menu; every page shows them all, and none changes."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def _longest_match(addresses: Iterable[str], here: str) -> str:
    """Which page does this address belong to? The one with the longest address above it."""
    # Every address begins with "/": the home page is above none but itself.
    above = [href for href in addresses if here == href or (href != "/" and here.startswith(href))]
    return max(above, key=len, default="")
