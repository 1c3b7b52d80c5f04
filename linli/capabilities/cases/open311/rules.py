"""What programs may be told of a matter, and how its state is said in GeoReport: no Django."""

from __future__ import annotations

from linli.core.rules import rule

OPEN, CLOSED = "open", "closed"
HOMES = frozenset({"dwelling", "entrance", "micro_grid"})
NEIGHBOURHOODS = ("estate", "community", "subdistrict")
COMMON_PLACES = ("building", "gate", "station", "hall")
MOST_AN_HOUR = {"report": 20, "token": 60}  # of one address on the internet


@rule(
    says="Open311 里只有结案才是 closed；已办、已答复但没结的都还是 open",
    source="Open311 GeoReport v2；设计：关闭不等于解决",
    since="2026-11-23",
    examples=(
        ({"state": "received"}, OPEN),
        ({"state": "answered"}, OPEN),
        ({"state": "closed"}, CLOSED),
    ),
)
def status_of(*, state: str) -> str:
    """Return the status of a matter in the two words that GeoReport has."""
    return CLOSED if state == "closed" else OPEN


@rule(
    says="没有令牌的人看到的地点：家里的事只到小区，楼栋和公共场所的事到那里",
    source="设计：最少够用；个人信息保护法第6条",
    since="2026-11-23",
    examples=(
        ({"kind": "dwelling"}, NEIGHBOURHOODS),
        ({"kind": "building"}, (*COMMON_PLACES, *NEIGHBOURHOODS)),
    ),
)
def kinds_shown(*, kind: str) -> tuple[str, ...]:
    """Return the kinds of places that may be named for a matter at a place of this kind."""
    return NEIGHBOURHOODS if kind in HOMES else (*COMMON_PLACES, *NEIGHBOURHOODS)


@rule(
    says="没有令牌：keys 只能看有哪些事项，read 还能查，write 还能报；凭令牌都可以；off 关闭",
    source="设计：默认最少公开",
    since="2026-11-23",
    examples=(
        ({"setting": "keys", "wish": "services", "has_key": False}, True),
        ({"setting": "keys", "wish": "read", "has_key": False}, False),
        ({"setting": "keys", "wish": "report", "has_key": True}, True),
        ({"setting": "read", "wish": "report", "has_key": False}, False),
        ({"setting": "write", "wish": "report", "has_key": False}, True),
        ({"setting": "off", "wish": "services", "has_key": True}, False),
    ),
)
def may_use(*, setting: str, wish: str, has_key: bool) -> bool:
    """May somebody, with a key or without, see services, read requests or report?"""
    if setting == "off":
        return False
    opened = {
        "services": ("keys", "read", "write"),
        "read": ("read", "write"),
        "report": ("write",),
    }
    return has_key or setting in opened[wish]
