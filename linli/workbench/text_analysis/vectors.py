"""Texts as sparse rows of numbers, so that thousands are compared in one multiplication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.workbench.text_analysis.category_model import shipped
from linli.workbench.text_analysis.texts import pieces, plain_text

SHORTEST, LONGEST = 2, 3
LONGEST_COMPARED = 300
TITLE_OF = 40  # characters that stand for the title of a text without one
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class PieceCounts:
    """The pieces of one part of a text: which, and how often."""

    where: NDArray[np.int32]
    amounts: Floats


@dataclass(frozen=True)
class Parts:
    """A message as it is compared: title and body count the same, however long they are."""

    title: PieceCounts
    body: PieceCounts


class _PieceNumbers(dict[str, int]):
    """Gives every new piece the next number."""

    def __missing__(self, piece: str) -> int:
        self[piece] = number = len(self)
        return number


class Vocabulary:
    """Numbers for pieces in the order they come, and in how many texts each was seen."""

    def __init__(self) -> None:
        self.numbers = _PieceNumbers()
        self.seen = np.zeros(1024, np.int64)
        self.texts = 0

    def copied(self) -> Vocabulary:
        """Return one that knows the same and learns apart from this one."""
        other = Vocabulary()
        other.numbers.update(self.numbers)
        other.seen, other.texts = self.seen.copy(), self.texts
        return other

    def _counted(self, text: str, *, learn: bool) -> PieceCounts:
        # A word of one character has no piece of two.
        counts: Counter[str] = pieces(text, SHORTEST, LONGEST) or Counter(text.split())
        if learn:
            where = [self.numbers[count] for count in counts]
            amounts = list(counts.values())
        else:
            known = [
                (self.numbers[piece], n) for piece, n in counts.items() if piece in self.numbers
            ]
            where, amounts = [at for at, _n in known], [n for _at, n in known]
        return PieceCounts(np.array(where, np.int32), 1 + np.log(np.array(amounts, np.float32)))

    def parts(self, text: str, title: str = "", *, learn: bool = False) -> Parts:
        """Return a message in pieces; learning also remembers which pieces there are."""
        plain = plain_text(text)
        head = plain_text(title) or plain[:TITLE_OF]
        body = f"{head} {plain[:LONGEST_COMPARED]}"
        parts = Parts(self._counted(head, learn=learn), self._counted(body, learn=learn))
        if learn:
            self._remember(parts.body)
        return parts

    def know(self, ordinary: Iterable[str]) -> None:
        """Learn which words are ordinary, so that a few messages tell what is special in them."""
        for text in ordinary:
            self._remember(self._counted(plain_text(text), learn=True))

    def _remember(self, body: PieceCounts) -> None:
        if len(self.numbers) > len(self.seen):
            grown = np.zeros(2 * len(self.numbers), np.int64)
            grown[: len(self.seen)] = self.seen
            self.seen = grown
        self.seen[body.where] += 1
        self.texts += 1

    def rarity(self) -> Floats:
        """Return how much each piece tells: what few texts have tells most."""
        seen = self.seen[: len(self.numbers)]
        floats: Floats = (np.log((1 + self.texts) / (1 + seen)) + 1).astype(np.float32)
        return floats

    def matrix(self, rows: Sequence[Parts]) -> Any:
        """Return one row a message, whose products are similarities from 0 to 1."""
        from scipy.sparse import hstack

        rarity = self.rarity()
        halves = [
            _block([row.title for row in rows], rarity),
            _block([r.body for r in rows], rarity),
        ]
        # Two halves of length one make a row of length one again.
        return (hstack(halves, format="csr") * np.float32(np.sqrt(0.5))).tocsr()


def _block(rows: Sequence[PieceCounts], rarity: Floats) -> Any:
    from scipy.sparse import csr_matrix

    sizes = [len(row.where) for row in rows]
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    where = np.concatenate([row.where for row in rows]) if rows else np.empty(0, np.int32)
    amounts = np.concatenate([row.amounts for row in rows]) if rows else np.empty(0, np.float32)
    values = amounts * rarity[where]
    # The nought at the end keeps the index of an empty last row within bounds.
    lengths = np.sqrt(np.add.reduceat(np.append(values**2, 0), ends[:-1])) if rows else values
    # For an empty row `reduceat` gives the value that follows, not nothing.
    lengths = np.where(np.array(sizes) > 0, lengths, 1)
    values = values / np.repeat(lengths, sizes)
    return csr_matrix((values.astype(np.float32), where, ends), shape=(len(rows), len(rarity)))


def with_ordinary_words() -> Vocabulary:
    """Return a vocabulary of one's own that knows how ordinary cases are worded."""
    return _ordinary_words().copied()


@cache
def _ordinary_words() -> Vocabulary:
    """Read the shipped examples once: whoever compares begins with a copy."""
    vocabulary = Vocabulary()
    vocabulary.know(text for text, _code in shipped())
    return vocabulary
