"""Who goes from door to door, and in which order the doors of a stairwell come."""

from __future__ import annotations

import re

from linli.core.rules import rule

MAY_GO_ROUND = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
WALKS_ALL_DAY = frozenset({"community_worker", "grid_worker"})  # their way comes first on 今日
SEES_NEIGHBOURS = frozenset({"micro_grid_lead"})  # say 见到了 at a door, without a round
SEEN = "rounds.seen"  # the step that contacts noted by one tap belong to
LONGEST_WORDS = 2000


@rule(
    says="走户先按单元、再按楼层从下往上、再按室号",
    source="千头万绪：一人一单，爬一趟楼办完",
    since="2026-11-23",
    examples=(
        ({"stairwell": "1/", "floor": 2, "door": "201"}, ("1/", 2, 201, "201")),
        ({"stairwell": "1/", "floor": None, "door": "商铺"}, ("1/", 0, 0, "商铺")),
    ),
)
def place_in_round(*, stairwell: str, floor: int | None, door: str) -> tuple[str, int, int, str]:
    """Return what doors are sorted by."""
    digits = re.search(r"\d+", door)
    return (stairwell, floor or 0, int(digits.group()) if digits else 0, door)
