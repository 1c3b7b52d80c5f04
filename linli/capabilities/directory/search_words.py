"""What is asked of the directory: the moment, the topics, and the words that are left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.numerals import to_number
from linli.register.parties.topics import HelpTopic, topics_named

GAP = "|"  # what was understood is taken out of the text and leaves a gap
USUAL_HOUR = {
    "凌晨": 3,
    "清晨": 6,
    "早上": 8,
    "早晨": 8,
    "上午": 10,
    "中午": 12,
    "下午": 15,
    "傍晚": 18,
    "晚上": 20,
    "晚间": 20,
    "夜晚": 20,
    "夜里": 23,
    "夜间": 23,
    "半夜": 23,
    "深夜": 23,
    "午夜": 23,
    "今晚": 20,
    "明晚": 20,
    "明早": 8,
    "今夜": 23,
    "morning": 9,
    "noon": 12,
    "afternoon": 15,
    "evening": 19,
    "tonight": 20,
    "night": 23,
    "midnight": 23,
}
LATE = ("下午", "傍晚", "晚上", "晚间", "夜晚", "今晚", "明晚", "afternoon", "evening", "tonight")
NIGHT = ("夜里", "夜间", "半夜", "深夜", "午夜", "今夜", "night", "midnight")
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TEN = 10  # the hour meant when only a day is said
STILL = 4  # hours that a part of the day lasts

_SPOKEN = re.compile(r"[零一二两三四五六七八九十]+(?=点)")
_NOW = re.compile(r"现在|此刻|眼下|这会儿|马上|立刻|立即|\bright now\b|\bnow\b|\bat once\b")
_DAY = re.compile(
    r"(?P<near>今天|今日|明天|后天|\btoday\b|\btomorrow\b)"
    r"|(?:下)?(?:本|这)?(?:周|星期|礼拜)(?P<nth>[一二三四五六日天])"
    r"|(?P<weekend>周末|双休日|\bweekend\b)"
    rf"|\b(?P<english>{'|'.join(ENGLISH_DAYS)})\b"
)
_PART = re.compile("|".join(re.escape(w) if not w.isascii() else rf"\b{w}\b" for w in USUAL_HOUR))
_CLOCK = re.compile(
    r"\b(?:at\s+)?(?P<eh>\d{1,2})(?::(?P<em>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)"
    r"|(?P<h>\d{1,2})(?:点(?:(?P<m>\d{1,2})分?|(?P<halfpast>半)|(?P<quarter>一刻))?钟?"
    r"|:(?P<cm>\d{2}))"
)


@dataclass(frozen=True)
class Moment:
    """When it is wanted; ``is_said`` when the text says so, else it is now."""

    at: datetime
    is_said: bool


def read_moment(text: str, now: datetime) -> tuple[Moment, str]:
    """Return the moment a text asks for and the text without it."""
    rest = _SPOKEN.sub(lambda said: str(to_number(said.group())), for_matching(text))
    matches: dict[str, re.Match[str]] = {}
    for name, pattern in (("clock", _CLOCK), ("day", _DAY), ("part", _PART), ("now", _NOW)):
        match = pattern.search(rest)
        if match is not None and (name != "clock" or _time_of(match, "") is not None):
            matches[name] = match
            # The gap is as long as what it replaces: the positions of later matches stay right.
            rest = rest[: match.start()] + GAP * (match.end() - match.start()) + rest[match.end() :]
    if not {"clock", "day", "part"} & set(matches):
        return Moment(now, "now" in matches), rest
    return Moment(_moment(matches, now), True), rest


def _moment(matches: dict[str, re.Match[str]], now: datetime) -> datetime:
    part = matches["part"].group() if "part" in matches else ""
    clock = _time_of(matches["clock"], part) if "clock" in matches else None
    hour, minute = clock or (USUAL_HOUR.get(part, TEN), 0)
    ahead, is_fixed = _days_ahead(matches.get("day"), part, now)
    if part in ("今晚", "今夜", "tonight") and hour < 6:
        ahead += 1  # three o'clock tonight is tomorrow's
    at = now.replace(hour=hour % 24, minute=minute, second=0, microsecond=0)
    at += timedelta(days=ahead + hour // 24)
    if clock is None and "day" not in matches and now - timedelta(hours=STILL) <= at <= now:
        return now  # "in the evening", said in the evening
    if not is_fixed and at < now - timedelta(minutes=1):
        # What is past is meant for the next time: nobody asks who came yesterday.
        at += timedelta(days=7 if "day" in matches else 1)
    return at


def _days_ahead(day: re.Match[str] | None, part: str, now: datetime) -> tuple[int, bool]:
    """Return how many days ahead it is, and whether the day is fixed even if the hour is past."""
    if part in ("今晚", "今夜", "tonight"):
        return 0, True
    if part in ("明早", "明晚"):
        return 1, True
    if day is None:
        return 0, False
    if day["near"]:
        return {"明天": 1, "后天": 2, "tomorrow": 1}.get(day["near"], 0), True
    if day["weekend"]:
        wanted = 5 if now.weekday() < 5 else now.weekday()
    elif day["nth"]:
        wanted = "一二三四五六日".index(day["nth"].replace("天", "日"))
    else:
        wanted = ENGLISH_DAYS.index(day["english"])
    later = 7 if day.group().startswith("下") else 0
    # 下周三 is the Wednesday of the week after this one, counted from Monday.
    return (
        (wanted - now.weekday() + later, True) if later else ((wanted - now.weekday()) % 7, False)
    )


def _time_of(clock: re.Match[str], part: str) -> tuple[int, int] | None:
    if clock["half"]:
        hour, minute = int(clock["eh"]) % 12, int(clock["em"] or 0)
        hour += 12 if clock["half"].startswith("p") else 0
        return (hour, minute) if int(clock["eh"]) <= 12 and minute < 60 else None
    hour = int(clock["h"])
    minute = 30 if clock["halfpast"] else 15 if clock["quarter"] else 0
    minute = int(clock["m"] or clock["cm"] or minute)
    if hour > 24 or minute > 59:
        return None
    # 晚上2点 is two at night, and 下午2点 is not.
    is_after_midnight = hour < 5 and part not in ("下午", "傍晚", "afternoon")
    if (part in LATE and hour < 12 and not is_after_midnight) or (part in NIGHT and 6 < hour < 12):
        hour += 12
    elif part in NIGHT and hour == 12:
        hour = 24
    if part == "中午" and hour < 3:
        hour += 12
    return hour, minute


@dataclass(frozen=True)
class Topics:
    """What is wanted: the thing itself, and what is wrong with it."""

    main: tuple[HelpTopic, ...]
    other: tuple[HelpTopic, ...]


def read_topics(text: str) -> tuple[Topics, str]:
    """Return the topics of a text and the text without them; of things, each counts.

    For 漏水的电梯 the lift is the thing and the leak what is wrong with it: the plumber comes last.
    """
    named = topics_named(text)
    rest = text
    for name in named:
        rest = rest[: name.start] + GAP * (name.end - name.start) + rest[name.end :]
    every = list(dict.fromkeys(name.topic for name in named))
    things = [name for name in every if name.is_thing]
    main = things or every
    return Topics(tuple(main), tuple(name for name in every if name not in main)), rest


_EMPTY = (
    r"谁能?|哪个|哪家|哪里|什么|怎么办|怎么|可以|请问|帮忙|帮我|我们|我家|我要|家里|我|这里|这儿|这边|附近|"
    r"本小区|本社区|本地|有没有|有人|人来|过来|上门|来修|维修|修理|修一下|修|处理|解决|联系|电话|号码|"
    r"打给|找|能|来|在|的|了|吗|呢|啊|吧|要|去|把|被|给|和|跟|或|有|没|不|坏了|坏|出|到|里|时候|"
    r"开着|开门|上班|值班|急|一下|这个|那个|是|也|就|有个|个"
)
_AT_THE_EDGES = re.compile(rf"^(?:{_EMPTY})+|(?:{_EMPTY})+$")
_ENGLISH = re.compile(
    r"\b(?:who|can|could|comes?|to|for|a|an|the|at|in|on|here|is|are|my|our|we|i|me|please|help|"
    r"fix|repair|call|need|with|someone|anybody|there|open|of|near|which|what|does|do|phone|"
    r"number|broken)\b"
)
_WORD = re.compile(r"[^\s\W_]+")


def is_here(text: str) -> bool:
    """Does the text say "here"?"""
    return bool(re.search(r"这里|这儿|这边|本小区|本社区|\bhere\b", for_matching(text)))


def words_left(text: str) -> list[str]:
    """Return the words that say something and were not understood yet."""
    pieces = [_AT_THE_EDGES.sub("", one) for one in _WORD.findall(_ENGLISH.sub(GAP, text))]
    return list(dict.fromkeys(piece for piece in pieces if piece))
