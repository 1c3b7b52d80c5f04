"""Who may change the directory and who sees a personal number: no Django, no clock."""

from __future__ import annotations

from linli.core.rules import rule

MAY_EDIT_PARTIES = frozenset({"subdistrict_officer", "secretary", "community_worker"})
SEES_PERSONAL_NUMBERS = frozenset(
    {"subdistrict_officer", "secretary", "community_worker", "grid_worker"}
)
MOST_CONTACTS = 20
LONGEST_NAME = 80
SHORTEST_REASON = 2


@rule(
    says="联系人的私人号码只给街道干部、书记、社区工作者和网格员看；单位公开的号码人人可拨",
    source="个人信息保护法第6条：最小范围",
    since="2026-11-23",
    examples=(
        ({"role": "grid_worker", "is_personal": True}, True),
        ({"role": "property_manager", "is_personal": True}, False),
        ({"role": "property_manager", "is_personal": False}, True),
    ),
)
def sees_number(*, role: str, is_personal: bool) -> bool:
    """Does this role see the number of a contact?"""
    return not is_personal or role in SEES_PERSONAL_NUMBERS | {"system"}
