"""Decisions about answers that leave the product."""

from __future__ import annotations

from linli.core.rules import rule

# Up to this many rows one person may take away; a longer list needs a second person's consent.
ALONE_UP_TO = 500
LONGEST_LIST = 50_000
LIST_PAGE = 50
CONSENT_DAYS = 3
SHORTEST_PURPOSE = 4


@rule(
    says="一次带走超过500人的名单，须第二人同意",
    source="个人信息保护法第6、51条；一份6000人名单被转发的教训",
    since="2026-11-23",
    examples=(({"rows": 500}, False), ({"rows": 501}, True)),
)
def needs_second_person(*, rows: int) -> bool:
    """Does taking away this many rows need somebody else's consent?"""
    return rows > ALONE_UP_TO


@rule(
    says="同意人不能是申请人本人",
    source="设计：批量导出须两人",
    since="2026-11-23",
    examples=(({"asked_by": 1, "consents": 1}, False), ({"asked_by": 1, "consents": 2}, True)),
)
def may_consent(*, asked_by: int, consents: int) -> bool:
    """May this user consent to what that user asked for?"""
    return asked_by != consents
