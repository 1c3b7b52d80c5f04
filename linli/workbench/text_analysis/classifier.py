"""Which category a message belongs to, how sure that is, and which one comes next.

The model is plain numbers: suggesting needs no learning library, only a few sums.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from linli.workbench.text_analysis.texts import pieces, without_numbers

SHORTEST, LONGEST = 1, 3
MOST_SURE = 0.99
LEAST_PIECES = 3  # a text of which we know less than this says nothing
Numbers = NDArray[np.float32]


class BadModel(ValueError):
    """A file that is no model of ours."""


@dataclass(frozen=True)
class Suggestion:
    """Advice for one text: confidences from 0 to 1; ``unsure`` means do not rely on it."""

    category: str
    confidence: float
    runner_up: str = ""
    runner_up_confidence: float = 0.0
    unsure: bool = False


NOTHING = Suggestion("", 0.0, unsure=True)


@dataclass(frozen=True)
class Model:
    """What was learnt: pieces with their weights for every category, and how sure is sure."""

    categories: tuple[str, ...]
    vocabulary: dict[str, int]
    rarity: Numbers
    weights: Numbers  # one row a piece, one column a category
    offsets: Numbers
    sharpness: float = 1.0
    threshold: float = 0.5
    version: str = ""

    def vector(self, text: str) -> tuple[NDArray[np.int64], Numbers]:
        """Return which known pieces a text has, and how much each of them counts."""
        counts = pieces(without_numbers(text), SHORTEST, LONGEST)
        known = [
            (at, n) for piece, n in counts.items() if (at := self.vocabulary.get(piece, -1)) >= 0
        ]
        if len(known) < LEAST_PIECES:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        where = np.array([at for at, _n in known], np.int64)
        values = (1 + np.log(np.array([n for _at, n in known], np.float32))) * self.rarity[where]
        return where, (values / np.linalg.norm(values)).astype(np.float32)

    def scores(self, text: str) -> Numbers | None:
        """Return how far on its side of the line each category puts a text; None says nothing."""
        where, values = self.vector(text)
        if not len(where):
            return None
        numbers: Numbers = values @ self.weights[where] + self.offsets
        return numbers

    def suggest(self, text: str, allowed: Collection[str] | None = None) -> Suggestion:
        """Return the likeliest category, the next, and whether that is sure enough.

        ``allowed`` are the categories in use; others that were learnt are passed over, and what
        would most likely be one of them is called unsure: their chance is given to nobody.
        """
        scores = self.scores(text)
        if scores is None:
            return NOTHING
        chances = confidences(scores[None, :], self.sharpness)[0]
        if allowed is not None:
            known = np.array([category in allowed for category in self.categories])
            if not known.any():
                return NOTHING
            chances = np.where(known, chances, 0).astype(np.float32)
        # The -1 stands for the second where there is one category alone.
        first, second, *_rest = [*np.argsort(-chances), -1]
        confidence = min(float(chances[first]), MOST_SURE)
        if second < 0:
            return Suggestion(self.categories[first], confidence)
        next_one = self.categories[second] if chances[second] > 0 else ""
        return Suggestion(
            self.categories[first],
            confidence,
            next_one,
            float(chances[second]),
            unsure=confidence < self.threshold,
        )

    def likeliest(self, text: str, allowed: Collection[str], most: int) -> list[tuple[str, float]]:
        """Return the likeliest categories in use with their chances, however sure that is."""
        scores = self.scores(text)
        if scores is None:
            return []
        chances = confidences(scores[None, :], self.sharpness)[0]
        ranked = [(self.categories[at], float(chances[at])) for at in np.argsort(-chances)]
        return [(code, min(chance, MOST_SURE)) for code, chance in ranked if code in allowed][:most]

    def save(self, file: Path) -> None:
        """Keep the model as arrays; nothing in the file is ever executed."""
        with file.open("wb") as out:
            np.savez(
                out,
                categories=np.array(self.categories),
                vocabulary=np.array([*self.vocabulary]),
                rarity=self.rarity,
                weights=self.weights,
                offsets=self.offsets,
                certainty=np.array([self.sharpness, self.threshold]),
                version=np.array([self.version]),
            )


def confidences(scores: Any, sharpness: float) -> Numbers:
    """Turn scores into chances that add up to 1; learnt sharpness makes them honest."""
    sharpened = np.asarray(scores, np.float32) * sharpness
    # Less the largest, for the power of a large score would overflow.
    raised = np.exp(sharpened - sharpened.max(axis=1, keepdims=True))
    chances: Numbers = raised / raised.sum(axis=1, keepdims=True)
    return chances


def load(file: Path) -> Model:
    """Read a model that ``save`` kept, or say that it is none."""
    try:
        # A pickle could run anything when it is opened.
        with np.load(file, allow_pickle=False) as arrays:
            sharpness, threshold = (float(one) for one in arrays["certainty"])
            model = Model(
                tuple(map(str, arrays["categories"])),
                {str(one): at for at, one in enumerate(arrays["vocabulary"])},
                arrays["rarity"],
                arrays["weights"],
                arrays["offsets"],
                sharpness,
                threshold,
                str(arrays["version"][0]),
            )
    except (ValueError, KeyError, IndexError, OSError, EOFError, BadZipFile) as wrong:
        raise BadModel(f"{file.name} is no model of categories") from wrong
    if model.weights.shape != (len(model.vocabulary), len(model.categories)):
        raise BadModel(f"{file.name} does not fit together")
    return model
