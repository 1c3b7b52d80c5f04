"""What a building or a plan is coloured by: a sentence, or a condition saved elsewhere."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import Condition
from linli.core.interface.registry import ask_box
from linli.core.scope import current_scope, use_scope
from linli.register.places.models import Place
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.acceptance import says_only_understood
from linli.workbench.conditions.examples import answerable

LONGEST_SENTENCE = 200


def asked(request: HttpRequest) -> tuple[Condition | None, dict[str, Any]]:
    """Return the condition that a page is asked with, and what to show of how it was read."""
    sentence = request.GET.get("q", "").strip()
    saved = request.GET.get("condition", "")
    if len(sentence) > LONGEST_SENTENCE or len(saved) > LONGEST_SENTENCE * 20:
        raise Refused("place_pages.long", _("这句话太长了"), "q")
    if sentence:
        only_understood = says_only_understood(request.GET)
        question = conditions.asked(sentence, only_understood=only_understood, field="q")
        chips = [chip.said for chip in question.chips]
        if not chips:
            raise Refused(
                "place_pages.nothing", _("这句话里没有听懂的条件"), "q", _("例如：80岁以上独居")
            )
        return conditions.check(question.condition), _shown(chips, question.condition)
    if saved:
        try:
            condition = conditions.read_json(json.loads(saved))
        except ValueError as wrong:
            raise Refused("condition.shape", _("看不懂这个条件"), "condition") from wrong
        return condition, _shown([conditions.said(condition)], condition)
    return None, {}


def _shown(chips: list[str], condition: Condition) -> dict[str, Any]:
    unread = condition.unread
    return {"chips": chips, "unknown": unread, "left_out": conditions.left_out(unread)}


EXAMPLES = ("80岁以上", "独居老人", "租户", "儿童", "残疾人", "志愿者")


def examples(place: Place) -> list[str]:
    """Return the questions that somebody at this place answers to."""
    with use_scope(current_scope().narrowed(place.path)):
        return answerable(EXAMPLES, most=len(EXAMPLES))


def asked_href(sentence: str) -> str:
    """Return the address that answers a sentence, if anything does."""
    ask = ask_box()
    if ask is None or not sentence:
        return ""
    try:
        return f"{reverse(ask.url_name)}?{urlencode({ask.parameter: sentence})}"
    except NoReverseMatch:
        return ""


def list_href(place_words: str, sentence: str, condition: Condition) -> str:
    """Return the address of the list that a coloured picture counts."""
    href = asked_href(f"{place_words}{sentence}")
    return f"{href}&only_understood=1" if href and condition.unread else href
