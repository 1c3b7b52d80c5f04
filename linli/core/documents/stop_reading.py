"""How the child says that it will not go on. Plain Python."""

from __future__ import annotations

from typing import Any


class StopReading(Exception):
    """The file is not read further; ``code`` is a key of the sentences in ``refusals.py``."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
