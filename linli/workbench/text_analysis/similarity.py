"""Messages that say much the same: doubles to merge, and open cases like a new one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.workbench.text_analysis.vectors import Floats, Parts, with_ordinary_words

ALIKE_FROM = 0.3  # worth showing: about the same case nine times in ten
SAME_FROM = 0.5  # nearly the same words
MOST_WAITING = 200  # new messages that are compared one by one before they join the matrix
AT_ONCE = 500
ELSEWHERE = 0.6  # what remains of a likeness when both places are known and apart
FORGOTTEN_AFTER_DAYS = 180


@dataclass(frozen=True)
class ComparedMessage:
    """A message to be compared; place is a path of the tree such as "330212/1/3/"."""

    key: Hashable
    text: str
    title: str = ""
    place: str = ""
    day: date | None = None


@dataclass(frozen=True)
class SimilarMessage:
    """A message like another one; likeness goes from 0 to 1."""

    key: Hashable
    likeness: float

    @property
    def is_same(self) -> bool:
        """Do both use nearly the same words?"""
        return self.likeness >= SAME_FROM


class Index:
    """Messages that can be asked for those like a text; more may be added at any time."""

    def __init__(self, messages: Iterable[ComparedMessage] = ()) -> None:
        self._vocabulary = with_ordinary_words()
        self._parts: list[Parts] = []
        self._kept: list[ComparedMessage] = []
        self._gone: set[int] = set()
        self._numbers: dict[Hashable, int] = {}
        self._matrix: Any = None
        self._built = 0
        for message in messages:
            self.add(message)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._numbers

    def add(self, message: ComparedMessage) -> None:
        """Add a message; one with the same key takes the place of the one before."""
        self.remove(message.key)
        self._numbers[message.key] = len(self._kept)
        self._kept.append(message)
        self._parts.append(self._vocabulary.parts(message.text, message.title, learn=True))

    def remove(self, key: Hashable) -> None:
        """Forget a message, such as one whose case is closed."""
        number = self._numbers.pop(key, None)
        if number is not None:
            self._gone.add(number)

    def similar(
        self, message: ComparedMessage, *, least: float = ALIKE_FROM, most: int = 5
    ) -> list[SimilarMessage]:
        """Return the messages like this one, the most alike first; never itself."""
        likeness = self._likeness(message)
        alike = []
        for number in np.flatnonzero(likeness >= least):
            other = self._kept[number]
            # What was removed stays in the matrix until it is built again.
            if int(number) in self._gone or other.key == message.key:
                continue
            weighed = float(likeness[number]) * _nearness(message, other)
            if weighed >= least:
                alike.append(SimilarMessage(other.key, min(weighed, 1.0)))
        return sorted(alike, key=lambda one: -one.likeness)[:most]

    def pairs(self, least: float = ALIKE_FROM) -> Iterator[tuple[Hashable, Hashable, float]]:
        """Return every two messages that are so much alike: the later one, the earlier, how."""
        self._build()
        for first, second, likeness in likenesses(self._matrix, least):
            if first in self._gone or second in self._gone:
                continue
            one, other = self._kept[first], self._kept[second]
            weighed = likeness * _nearness(one, other)
            if weighed >= least:
                yield other.key, one.key, min(weighed, 1.0)

    def _build(self) -> None:
        if self._built == len(self._parts) and self._matrix is not None:
            return
        present = [at for at in range(len(self._kept)) if at not in self._gone]
        self._parts = [self._parts[at] for at in present]
        self._kept = [self._kept[at] for at in present]
        self._gone = set()
        self._numbers = {message.key: at for at, message in enumerate(self._kept)}
        self._matrix = self._vocabulary.matrix(self._parts)
        self._built = len(self._parts)

    def _likeness(self, message: ComparedMessage) -> Floats:
        """Return how like this message each kept one is."""
        if self._matrix is None or len(self._parts) - self._built > MOST_WAITING:
            self._build()
        parts = self._vocabulary.parts(message.text, message.title)
        waiting = self._parts[self._built :]
        fresh = self._vocabulary.matrix([parts, *waiting])
        return np.concatenate([_against(self._matrix, fresh[0]), _against(fresh[1:], fresh[0])])


def _against(matrix: Any, row: Any) -> Floats:
    """Return the products of a matrix with one row; pieces it does not know yet count nothing."""
    half, known = row.shape[1] // 2, matrix.shape[1] // 2
    vector = np.zeros(2 * known, np.float32)
    for at, value in zip(row.indices, row.data, strict=True):
        place = at if at < half else at - half
        if place < known:
            vector[place if at < half else known + place] = value
    floats: Floats = matrix @ vector
    return floats


def likenesses(matrix: Any, least: float) -> Iterator[tuple[int, int, float]]:
    """Return every pair of rows (first < second) whose product is at least so much."""
    for start in range(0, matrix.shape[0], AT_ONCE):
        # Only with the rows from here on, for each pair is wanted once.
        products = matrix[start : start + AT_ONCE] @ matrix[start:].T
        products = products.tocoo()
        wanted = (products.data >= least) & (products.col > products.row)
        rows: NDArray[np.int64] = products.row[wanted]
        for row, column, value in zip(
            rows, products.col[wanted], products.data[wanted], strict=True
        ):
            yield start + int(row), start + int(column), float(value)


def _nearness(one: ComparedMessage, other: ComparedMessage) -> float:
    """Return how much a likeness counts, given where and when both were."""
    if one.day and other.day and abs((one.day - other.day).days) > FORGOTTEN_AFTER_DAYS:
        return ELSEWHERE
    if not one.place or not other.place:
        return 1.0
    below = one.place.startswith(other.place) or other.place.startswith(one.place)
    return 1.0 if below else ELSEWHERE


def same_as_before(
    messages: Sequence[ComparedMessage], least: float = SAME_FROM
) -> dict[Hashable, Hashable]:
    """Return for every message that doubles earlier ones of the list which is most alike."""
    order = {message.key: at for at, message in enumerate(messages)}
    best: dict[Hashable, tuple[float, Hashable]] = {}
    for one, other, likeness in Index(messages).pairs(least):
        # The list decides which came first, not the order of the pairs.
        earlier, later = sorted((one, other), key=order.__getitem__)
        if likeness > best.get(later, (0.0, None))[0]:
            best[later] = (likeness, earlier)
    return {later: earlier for later, (_likeness, earlier) in best.items()}
