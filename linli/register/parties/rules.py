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


STATIONS = ("居委会", "居民委员会", "党群服务", "便民服务", "社区服务", "社区工作站", "街道办")


@rule(
    says="名称或类别是居委会、党群服务中心、便民服务中心、社区工作站、街道办的，就是那里自己的单位",
    source="设计：请外面的人回电要有一个总机",
    since="2026-11-30",
    examples=(
        ({"name": "殷家社区居委会", "kind": "社区"}, True),
        ({"name": "殷家社区卫生服务站", "kind": "医疗"}, False),
    ),
)
def is_station(*, name: str, kind: str) -> bool:
    """Is an organisation the community's or the subdistrict's own office?"""
    return any(word in name or word in kind for word in STATIONS)


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
