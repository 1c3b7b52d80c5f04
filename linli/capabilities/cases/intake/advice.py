"""What is suggested for the matters of a list: category, place, and which of them are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.capabilities.cases.intake.lines import Line
from linli.capabilities.cases.models import Category
from linli.core.chinese.normalise import for_matching
from linli.register.places.models import Place


@dataclass(frozen=True)
class Advised:
    """Advice for one line; ``same_as`` is the number of the line before that says the same."""

    category: Category | None = None
    confidence: float = 0.0
    is_sure: bool = False
    place: Place | None = None
    same_as: str = ""
    same_case: int | None = None
    alike: tuple[str, ...] = ()


def advise(lines: Sequence[Line], place: Place) -> list[Advised]:
    """Return the advice for every line of a list."""
    first: dict[str, str] = {}
    made = []
    for line in lines:
        key = "".join(letter for letter in for_matching(line.text) if letter.isalnum())
        same = first.setdefault(key, line.number)
        made.append(Advised(same_as="" if same == line.number else same))
    return made
