"""When a message may go out, by which way, how long to wait, what a text may say: no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from linli.core.rules import rule

MAY_SEND = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
# An answer to somebody is told by whoever gave it.
MAY_TELL = MAY_SEND | {"property_manager", "micro_grid_lead"}
# Whoever dispatches a case may learn that it is confidential.
MAY_HIDE = frozenset({"subdistrict_officer", "secretary", "community_worker"})
MAY_SET_CHANNELS = frozenset({"subdistrict_officer"})
MAY_WRITE_TEMPLATES = frozenset({"subdistrict_officer", "secretary", "community_worker"})

LONGEST_SUBJECT = 60
LONGEST_TEXT = 500
LONGEST_ANSWER = 200
MOST_RECIPIENTS = 20_000
MOST_ON_CALL_SHEET = 200
KEEPS_TEXT_DAYS = 365

QUIET_FROM, QUIET_UNTIL = time(22, 0), time(7, 0)
SENDING_AT_MOST = timedelta(minutes=10)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60, 120))
LONGEST_WAIT = WAITS[-1]

PLACEHOLDERS = ("姓名", "地点", "日期", "链接")
_BRACED = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_STRAY = re.compile(r"[{}｛｝]")


@rule(
    says="22点到次日7点不发通知（紧急的除外），早上7点接着发",
    source="设计：不打扰时段",
    since="2026-11-23",
    examples=(
        ({"at": datetime(2026, 11, 23, 21, 59), "urgent": False}, True),  # noqa: DTZ001
        ({"at": datetime(2026, 11, 23, 22, 0), "urgent": False}, False),  # noqa: DTZ001
        ({"at": datetime(2026, 11, 24, 6, 59), "urgent": False}, False),  # noqa: DTZ001
        ({"at": datetime(2026, 11, 24, 7, 0), "urgent": False}, True),  # noqa: DTZ001
        ({"at": datetime(2026, 11, 24, 3, 0), "urgent": True}, True),  # noqa: DTZ001
    ),
)
def may_send_at(*, at: datetime, urgent: bool) -> bool:
    """May a message go out at this time in China?"""
    return urgent or QUIET_UNTIL <= at.time() < QUIET_FROM


@rule(
    says="通道不通时，隔1、2、5、10、30、60、120分钟再试，之后每2小时试一次；消息一直留着",
    source="设计：通道断一天不丢一条",
    since="2026-11-23",
    examples=(
        ({"failures": 1}, timedelta(minutes=1)),
        ({"failures": 3}, timedelta(minutes=5)),
        ({"failures": 40}, timedelta(minutes=120)),
    ),
)
def wait_after(*, failures: int) -> timedelta:
    """How long a channel rests after it failed so many times in a row."""
    return WAITS[min(max(failures, 1), len(WAITS)) - 1]


def is_due(*, next_try: datetime | None, now: datetime) -> bool:
    """Is it time to try again? A time further off than any wait comes from a clock set back."""
    return next_try is None or next_try <= now or next_try > now + LONGEST_WAIT


@rule(
    says="“正在发”超过10分钟没有下文的，列为“不确定”，由人判断是否重发，系统不猜",
    source="设计：先记意图再发送；崩溃后不猜",
    since="2026-11-23",
    examples=(({"minutes": 9}, False), ({"minutes": 11}, True), ({"minutes": -30}, True)),
)
def is_lost(*, minutes: float) -> bool:
    """Is nothing known any more of a message that began to go out so many minutes ago?

    A beginning that lies in the future comes from a clock set back.
    """
    return abs(minutes) > SENDING_AT_MOST.total_seconds() / 60


@rule(
    says="按本人的联系偏好：电话、上门、联系家属的进电话通知单；其余有手机的发短信，没有的打电话",
    source="设计：每个人用他用得上的方式被通知到（R4）",
    since="2026-11-23",
    examples=(
        ({"preferred": "message", "phone": "mobile"}, "sms"),
        ({"preferred": "wechat", "phone": "mobile"}, "sms"),
        ({"preferred": "phone", "phone": "mobile"}, "call"),
        ({"preferred": "", "phone": "landline"}, "call"),
        ({"preferred": "", "phone": "", "has_email": True}, "email"),
        ({"preferred": "", "phone": ""}, "call"),
        ({"preferred": "", "phone": "mobile", "has_account": True}, "inbox"),
    ),
)
def channel_for(
    *, preferred: str, phone: str, has_email: bool = False, has_account: bool = False
) -> str:
    """By which way one recipient is told; ``phone`` is "mobile", another kind, or ""."""
    if has_account:
        return "inbox"
    if preferred in ("phone", "visit", "family"):
        return "call"
    if phone == "mobile":
        return "sms"
    return "email" if has_email else "call"


def wrong_placeholders(text: str) -> tuple[str, ...]:
    """Return what stands in braces and is no placeholder; a brace alone counts as one."""
    unknown = [found for found in _BRACED.findall(text) if found.strip() not in PLACEHOLDERS]
    rest = _STRAY.findall(_BRACED.sub("", text))
    return tuple(dict.fromkeys([*unknown, *rest]))


def asks_for(text: str, placeholder: str) -> bool:
    """Does a text use this placeholder?"""
    return any(found.strip() == placeholder for found in _BRACED.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values into the placeholders of a text."""
    return _BRACED.sub(lambda found: values.get(found[1].strip(), ""), text)
