"""What is suggested for the cases of a list: category, place, and which of them are the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from linli.capabilities.cases.models import Category
from linli.capabilities.cases.queries import cases, categories
from linli.capabilities.cases.queries.advice import MOST_SEARCHED, gazetteer
from linli.capabilities.cases.queries.suggestions import model
from linli.capabilities.cases.terms import OPEN_STATES
from linli.core.time import to_china
from linli.integrations.hotline_lists.lines import HotlineLine
from linli.register.places.models import Place
from linli.workbench.text_analysis.similarity import ALIKE_FROM, ComparedMessage, Index
from linli.workbench.text_analysis.texts import as_learnt

# Merging by order asks for more than being worth a look: nearly every word.
SAME_FROM = 0.8
MOST_OPEN = 5_000
MOST_NAMED = 3
OPEN = "case:"


@dataclass(frozen=True)
class LineAdvice:
    """Advice for one line; ``same_as`` is the number of the line before that says the same."""

    category: Category | None = None
    confidence: float = 0.0
    is_sure: bool = False
    place: Place | None = None
    same_as: str = ""
    same_case: int | None = None
    alike: tuple[str, ...] = ()


def advise(lines: Sequence[HotlineLine], place: Place) -> list[LineAdvice]:
    """Return the advice for every line of a list."""
    if not lines:
        return []
    learnt, known = model(), {one.code: one for one in categories()}
    places = _places(lines)
    likenesses = _Likenesses(lines, places, place)
    advised = []
    for number, line in enumerate(lines):
        suggestion = learnt.suggest(as_learnt(line.title, line.text), known)
        category = known.get(suggestion.category)
        advised.append(
            LineAdvice(
                category,
                suggestion.confidence if category else 0.0,
                category is not None and not suggestion.unsure,
                places.get(line.row),
                likenesses.same_line(number),
                likenesses.same_case(number),
                likenesses.named(number),
            )
        )
    return advised


def _places(lines: Sequence[HotlineLine]) -> dict[int, Place]:
    """Return the place of every row whose address, title or text means exactly one of the scope."""
    known = gazetteer()
    place_of_row: dict[int, Any] = {}
    for line in lines:
        for text in (line.spot, line.title, line.text[:MOST_SEARCHED]):
            match = known.the_one(text) if text else None
            if match is not None:
                place_of_row[line.row] = match.id
                break
    places = Place.objects.in_bulk(set(place_of_row.values()))
    return {row: places[pk] for row, pk in place_of_row.items()}


class _Likenesses:
    """Which lines are like one before them in the list, or like an open case."""

    def __init__(
        self, lines: Sequence[HotlineLine], places: dict[int, Place], place: Place
    ) -> None:
        self.lines = lines
        index = Index(_open_ones())
        for number, line in enumerate(lines):
            path = (places.get(line.row) or place).path
            index.add(ComparedMessage(number, line.text, line.title, path, to_china(line.at)))
        self.lines_like: dict[int, list[tuple[float, int]]] = defaultdict(list)
        self.cases_like: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for one, other, likeness in index.pairs(ALIKE_FROM):
            # Lines have numbers as keys and open cases texts; two open cases are nobody's row.
            if isinstance(one, int) and isinstance(other, int):
                self.lines_like[max(one, other)].append((likeness, min(one, other)))
            elif isinstance(one, int) != isinstance(other, int):
                which, case = (one, other) if isinstance(one, int) else (other, one)
                self.cases_like[int(str(which))].append((likeness, int(str(case)[len(OPEN) :])))

    def same_line(self, number: int) -> str:
        """Return the number of the first line before that says the same."""
        same = [other for likeness, other in self.lines_like[number] if likeness >= SAME_FROM]
        # The first of them: all that say the same are merged into one and not into each other.
        return self.lines[min(same)].number if same else ""

    def same_case(self, number: int) -> int | None:
        """Return the open case that says the same."""
        same = [case for likeness, case in self.cases_like[number] if likeness >= SAME_FROM]
        return min(same) if same else None

    def named(self, number: int) -> tuple[str, ...]:
        """Return the numbers of what is most like a line."""
        lines = [
            (likeness, self.lines[other].number) for likeness, other in self.lines_like[number]
        ]
        open_cases = [(likeness, f"#{case}") for likeness, case in self.cases_like[number]]
        return tuple(name for _much, name in sorted([*open_cases, *lines])[::-1][:MOST_NAMED])


def _open_ones() -> list[ComparedMessage]:
    rows = cases().filter(state__in=OPEN_STATES, confidential=False).order_by("-pk")[:MOST_OPEN]
    return [
        ComparedMessage(
            f"{OPEN}{row.pk}", row.text, row.title, row.scope_path, to_china(row.received_at)
        )
        for row in rows
    ]
