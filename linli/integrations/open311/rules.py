"""Who may use Open311 for what, and how often: no Django."""

from __future__ import annotations

from linli.core.rules import rule

MOST_AN_HOUR = {"report": 20, "token": 60}  # of one address on the internet


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
