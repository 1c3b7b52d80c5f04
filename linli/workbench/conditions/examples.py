"""Example questions that have an answer here: what is refused or finds nobody is not offered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date

from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.workbench.conditions import queries

MOST_KEPT = 2000
MOST_SHOWN = 4
_Key = tuple[str, tuple[str, ...], str]
# What had an answer today has one for the rest of the day; what had none is asked again.
_answered: OrderedDict[_Key, date] = OrderedDict()


def answerable(sentences: Iterable[str], *, most: int = MOST_SHOWN) -> list[str]:
    """Return the first of these sentences that this post may ask and that find somebody."""
    shown: list[str] = []
    for sentence in sentences:
        if len(shown) == most:
            break
        if _has_answer(sentence):
            shown.append(sentence)
    return shown


def _has_answer(sentence: str) -> bool:
    scope = current_scope()
    key = (scope.role, scope.paths, sentence)
    if _answered.get(key) == today():
        return True
    try:
        question = queries.asked(sentence)
        found = queries.count(question.condition) > 0
    except Refused:
        return False
    if found:
        _answered[key] = today()
        while len(_answered) > MOST_KEPT:
            _answered.popitem(last=False)
    return found
