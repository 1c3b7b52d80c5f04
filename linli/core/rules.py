"""Decisions that stand in one place, with their words, source and date (规则一览)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Decide = TypeVar("Decide", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """One decision of the product, as shown on the page of rules."""

    key: str
    says: str
    source: str
    since: str
    function: Callable[..., Any]
    examples: tuple[tuple[dict[str, Any], Any], ...] = ()


RULES: dict[str, Rule] = {}


def rule(
    *, says: str, source: str, since: str, examples: tuple[tuple[dict[str, Any], Any], ...] = ()
) -> Callable[[Decide], Decide]:
    """Register a pure function as a rule; ``examples`` are (arguments, answer) and are tested."""

    def keep(function: Decide) -> Decide:
        key = f"{function.__module__}.{function.__qualname__}"
        RULES[key] = Rule(key, says, source, since, function, examples)
        return function

    return keep
