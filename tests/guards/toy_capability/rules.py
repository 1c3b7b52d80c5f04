"""What decides about toys."""

from __future__ import annotations

from linli.core.rules import rule

LONGEST_LOAN = 14


@rule(
    says="玩具最多借十四天",
    source="守护测试",
    since="2026-01-01",
    examples=(({"days": 14}, True), ({"days": 15}, False)),
)
def may_lend_for(*, days: int) -> bool:
    """May a toy be lent for so many days?"""
    return days <= LONGEST_LOAN
