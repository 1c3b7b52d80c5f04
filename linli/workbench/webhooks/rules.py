"""When to try again, when to stop, where nothing is ever sent: no Django, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linli.core.network import public_addresses
from linli.core.rules import rule

MAY_MANAGE = frozenset({"subdistrict_officer"})
LONGEST_URL = 500
MOST_WEBHOOKS = 20
LONGEST_NAME = 60

# A message that was being sent when the program ended: after this long nobody is sending it.
CLAIM_MINUTES = 5
KEPT_DAYS = 30
MOST_AT_ONCE = 50  # to one program, before the next one has its turn
TURN_SECONDS = 30.0  # nor longer than this
REST = timedelta(seconds=30)  # for a program that did not answer

WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
STOPS_AFTER = timedelta(days=3)
RECEIVED, GONE = range(200, 300), 410

_FIRST = datetime(2026, 11, 20, 8, tzinfo=UTC)  # of the example below


@rule(
    says="没送达就越等越久再发：30秒、5分、30分、2小时……最后一次隔24小时，共10次",
    source="Standard Webhooks 约定；设计：先记下再发，带同一编号重发",
    since="2026-11-23",
    examples=(
        ({"tries": 1}, timedelta(seconds=30)),
        ({"tries": 4}, timedelta(hours=2)),
        ({"tries": 10}, None),
    ),
)
def wait_after(*, tries: int) -> timedelta | None:
    """Return how long to wait after this many tries; None means it is given up."""
    return WAITS[tries - 1] if 1 <= tries <= len(WAITS) else None


@rule(
    says="一个地址连续3天没有一次送达，就停用并在页面上标明；一次送达就重新起算",
    source="设计：坏掉的通道要看得见",
    since="2026-11-23",
    examples=(
        ({"failing_since": _FIRST, "now": _FIRST + timedelta(hours=71)}, False),
        ({"failing_since": _FIRST, "now": _FIRST + timedelta(hours=72)}, True),
        ({"failing_since": None, "now": _FIRST}, False),
    ),
)
def stops(*, failing_since: datetime | None, now: datetime) -> bool:
    """Has an address failed for so long that nothing is sent there any more?"""
    return failing_since is not None and now - failing_since >= STOPS_AFTER


@rule(
    says="不向内网、本机、链路本地、云主机元数据等地址发送",
    source="OWASP 服务端请求伪造（SSRF）防护",
    since="2026-11-23",
    examples=(
        ({"address": "127.0.0.1"}, False),
        ({"address": "10.1.2.3"}, False),
        ({"address": "169.254.169.254"}, False),
        ({"address": "::ffff:192.168.0.1"}, False),
        ({"address": "8.8.8.8"}, True),
    ),
)
def may_reach(*, address: str) -> bool:
    """May something be sent to this internet address?"""
    return public_addresses.may_reach(address)
