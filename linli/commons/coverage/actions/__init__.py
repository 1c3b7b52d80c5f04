"""What is done to coverages and their households: one function per thing somebody does."""

from linli.commons.coverage.actions.lists import (
    carry_on,
    close_coverage,
    may_reach,
    may_start,
    open_coverage,
    top_up,
)
from linli.commons.coverage.actions.moves import move_task_of, settle_move
from linli.commons.coverage.actions.results import correct, hold, record

__all__ = [
    "carry_on",
    "close_coverage",
    "correct",
    "hold",
    "may_reach",
    "may_start",
    "move_task_of",
    "open_coverage",
    "record",
    "settle_move",
    "top_up",
]
