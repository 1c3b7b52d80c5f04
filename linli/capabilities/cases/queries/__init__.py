"""Reading cases: the only way to their rows."""

from linli.capabilities.cases.queries.board import Board, board
from linli.capabilities.cases.queries.case_status import (
    danger_of_case,
    days_left,
    is_danger,
    open_dangers,
)
from linli.capabilities.cases.queries.cases import (
    TimelineStep,
    case_or_not_found,
    cases,
    categories,
    categories_found,
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
from linli.capabilities.cases.queries.search import dangers_first, find_cases
from linli.capabilities.cases.queries.suggestions import (
    TextSuggestion,
    corrections,
    likely_categories,
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
    "categories_found",
    "category_to_choose",
    "corrections",
    "danger_of_case",
    "dangers_first",
    "days_left",
    "find_cases",
    "hidden_cases",
    "is_danger",
    "likely_categories",
    "model",
    "open_dangers",
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
