"""What every endpoint of the API has in common: pages of rows, and refusals as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

MOST_AT_ONCE = 500
USUAL_PAGE = 50
# Far below what a database counts in: a larger number is a mistake, and is said so.
FARTHEST = 1_000_000
LARGEST_ID = 2**63 - 1


class Refusal(Schema):
    """Why something was not done: ``code`` and ``details`` for programs, the rest for people."""

    code: str
    sentence: str
    field: str | None = None
    hint: str = ""
    details: dict[str, Any] | None = None


class Paging(Schema):
    """Which part of a long list."""

    limit: int = Field(USUAL_PAGE, ge=1, le=MOST_AT_ONCE)
    offset: int = Field(0, ge=0, le=FARTHEST)


class RequestBody(Schema):
    """The body of a question: a name that nobody knows is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid")


def answers(shape: Any) -> Mapping[Any, Any]:
    """Return what an endpoint may answer: the shape, or a refusal in words."""
    return {200: shape, frozenset({400, 401, 404, 413, 422}): Refusal}
