"""What the product says when it will not do something."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A refusal in the user's words: what is wrong, where, and what to do.

    ``code`` is stable for programs ("place.duplicate"), ``sentence`` and ``hint`` are for people,
    ``field`` names the input it is about. ``status`` is what a program is answered with, and
    ``retry_seconds`` when it may ask again. ``details`` are more for programs and pages, as JSON.
    """

    status = 422
    retry_seconds = 0

    def __init__(self, code: str, sentence: str, field: str | None = None, hint: str = "") -> None:
        super().__init__(str(sentence))
        self.code = code
        self.sentence = sentence
        self.field = field
        self.hint = hint
        self.details: dict[str, Any] = {}


class NotFound(Refused):
    """There is no such thing, or none that this post may know of: both look the same."""

    status = 404

    def __init__(self, sentence: str = "没有找到，或不在您的范围内") -> None:
        super().__init__("not_found", sentence)
