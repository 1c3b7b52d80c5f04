"""Reading cases: the only way to their rows."""

from linli.capabilities.cases.queries.board import Board, board
from linli.capabilities.cases.queries.cases import (
    TimelineStep,
    case_or_not_found,
    cases,
    categories,
    category_choices,
    category_to_choose,
    hidden_cases,
    reports_of,
    sees_all,
    shares_of,
    timeline,
)
from linli.capabilities.cases.queries.public import (
    PublicCase,
    by_tracking,
    public_case,
    public_places,
)
from linli.capabilities.cases.queries.suggestions import (
    TextSuggestion,
    corrections,
    model,
    similar_open,
    suggest,
    topics,
)

__all__ = [
    "Board",
    "PublicCase",
    "TextSuggestion",
    "TimelineStep",
    "board",
    "by_tracking",
    "case_or_not_found",
    "cases",
    "categories",
    "category_choices",
    "category_to_choose",
    "corrections",
    "hidden_cases",
    "model",
    "public_case",
    "public_places",
    "reports_of",
    "sees_all",
    "shares_of",
    "similar_open",
    "suggest",
    "timeline",
    "topics",
]
