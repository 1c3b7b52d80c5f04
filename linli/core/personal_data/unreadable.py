"""A value that cannot be opened: it says so where it stands, and nothing overwrites it unseen."""

from __future__ import annotations

from typing import Any

WORDS = "〔打不开〕"
_said = {WORDS}


class UnreadableValue(str):
    """The words that stand in the place of a value; ``sealed`` is what the database holds."""

    sealed: str

    def __new__(cls, words: str = WORDS, sealed: str = "") -> UnreadableValue:
        """Make the words, remembering the sealed text."""
        value = super().__new__(cls, words)
        value.sealed = sealed
        _said.add(words)
        return value

    def __reduce__(self) -> Any:
        """Keep the sealed text in a copy."""
        return (UnreadableValue, (str(self), self.sealed))


def opened_only(value: str) -> str:
    """Return a value, or nothing for one that cannot be opened: two of those are not equal."""
    return "" if is_unreadable(value) else value


def is_unreadable(value: object) -> bool:
    """Does this value, or the text that was made of it, say that it cannot be opened?"""
    return isinstance(value, UnreadableValue) or (isinstance(value, str) and value in _said)
