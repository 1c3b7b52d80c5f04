"""How many inputs a test invents: some by day; ``make nightly`` asks for many more."""

from __future__ import annotations

import os


def examples(by_day: int, most: int = 1000) -> int:
    """Return how many a run tries: LINLI_EXAMPLES up to ``most``, or what is enough by day."""
    return min(int(os.environ.get("LINLI_EXAMPLES", by_day)), most)
