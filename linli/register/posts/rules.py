"""Who sees how much: role × sensitivity, in one table."""

from __future__ import annotations

from enum import StrEnum

from linli.core.rules import rule


class Access(StrEnum):
    """How a value reaches the eye."""

    OPEN = "open"
    MASKED = "masked"
    HIDDEN = "hidden"


PUBLIC, INTERNAL, PERSONAL, CARE = "public", "internal", "personal", "care"

# Personal values are masked for everybody; a reveal takes a purpose and lasts a minute.
# Care data (health, disability, hardship) is for those who give care, not for managers of estates
# or for neighbours who lead a stairwell.
TABLE: dict[str, dict[str, Access]] = {
    "subdistrict_officer": {INTERNAL: Access.OPEN, PERSONAL: Access.MASKED, CARE: Access.OPEN},
    "secretary": {INTERNAL: Access.OPEN, PERSONAL: Access.MASKED, CARE: Access.OPEN},
    "community_worker": {INTERNAL: Access.OPEN, PERSONAL: Access.MASKED, CARE: Access.OPEN},
    "grid_worker": {INTERNAL: Access.OPEN, PERSONAL: Access.MASKED, CARE: Access.OPEN},
    "micro_grid_lead": {INTERNAL: Access.OPEN, PERSONAL: Access.MASKED, CARE: Access.HIDDEN},
    "property_manager": {INTERNAL: Access.OPEN, PERSONAL: Access.MASKED, CARE: Access.HIDDEN},
    "auditor": {INTERNAL: Access.HIDDEN, PERSONAL: Access.HIDDEN, CARE: Access.HIDDEN},
    "system": {INTERNAL: Access.OPEN, PERSONAL: Access.OPEN, CARE: Access.OPEN},
}

# Least data: what is not named here is hidden from these roles, whatever its sensitivity. A
# private company and a neighbour who leads a stairwell know doors; subjects that are not named
# (buildings, facilities) follow the table above. Reviewed in docs/permissions.md.
_LEVELS = ("subdistrict", "community", "estate", "grid", "micro_grid", "building", "entrance")
_HOME = (
    *_LEVELS,
    "floor",
    "area",
    "dwelling_usage",
    "floors",
    "built_year",
    "building_age",
    "has_lift",
    "lift_count",
    "structure",
    "building_usage",
    "property_managed",
    "gatekeeper",
)
_OF_DWELLING = ("address", "door", "household_count", "ended_on", "confirmed_on")
Allowed = dict[str, dict[str, Access]]


def _allowed(*keys: str, masked: tuple[str, ...] = ()) -> dict[str, Access]:
    return dict.fromkeys(keys, Access.OPEN) | dict.fromkeys(masked, Access.MASKED)


ALLOWED: dict[str, Allowed] = {
    "property_manager": {
        "person": _allowed("address", "tenure", *_HOME, masked=("name", "phone")),
        "household": _allowed("address", "number", *_HOME, masked=("head_name",)),
        "dwelling": _allowed(*_OF_DWELLING, *_HOME),
    },
    "micro_grid_lead": {
        "person": _allowed(
            "name",
            "sex",
            "age",
            "older",
            "very_old",
            "centenarian",
            "lives_alone",
            "empty_nest",
            "household_size",
            "address",
            "tenure",
            "relation_to_head",
            "volunteer",
            "status",
            "preferred_channel",
            "confirmed_on",
            *_HOME,
            masked=("phone",),
        ),
        "household": _allowed(
            "address",
            "number",
            "head_name",
            "size",
            "oldest_age",
            "lives_alone",
            "empty_nest",
            "confirmed_on",
            "ended_on",
            *_HOME,
        ),
        "dwelling": _allowed(*_OF_DWELLING, "resident_count", *_HOME),
    },
}
STRICTEST = (Access.HIDDEN, Access.MASKED, Access.OPEN)

READS_REGISTER = frozenset(TABLE) - {"auditor"}
# Residents' files and searching for people: for those who serve people, not for a company.
READS_PEOPLE = READS_REGISTER - {"property_manager"}
# Who is shown nobody below 14: sensitive data, with the guardian's consent only (个保法 28, 31).
SEES_NO_CHILDREN = frozenset({"property_manager", "micro_grid_lead"})
MAY_REVEAL = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
MAY_EDIT_PEOPLE = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
MAY_EDIT_PLACES = frozenset({"subdistrict_officer", "secretary", "community_worker"})
MAY_SHAPE_GRIDS = frozenset({"subdistrict_officer", "secretary"})
MAY_GIVE_POSTS = frozenset({"subdistrict_officer", "secretary"})
MAY_EXPORT = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
MAY_IMPORT = frozenset({"subdistrict_officer", "secretary", "community_worker"})
MAY_READ_LOGS = frozenset({"auditor", "subdistrict_officer"})
NEEDS_SECOND_FACTOR = frozenset({"subdistrict_officer", "auditor"})

REVEAL_SECONDS = 60
LEAVER_OUT_WITHIN_SECONDS = 60


@rule(
    says="个人信息默认遮盖；照护信息对物业和微网格长不可见，他们只看名单里列明的几项；审计员只看日志",
    source="个人信息保护法第6、28、51条；设计：最少够用",
    since="2026-11-29",
    examples=(
        ({"role": "grid_worker", "sensitivity": "personal"}, Access.MASKED),
        ({"role": "property_manager", "sensitivity": "care"}, Access.HIDDEN),
        (
            {
                "role": "property_manager",
                "sensitivity": "internal",
                "subject": "person",
                "field": "ethnicity",
            },
            Access.HIDDEN,
        ),
        (
            {
                "role": "property_manager",
                "sensitivity": "internal",
                "subject": "person",
                "field": "name",
            },
            Access.MASKED,
        ),
    ),
)
def access(*, role: str, sensitivity: str, subject: str = "", field: str = "") -> Access:
    """How does this role see values of this sensitivity, and of this field if one is named?"""
    by_kind = Access.OPEN
    if sensitivity != PUBLIC:
        by_kind = TABLE.get(role, {}).get(sensitivity, Access.HIDDEN)
    allowed = ALLOWED.get(role, {}).get(subject)
    if allowed is None:
        return by_kind
    return min(by_kind, allowed.get(field, Access.HIDDEN), key=STRICTEST.index)


@rule(
    says="遮盖着的信息不能用来查询、排序、分类和统计：看到的是遮盖，问到的也只是有没有",
    source="个人信息保护法第6、51条；设计：看不到的问不出来",
    since="2026-11-29",
    examples=(
        ({"access": Access.OPEN, "is_known": False}, True),
        ({"access": Access.MASKED, "is_known": False}, False),
        ({"access": Access.MASKED, "is_known": True}, True),
        ({"access": Access.HIDDEN, "is_known": True}, False),
    ),
)
def may_be_asked(*, access: Access, is_known: bool) -> bool:
    """May this be asked of a fact seen so? ``is_known``: only whether there is a value at all."""
    return access is Access.OPEN or (access is Access.MASKED and is_known)


@rule(
    says="未满14周岁的孩子不列给物业和微网格长",
    source="个人信息保护法第28、31条：不满十四周岁未成年人的个人信息是敏感个人信息",
    since="2026-11-29",
    examples=(({"role": "micro_grid_lead"}, False), ({"role": "grid_worker"}, True)),
)
def sees_children(*, role: str) -> bool:
    """Are children below 14 shown to this role?"""
    return role not in SEES_NO_CHILDREN


# Where a role makes sense, and who may give it: nobody gives more than they hold.
STANDS_AT: dict[str, tuple[str, ...]] = {
    "subdistrict_officer": ("subdistrict",),
    "secretary": ("community",),
    "community_worker": ("community",),
    "grid_worker": ("grid",),
    "micro_grid_lead": ("micro_grid", "building", "entrance"),
    "property_manager": ("estate", "building"),
    "auditor": ("subdistrict", "community"),
}
BELOW_SECRETARY = ("community_worker", "grid_worker", "micro_grid_lead", "property_manager")
MAY_ISSUE_TOKENS = MAY_EXPORT
LONGEST_TOKEN_DAYS = 366
SHORTEST_TOKEN_PURPOSE = 4


@rule(
    says="街道干部可任命各岗位；社区书记只任命本社区的工作者、网格员、微网格长和物业经理",
    source="设计：岗位由上级任命，不得自我扩权",
    since="2026-11-23",
    examples=(
        ({"giver": "secretary", "given": "grid_worker"}, True),
        ({"giver": "secretary", "given": "subdistrict_officer"}, False),
    ),
)
def may_give_role(*, giver: str, given: str) -> bool:
    """May the holder of one role give another?"""
    if giver in ("subdistrict_officer", "system"):
        return given in STANDS_AT
    return giver == "secretary" and given in BELOW_SECRETARY


@rule(
    says="岗位落在与角色相称的地方：网格员在网格，物业经理在小区或楼栋",
    source="设计：范围就是岗位所在的地方",
    since="2026-11-23",
    examples=(
        ({"role": "grid_worker", "kind": "grid"}, True),
        ({"role": "grid_worker", "kind": "dwelling"}, False),
    ),
)
def stands_at(*, role: str, kind: str) -> bool:
    """Can this role stand at a place of this kind?"""
    return kind in STANDS_AT.get(role, ())


@rule(
    says="生产环境中街道干部和审计员必须设置第二道验证",
    source="网络安全等级保护基本要求 GB/T 22239 8.1.4.1",
    since="2026-11-23",
    examples=(
        ({"role": "auditor", "is_set": False}, True),
        ({"role": "grid_worker", "is_set": False}, False),
    ),
)
def must_set_second_factor(*, role: str, is_set: bool) -> bool:
    """Must the holder set a second factor before going on?"""
    return role in NEEDS_SECOND_FACTOR and not is_set


RESET_WAITS_DAYS = 3


@rule(
    says="重设别人的第二道验证要两个人：一人申请，另一人在3天内确认",
    source="网络安全等级保护基本要求 GB/T 22239 8.1.4.1；设计：一个人拿不走别人的账号",
    since="2026-11-30",
    examples=(
        ({"asked_by": 1, "agrees": 1}, False),
        ({"asked_by": 1, "agrees": 2}, True),
        ({"asked_by": 1, "agrees": None}, False),
    ),
)
def is_second_person(*, asked_by: int, agrees: int | None) -> bool:
    """Is it another person who agrees?"""
    return agrees is not None and agrees != asked_by


# By name alone there are many: five of a stranger's locked a worker out everywhere (0023).
WRONG_TRIES: dict[str, tuple[int, int]] = {
    # (how many, in how many seconds)
    "pair": (5, 15 * 60),
    "device": (10, 15 * 60),
    "name": (30, 3600),
    "address": (100, 3600),
}


@rule(
    says="密码或验证码：同一地址对同一用户名错5次，停15分钟；没登录过的设备对同一用户名共错30次，停1小时；"
    "同一地址共错100次，停1小时。本人登录过的设备另算，不受别人影响：错10次，停15分钟",
    source="设计：锁住猜的人，不锁住本人；网络安全等级保护基本要求 GB/T 22239 8.1.4.1",
    since="2026-11-29",
    examples=(
        ({"counted": "pair"}, (5, 900)),
        ({"counted": "device"}, (10, 900)),
        ({"counted": "name"}, (30, 3600)),
    ),
)
def most_wrong(*, counted: str) -> tuple[int, int]:
    """How many wrong tries, within how many seconds, before one must wait?"""
    return WRONG_TRIES[counted]
