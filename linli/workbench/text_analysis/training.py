"""Learning categories from texts that people put into them: seeds, then dispatchers' choices."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.workbench.text_analysis.classifier import LONGEST, SHORTEST, Model, Numbers, confidences
from linli.workbench.text_analysis.texts import pieces, without_numbers

FOLDS = 5
MANY, FOLDS_OF_MANY = 2_000, 3
STRICTNESS = 1.0  # the C of the support vector machine, found by five-fold cross-validation
MOST_PIECES = 15_000
MOST_OF_ONE = 150  # texts of one category; the newest say how things are now
LEAST_OF_TEXTS = 2
WANTED_PRECISION = 0.9
SHARPNESSES = np.geomspace(0.5, 20, 40)
Row = tuple[str, str]  # text, category


class TooFew(ValueError):
    """Fewer than two categories: there is nothing to tell apart."""


@dataclass(frozen=True)
class HeldOut:
    """What five models said of texts they had not seen: the honest measure."""

    truth: NDArray[np.int64]
    scores: Numbers
    categories: tuple[str, ...]

    @property
    def said(self) -> NDArray[np.int64]:
        """Return the category each text was put into."""
        best: NDArray[np.int64] = self.scores.argmax(axis=1)
        return best

    @property
    def accuracy(self) -> float:
        """Return which part was put where people had put it."""
        return float((self.said == self.truth).mean())

    def confusion(self) -> NDArray[np.int64]:
        """Return how many of each category (rows) were put where (columns)."""
        table = np.zeros((len(self.categories),) * 2, np.int64)
        np.add.at(table, (self.truth, self.said), 1)
        return table

    def precision_from(self, threshold: float, sharpness: float) -> tuple[float, float]:
        """Return how often it is right where it is sure, and how often it is sure."""
        sure = confidences(self.scores, sharpness).max(axis=1) >= threshold
        right = (self.said == self.truth)[sure]
        return (float(right.mean()) if len(right) else 1.0), float(sure.mean())


def version_of(rows: Sequence[Row]) -> str:
    """Return the mark of these rows: the same rows make the same model."""
    marked = hashlib.sha256()
    for text, category in rows:
        marked.update(f"{category}\0{text}\1".encode("utf-8", "replace"))
    return marked.hexdigest()[:16]


def train(texts: Sequence[str], labels: Sequence[str], folds: int = FOLDS) -> Model:
    """Learn a model and, from texts it had not seen, how sure it may be of itself.

    Of a category with very many texts the last ones count.
    """
    rows = newest(list(zip(texts, labels, strict=True)))
    model, _held = trained_and_tried(rows, min(folds, FOLDS_OF_MANY) if len(rows) > MANY else folds)
    return replace(model, version=version_of(rows))


def trained_and_tried(rows: Sequence[Row], folds: int = FOLDS) -> tuple[Model, HeldOut]:
    """Learn from all rows; and say what models of the other folds made of each fold."""
    categories = tuple(sorted({category for _text, category in rows}))
    if len(categories) < 2:
        raise TooFew("at least two categories are needed")
    numbers = {one: at for at, one in enumerate(categories)}
    truth = np.array([numbers[category] for _text, category in rows], np.int64)
    counted = [pieces(without_numbers(text), SHORTEST, LONGEST) for text, _category in rows]
    held = _held_out(counted, truth, categories, folds)
    sharpness = _honest_sharpness(held)
    model = replace(
        _learnt(counted, truth, categories),
        sharpness=sharpness,
        threshold=_threshold(held, sharpness),
    )
    return model, held


def tried_otherwise(rows: Sequence[Row], asked: Sequence[str], folds: int = FOLDS) -> HeldOut:
    """Say what models of the other folds made of each fold when its texts are put otherwise."""
    categories = tuple(sorted({category for _text, category in rows}))
    numbers = {one: at for at, one in enumerate(categories)}
    truth = np.array([numbers[category] for _text, category in rows], np.int64)
    counted = [pieces(without_numbers(text), SHORTEST, LONGEST) for text, _category in rows]
    put = [pieces(without_numbers(text), SHORTEST, LONGEST) for text in asked]
    return _held_out(counted, truth, categories, folds, put)


def newest(rows: Sequence[Row]) -> list[Row]:
    """Keep the last of each category, so that a frequent one cannot drown the others."""
    counter: Counter[str] = Counter()
    newest = []
    for text, category in reversed(rows):
        counter[category] += 1
        if counter[category] <= MOST_OF_ONE and text.strip():
            newest.append((text, category))
    return newest[::-1]


def folds_of(truth: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """Deal the texts of every category out in turn: each fold has its share of all."""
    dealt: dict[int, int] = defaultdict(int)
    turns = []
    for category in truth:
        # Each category begins at another fold, or the first would get all the small ones.
        turns.append((dealt[int(category)] + int(category)) % folds)
        dealt[int(category)] += 1
    return np.array(turns, np.int64)


def _learnt(
    counted: Sequence[Counter[str]], truth: NDArray[np.int64], categories: tuple[str, ...]
) -> Model:
    from sklearn.svm import LinearSVC

    vocabulary, rarity = _vocabulary(counted)
    # Without chance: the same rows must make the same model.
    machine = LinearSVC(C=STRICTNESS, class_weight="balanced", random_state=0, tol=1e-3)
    machine.fit(_matrix(counted, vocabulary, rarity), truth)
    size = len(vocabulary), len(categories)
    # A category without a text among these is never the first choice.
    weights, offsets = np.zeros(size, np.float32), np.full(size[1], -2.0, np.float32)
    if len(machine.classes_) == 2:
        # For two classes there is one row of weights: that of the second.
        first, second = machine.classes_
        weights[:, second], weights[:, first] = machine.coef_[0], -machine.coef_[0]
        offsets[second], offsets[first] = machine.intercept_[0], -machine.intercept_[0]
    else:
        weights[:, machine.classes_] = machine.coef_.T
        offsets[machine.classes_] = machine.intercept_
    return Model(categories, vocabulary, rarity, weights, offsets)


def _vocabulary(counted: Sequence[Counter[str]]) -> tuple[dict[str, int], Numbers]:
    texts: Counter[str] = Counter()
    for counts in counted:
        texts.update(counts.keys())
    common = texts.most_common(MOST_PIECES)
    # Among very few texts no piece may stand in two.
    frequent = [(piece, n) for piece, n in common if n >= LEAST_OF_TEXTS] or common
    rarity = (
        np.log((1 + len(counted)) / (1 + np.array([n for _one, n in frequent], np.float32))) + 1
    )
    return {piece: at for at, (piece, _n) in enumerate(frequent)}, rarity.astype(np.float32)


def _matrix(counted: Sequence[Counter[str]], vocabulary: dict[str, int], rarity: Numbers) -> Any:
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    columns, values, ends = [], [], [0]
    for counts in counted:
        for piece, n in counts.items():
            at = vocabulary.get(piece, -1)
            if at >= 0:
                columns.append(at)
                values.append(n)
        ends.append(len(columns))
    amounts = (1 + np.log(np.array(values, np.float32))) * rarity[columns]
    shape = (len(counted), len(vocabulary))
    return normalize(csr_matrix((amounts, columns, ends), shape=shape), copy=False)


def _held_out(
    counted: Sequence[Counter[str]],
    truth: NDArray[np.int64],
    categories: tuple[str, ...],
    folds: int,
    asked: Sequence[Counter[str]] = (),
) -> HeldOut:
    put = asked or counted
    turns = folds_of(truth, folds)
    scores = np.zeros((len(truth), len(categories)), np.float32)
    for turn in range(folds):
        others, here = np.flatnonzero(turns != turn), np.flatnonzero(turns == turn)
        if not len(here) or len(set(truth[others])) < 2:
            continue
        model = _learnt([counted[int(at)] for at in others], truth[others], categories)
        matrix = _matrix([put[int(at)] for at in here], model.vocabulary, model.rarity)
        scores[here] = matrix @ model.weights + model.offsets
    return HeldOut(truth, scores, categories)


def _honest_sharpness(held: HeldOut) -> float:
    """Return the sharpness whose confidences fit best to what turned out to be right."""
    lines = np.arange(len(held.truth))

    def surprise(sharpness: float) -> float:
        chances = confidences(held.scores, sharpness)[lines, held.truth]
        return float(-np.log(np.maximum(chances, 1e-9)).mean())

    return float(min(SHARPNESSES, key=surprise))


def _threshold(held: HeldOut, sharpness: float) -> float:
    """Return the least confidence from which on it was right often enough, as far as known."""
    steps = [float(step) for step in np.linspace(0.1, 0.99, 90)]
    for step in steps:
        if held.precision_from(step, sharpness)[0] >= WANTED_PRECISION:
            return step
    return steps[-1]
