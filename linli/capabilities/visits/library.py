"""Plans that ship: how often whom, after the rules of the Ministry and what streets do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from linli.core.words import Word


@dataclass(frozen=True)
class LibraryPlan:
    """A plan to adopt; ``condition`` as conditions are kept in JSON."""

    key: str
    name: str
    note: str
    every: int
    condition: dict[str, Any] = field(default_factory=dict)
    in_person: bool = False

    def __post_init__(self) -> None:
        for name in ("name", "note"):
            object.__setattr__(self, name, Word(getattr(self, name)))


def _is(name: str, value: Any, op: str = "eq") -> dict[str, Any]:
    return {"field": name, "op": op, "value": value}


def _person(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"subject": "person", "where": {"all": list(parts)}}


ALONE = _is("lives_alone", True)

LIBRARY = (
    LibraryPlan(
        "alone-80",
        "高龄独居每周看",
        "80岁以上独居，每周至少一次",
        7,
        _person(ALONE, _is("age", 80, "ge")),
    ),
    LibraryPlan(
        "frail",
        "失能老人每周见到",
        "重度和完全失能的，每周要见到本人",
        7,
        _person(_is("care_level", ["severe", "full"], "in")),
        in_person=True,
    ),
    LibraryPlan(
        "alone-60",
        "独居老人每月看",
        "60到79岁独居，每月至少一次",
        30,
        _person(ALONE, _is("age", 60, "ge"), _is("age", 80, "lt")),
    ),
    LibraryPlan(
        "severe-disability",
        "重残居民每月看",
        "一二级残疾，每月至少一次",
        30,
        _person(_is("disability_level", ["1", "2"], "in")),
    ),
    LibraryPlan(
        "low-income",
        "低保居民每季看",
        "享受低保的，每季至少一次",
        90,
        _person(_is("low_income", True)),
    ),
    LibraryPlan(
        "very-old", "90岁以上每季看", "90岁以上的，每季至少一次", 90, _person(_is("age", 90, "ge"))
    ),
)


def shipped(key: str) -> LibraryPlan | None:
    """Return a plan of the library."""
    return next((plan for plan in LIBRARY if plan.key == key), None)


def words() -> Iterator[str]:
    """Return what the library shows to whoever chooses a plan."""
    for one in LIBRARY:
        yield from (one.name, one.note)
