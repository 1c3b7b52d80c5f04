"""规则一览: every rule of the product with its words, source and examples worked out just now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.core import autodiscover
from linli.core.interface.view_models import Column
from linli.core.rules import RULES, Rule
from linli.faces.web.rule_words import WORDS
from linli.register.posts.terms import Role

MOST_ASKED = 60


_ROLES: dict[str, Any] = dict(Role.choices)

HAN = re.compile(r"[\u3400-\u9fff]")
AS_WRITTEN = '<span lang="zh-Hans" translate="no">{}</span>'


def _as_written(text: str) -> str:
    """Mark a text that stays Chinese; what holds none needs no mark."""
    return format_html(AS_WRITTEN, text) if HAN.search(text) else text


@dataclass(frozen=True)
class ShownRule:
    """A rule as a person reads it."""

    says: str
    note: str
    anchor: str
    rows: list[list[str]]


def examples_in_words(rule: Rule) -> ShownRule:
    """Work the examples of a rule out and put them into words."""
    rows = [
        [
            _as_written(
                "，".join(
                    f"{argument(name)}：{in_words(value)}" for name, value in arguments.items()
                )
            ),
            _as_written(in_words(rule.function(**arguments))),
        ]
        for arguments, _answer in rule.examples
    ]
    source = format_html(AS_WRITTEN, rule.source)  # laws and reasons are quoted, not translated
    ground = _("依据：%(source)s · 自 %(since)s 起") % {"source": "{}", "since": rule.since}
    note = format_html(ground, source)
    return ShownRule(_(rule.says), note, rule.key.rsplit(".", 1)[-1], rows)


def argument(name: str) -> str:
    """Say what a value of an example is."""
    return _(WORDS[name]) if name in WORDS else name


def in_words(value: Any) -> str:
    """Say a value of an example."""
    if value is None:
        return _("无")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return str(_ROLES.get(value, value)) or _("无")
    if isinstance(value, Mapping):
        return "、".join(f"{key} {in_words(part)}" for key, part in value.items())
    if isinstance(value, Iterable):
        return "、".join(in_words(part) for part in value)
    return str(value)


def by_app(asked: str = "") -> list[tuple[str, list[ShownRule]]]:
    """Return the rules that hold every word asked for, under the name of their app."""
    autodiscover.autodiscover("rules")
    groups = []
    for config in apps.get_app_configs():
        own = [r for key, r in sorted(RULES.items()) if key.startswith(f"{config.name}.")]
        shown = [examples_in_words(rule) for rule in own if _holds(rule, asked)]
        if shown:
            groups.append((_(str(config.verbose_name)), shown))
    return groups


def _holds(rule: Rule, asked: str) -> bool:
    text = f"{rule.says} {_(rule.says)} {rule.source}"
    return all(word in text for word in asked.split())


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule: what it says, since when and why, and what it answers."""
    asked = request.GET.get("q", "").strip()[:MOST_ASKED]
    columns = [Column(_("情形")), Column(_("答案"))]
    context = {"groups": by_app(asked), "columns": columns, "asked": asked}
    return render(request, "web/rules.html", context)
