"""What of a sentence may be counted: all of it, or what was understood when somebody says so.

The one decision for every door that takes a sentence (page, API, command line, forms, notices):
beside a word that was not understood any number would answer another question.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.workbench.conditions.results import Question

# Of an input that takes a sentence or a condition in words: with what was left out it is long.
LONGEST_SAID = 1000


class NotUnderstood(Refused):
    """A sentence of which words were not understood; ``details`` say what was, and what was not."""

    def __init__(self, question: Question, field: str) -> None:
        understood = bool(question.chips)
        super().__init__(
            "sentence.not_understood",
            _("没有看懂：%(words)s") % {"words": "、".join(question.unknown)},
            field,
            _("换个说法，或只按看懂的算") if understood else _("换个说法，或到“查询”里勾选"),
        )
        self.details = {
            "text": question.text if understood else "",
            "chips": [
                {"words": chip.words, "text": chip.text, "note": chip.note}
                for chip in question.chips
            ],
            "unknown": list(question.unknown),
            # How to ask again; where nothing was understood there is nothing to count.
            "again": {"only_understood": True} if understood else None,
        }


def accepted(
    question: Question, *, only_understood: bool = False, field: str = "sentence"
) -> Question:
    """Return a question that may be counted, or refuse it with what was and was not understood.

    With ``only_understood`` the words left out stand in its condition, and so in every title,
    file, journal entry and stored rule that is made of it. ``field`` is the input to mend.
    """
    if question.unknown and not (only_understood and question.chips):
        raise NotUnderstood(question, field)
    return question


def says_only_understood(given: Any) -> bool:
    """Did the person tap 只按看懂的算? ``given`` is what a form or an address sent."""
    return bool(given) and given.get("only_understood") == "1"
