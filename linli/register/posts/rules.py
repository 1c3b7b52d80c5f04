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

READS_REGISTER = frozenset(TABLE) - {"auditor"}
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
    says="个人信息默认遮盖；照护信息对物业和微网格长不可见；审计员只看日志",
    source="个人信息保护法第28、51条；设计：最少够用",
    since="2026-11-23",
    examples=(
        ({"role": "grid_worker", "sensitivity": "personal"}, Access.MASKED),
        ({"role": "property_manager", "sensitivity": "care"}, Access.HIDDEN),
    ),
)
def access(*, role: str, sensitivity: str) -> Access:
    """How does this role see values of this sensitivity?"""
    if sensitivity == PUBLIC:
        return Access.OPEN
    return TABLE.get(role, {}).get(sensitivity, Access.HIDDEN)
