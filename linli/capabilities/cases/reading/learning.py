"""What an installation knows: the shipped examples and its dispatchers' choices, kept in memory."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from pathlib import Path

from linli.capabilities.cases.reading.suggest import Model
from linli.capabilities.cases.reading.training import Row, train

DATA = Path(__file__).resolve().parents[1] / "data"


@lru_cache(maxsize=1)
def shipped() -> tuple[Row, ...]:
    """Return the invented examples that come along, with the codes of the shipped taxonomy."""
    with (DATA / "seeds.csv").open(encoding="utf-8", newline="") as file:
        examples = [(row["text"], row["code"]) for row in csv.DictReader(file)]
    used = {code for _text, code in examples}
    return (*((name, code) for code, name in names().items() if code in used), *examples)


def names() -> dict[str, str]:
    """Return the names of the shipped categories by code."""
    with (DATA / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def learn(corrections: Iterable[Row] = ()) -> Model:
    """Learn from the shipped examples and what dispatchers chose (text, category), newest first."""
    rows = [*shipped(), *reversed(list(corrections))]
    return train([text for text, _code in rows], [code for _text, code in rows])


class Learner:
    """Keeps the model of the newest choices; learns again only when their mark has changed."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._mark: Hashable = None
        self._model: Model | None = None

    def model(
        self, mark: Hashable = 0, corrections: Callable[[], Iterable[Row]] = lambda: ()
    ) -> Model:
        """Return the model for this mark (such as how many choices there are, and the last one).

        While one caller learns, others go on with the model before; only the first one waits.
        """
        known = self._model
        if known is not None and self._mark == mark:
            return known
        if known is not None and self._guard.locked():
            return known
        with self._guard:
            if self._model is None or self._mark != mark:
                self._model, self._mark = learn(corrections()), mark
            return self._model


LEARNER = Learner()
