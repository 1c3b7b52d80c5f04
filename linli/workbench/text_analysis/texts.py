"""One plain spelling of a message and its pieces: what all reading of texts begins with."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from linli.core.chinese.normalise import for_matching

LONGEST_READ = 600  # characters; whoever writes more says what it is about before that
LONGEST_LEARNT = 2000  # what kind of case it is may be said at the end as well
TITLE_TIMES = 3
LONGEST_TITLE = 40
_NOT_WORDS = re.compile(r"[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff]+")
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[。！？!?；;\n]")
_SENTENCES = re.compile(r"[，。！？；：、,.!?;:\s]+")


@lru_cache(maxsize=4096)
def plain_text(text: str, longest: int = LONGEST_READ) -> str:
    """Return the letters, digits and characters of a text; what lies between is one space."""
    # Twice as much, for markup and marks fall away.
    shown = _MARKUP.sub(" ", text[: 2 * longest])
    return _NOT_WORDS.sub(" ", for_matching(shown)).strip()[:longest]


def as_learnt(title: str, text: str) -> str:
    """Return a case as categories are learnt from it and suggested for it, everywhere the same.

    The title says most, so it stands there several times; without a title of its own the first
    sentence is one.
    """
    body = text.strip()
    head = title.strip().rstrip("…")
    # A title that was cut from the text is none of its own.
    if not head or body.startswith(head):
        head = _ENDS.split(body, maxsplit=1)[0].strip()[:LONGEST_TITLE]
    return " ".join([head] * TITLE_TIMES + [body])


def without_numbers(text: str) -> str:
    """Return a plain text with one nought for every number: which number says nothing."""
    return _DIGITS.sub("0", plain_text(text, LONGEST_LEARNT))


def pieces(text: str, shortest: int, longest: int) -> Counter[str]:
    """Count the runs of neighbouring characters of these lengths, within words only."""
    counter: Counter[str] = Counter()
    for word in text.split(" "):
        for length in range(shortest, longest + 1):
            counter.update(word[at : at + length] for at in range(len(word) - length + 1))
    return counter


def sentences(text: str) -> list[str]:
    """Return the parts of a text between its marks, as they were written."""
    return [part for part in _SENTENCES.split(_MARKUP.sub(" ", text)) if part]
