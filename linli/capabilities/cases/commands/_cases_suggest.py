"""标准输入每行一段话：说出分类、把握、地方和相似的。

`linli cases suggest`: one text a line in, one suggestion a line out; nothing is stored.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import cases, categories, corrections
from linli.capabilities.cases.terms import OPEN_STATES
from linli.core.interface.commands import CommandContext
from linli.core.time import to_china
from linli.register.places.queries import places_in_scope
from linli.workbench.text_analysis.category_model import learn, names
from linli.workbench.text_analysis.classifier import Suggestion
from linli.workbench.text_analysis.gazetteer import Gazetteer, PlaceMatch, PlaceRow
from linli.workbench.text_analysis.similarity import ComparedMessage, Index, SimilarMessage
from linli.workbench.text_analysis.texts import as_learnt

MOST_OPEN = 5_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many similar ones to name."""
    parser.add_argument("--similar", type=int, default=3, metavar="N", help="最多几件相似的")


def run(given: CommandContext) -> int:
    """Answer every line of standard input, an empty one too, in the order they come."""
    reader = _Scoped(given.options.similar) if given.scope else _Shipped(given.options.similar)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a broken character is no reason to stop
    for number, line in enumerate(sys.stdin, 1):
        advice = reader.answer(number, line.strip())
        given.answer(**advice)
        given.say(_in_words(line.strip(), advice))
    return 0


class _Shipped:
    """Knows the shipped examples and the lines before; needs no register and no database."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.names: dict[str, str] = names()
        self.model = learn()
        self.index = Index()
        self.places: Callable[[str], list[dict[str, Any]]] = lambda _text: []

    def answer(self, number: int, text: str) -> dict[str, Any]:
        """Return the advice for one text."""
        suggestion = self.model.suggest(as_learnt("", text), self.names.keys())
        message = ComparedMessage(number, text)
        alike = self.index.similar(message, most=self.most)
        if text:
            self.index.add(message)
        return {
            "category": self.names.get(suggestion.category, ""),
            "code": suggestion.category,
            "confidence": round(suggestion.confidence, 3),
            "runner_up": self._runner_up(suggestion),
            "unsure": suggestion.unsure,
            "place": self.places(text),
            "similar": [self.named(one) for one in alike],
        }

    def named(self, one: SimilarMessage) -> dict[str, Any]:
        """Return a similar line by its number."""
        return {"line": one.key, "likeness": round(one.likeness, 3)}

    def _runner_up(self, said: Suggestion) -> dict[str, Any] | None:
        if said.runner_up not in self.names:
            return None
        return {
            "category": self.names[said.runner_up],
            "code": said.runner_up,
            "confidence": round(said.runner_up_confidence, 3),
        }


class _Scoped(_Shipped):
    """Knows, besides, what dispatchers chose, and the places and open cases of the scope."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.names = {category.code: category.name for category in categories()} or self.names
        self.model = learn(corrections())
        rows = cases().filter(state__in=OPEN_STATES).order_by("-pk")[:MOST_OPEN]
        self.cases = {f"case:{one.pk}": one for one in rows}
        for key, one in self.cases.items():
            self.index.add(_message(key, one))
        fields = ("pk", "kind", "name", "parent_id", "address")
        tree = [PlaceRow(*row) for row in places_in_scope().values_list(*fields)]
        self.addresses = {row.id: row.address or row.name for row in tree}
        self.gazetteer = Gazetteer(tree)
        self.places = lambda text: [self._place(one) for one in self.gazetteer.find(text)]

    def named(self, one: SimilarMessage) -> dict[str, Any]:
        """Return a similar case by its number, or a line before."""
        case = self.cases.get(str(one.key))
        if case is None:
            return super().named(one)
        return {"case": case.number, "title": case.title, "likeness": round(one.likeness, 3)}

    def _place(self, one: PlaceMatch) -> dict[str, Any]:
        return {
            "id": one.id,
            "name": self.addresses[one.id],
            "confidence": round(one.confidence, 3),
            "piece": one.piece,
        }


def _message(key: str, case: Case) -> ComparedMessage:
    return ComparedMessage(key, case.text, case.title, day=to_china(case.received_at))


def _in_words(text: str, advice: dict[str, Any]) -> str:
    """Say the advice to a person, in one line."""
    sure = "拿不准" if advice["unsure"] else f"{advice['confidence']:.0%}"
    parts = [f"{advice['category'] or '看不出'}（{sure}）"]
    if advice["runner_up"]:
        parts.append(f"或 {advice['runner_up']['category']}")
    if advice["place"]:
        parts.append("地方：" + " / ".join(one["name"] for one in advice["place"]))
    if advice["similar"]:
        numbers = (str(one.get("case") or f"第{one['line']}行") for one in advice["similar"])
        parts.append("相似：" + "、".join(numbers))
    return f"{text[:20]} → " + "；".join(parts)
