"""What residents of the demonstration have brought: invented cases, and how each went on."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("invented_cases.csv")


@dataclass(frozen=True)
class Matter:
    """One case: days ago, where, category, channel, course, text; ``key`` names it for another.

    where: "grid" a building of the first grid of 殷家社区, "estate" one of its estate, "ours" the
    community, "lifts" a building where lifts were added, "far" another community, "town".
    course: what happened to it; see ``cases.py``.
    """

    days: int
    where: str
    category: str
    channel: str
    course: str
    text: str
    spot: str = ""
    reply: str = ""
    key: str = ""
    into: str = ""


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """Return all of them."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Matter(**{**row, "days": int(row["days"])})  # type: ignore[arg-type]
            for row in csv.DictReader(rows)
        )
