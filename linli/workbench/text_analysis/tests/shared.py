"""The real messages that figures are measured on; they stay outside the product."""

from __future__ import annotations

import csv
import os
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from linli.core.time import NotADate, parse_date
from linli.workbench.text_analysis.similarity import ComparedMessage

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("LINLI_SHARED_DATA", HERE.parents[5] / "shared" / "data"))
MESSAGES = SHARED / "messages"
needs_messages = pytest.mark.skipif(
    not (MESSAGES / "messages.csv").is_file(),
    reason=f"the real messages are not at {MESSAGES}; LINLI_SHARED_DATA says where they are",
)


@lru_cache(maxsize=1)
def messages() -> list[ComparedMessage]:
    """Return the 2,201 messages."""
    rows = _rows(MESSAGES / "messages.csv")
    return [
        ComparedMessage(
            row["留言编号"], row["留言详情"], row["留言主题"], day=_day(row["留言时间"])
        )
        for row in rows
    ]


def labelled_texts() -> list[tuple[str, str, str]]:
    """Return title, text and class of the 295 labelled messages."""
    rows = _rows(MESSAGES / "labelled.csv")
    return [(row["留言主题"], row["留言详情"], row["一级分类"]) for row in rows]


def pairs(name: str) -> list[tuple[str, str, bool]]:
    """Return pairs of numbers with our judgement: is it the same case?"""
    rows = _rows(HERE / f"{name}_pairs.csv")
    return [(row["first"], row["second"], row["same"] == "1") for row in rows]


def groups() -> dict[str, str]:
    """Return in which of our groups a message is, by its number."""
    return {row["number"]: row["group"] for row in _rows(HERE / "labelled_groups.csv")}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> date | None:
    read = parse_date(text.strip().split(" ")[0])
    return None if isinstance(read, NotADate) else read.value
