"""Opening hours as people write them: read, asked for a moment, and said in one spelling.

A whole text is understood or refused in words; nothing of it is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.numerals import to_number
from linli.core.errors import Refused
from linli.core.time import CHINA, WorkCalendar

A_DAY = 24 * 60  # minutes
NOON = 12 * 60
EVENING = 17 * 60  # a span that begins later and ends earlier goes on past midnight
LONGEST = 80
LOOKS_AHEAD = 16  # days: longer than any holiday
EVERY_DAY = frozenset(range(7))
WEEKDAYS = "一二三四五六日"
ASSUMING = WorkCalendar(assume_weeks=True)

_WEEK = "(?:周|星期|礼拜)"
_NTH = "[一二三四五六日天1-7]"
_TO = r"\s*(?:至|到|-|~|–|—|－)\s*"
_PART = "(?:凌晨|清晨|早上|早晨|上午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜间|夜晚|晚|早)?"
_CLOCK = r"(\d{1,2})(?:(?::|点|时)(\d{1,2}|半)?(?:分)?)?"
_TOKENS = re.compile(
    rf"(?P<span>(?P<part>{_PART})\s*{_CLOCK}{_TO}(?P<next>次日|第二天|翌日)?\s*"
    rf"(?P<part2>{_PART})\s*{_CLOCK})"
    r"|(?P<always>24小时|24h|全天候|全天|昼夜|随时|不打烊)"
    r"|(?P<free>(?P<freeday>法定节假日|节假日|节日|假日|周末|双休日|周[六日])\s*(?:除外|休息|不上班|休))"
    r"|(?P<usual>(?:法定)?节假日(?:照常|不休息|不休|无休)|全年无休|无休)"
    rf"|(?P<range>{_WEEK}(?P<first>{_NTH}){_TO}{_WEEK}?(?P<last>{_NTH}))"
    rf"|(?P<day>{_WEEK}(?P<one>{_NTH}(?:、?{_NTH}(?![\d:点时]))*))"
    r"|(?P<every>每天|每日|天天|全周|全年|每周七天)"
    r"|(?P<work>(?:法定)?工作日|上班日)"
    r"|(?P<weekend>周末|双休日)"
    r"|(?P<off>法定节假日|节假日|休息日)"
    r"|(?P<filler>值班|值守|营业|开放|门诊|急诊|办公|接听|接待|服务|上班|热线|时间|均可|可预约|"
    r"夜间值班|夜间|白天|日间|有人|的|:|[\s,，;；。、()（）]+)"
)
_SPOKEN = re.compile(r"[零一二两三四五六七八九十]+(?=点|时(?!间))")


@dataclass(frozen=True)
class HoursSpan:
    """From when to when on which days; ``end`` beyond midnight is more than a day's minutes.

    ``days`` are weekdays from Monday; ``kind`` "work" and "off" follow the calendar instead.
    """

    start: int
    end: int
    days: frozenset[int] = EVERY_DAY
    kind: str = "week"


@dataclass(frozen=True)
class Hours:
    """When somebody is there."""

    spans: tuple[HoursSpan, ...]
    closed_on_holidays: bool = False

    @property
    def is_always(self) -> bool:
        """Is somebody there day and night, every day?"""
        return not self.closed_on_holidays and HoursSpan(0, A_DAY) in self.spans

    def is_open(self, moment: datetime, calendar: WorkCalendar = ASSUMING) -> bool:
        """Is somebody there at this moment?"""
        return self.closes(moment, calendar) is not None

    def closes(self, moment: datetime, calendar: WorkCalendar = ASSUMING) -> datetime | None:
        """Return when they leave if they are there at ``moment``, else None."""
        day, minute = _of(moment)
        ends = [
            span.end - back * A_DAY
            # What began yesterday may go on past midnight.
            for back in (0, 1)
            for span in self._on(day - timedelta(days=back), calendar)
            if span.start <= minute + back * A_DAY < span.end
        ]
        return _at(day, max(ends)) if ends else None

    def opens(self, moment: datetime, calendar: WorkCalendar = ASSUMING) -> datetime | None:
        """Return when somebody is there next: now, or the next beginning within two weeks."""
        if self.is_open(moment, calendar):
            return moment
        today, minute = _of(moment)
        for ahead in range(LOOKS_AHEAD):
            day = today + timedelta(days=ahead)
            starts = [span.start for span in self._on(day, calendar)]
            later = [start for start in starts if ahead or start > minute]
            if later:
                return _at(day, min(later))
        return None

    def _on(self, day: date, calendar: WorkCalendar) -> list[HoursSpan]:
        if self.closed_on_holidays and is_holiday(day, calendar):
            return []
        return [span for span in self.spans if _applies(span, day, calendar)]


def _of(moment: datetime) -> tuple[date, int]:
    here = moment.astimezone(CHINA) if moment.tzinfo else moment
    return here.date(), here.hour * 60 + here.minute


def _at(day: date, minutes: int) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return midnight + timedelta(minutes=minutes)


def _applies(span: HoursSpan, day: date, calendar: WorkCalendar) -> bool:
    if span.kind == "week":
        return day.weekday() in span.days
    return calendar.is_working_day(day) == (span.kind == "work")


def is_holiday(day: date, calendar: WorkCalendar = ASSUMING) -> bool:
    """Is it a public holiday, or a weekend within one? An ordinary weekend is none."""
    if calendar.is_working_day(day):
        return False
    return any(
        free_day.weekday() < 5
        for step in (timedelta(days=1), -timedelta(days=1))
        for free_day in _off_run(day, step, calendar)
    )


def _off_run(day: date, step: timedelta, calendar: WorkCalendar) -> list[date]:
    run: list[date] = []
    while not calendar.is_working_day(day) and len(run) < LOOKS_AHEAD:
        run.append(day)
        day += step
    return run


def read_hours(text: str) -> Hours | None:
    """Return the hours a text says; None when it says nothing or was never understood."""
    try:
        return parse_hours(text) if text.strip() else None
    except Refused:
        return None


def parse_hours(text: str) -> Hours:
    """Read the whole text, or refuse it in words that say what was not understood."""
    if len(text) > LONGEST:
        raise Refused("hours.too_long", _("时间最多%(most)s字") % {"most": LONGEST}, "hours")
    return _parse(text)


@lru_cache(maxsize=2048)
def _parse(text: str) -> Hours:
    plain = _SPOKEN.sub(lambda spoken: str(to_number(spoken.group())), for_matching(text))
    reading = _Reading()
    place = 0
    while place < len(plain):
        match = _TOKENS.match(plain, place)
        # A match of nothing would be found at the same place for ever.
        if match is None or match.end() == place:
            raise _not_understood(plain[place:])
        reading.take(match)
        place = match.end()
    return reading.done(text)


def _not_understood(rest: str) -> Refused:
    return Refused(
        "hours.not_understood",
        _("时间里的“%(rest)s”看不懂") % {"rest": rest[:20]},
        "hours",
        _("例如：周一至周五 8:30-17:00；夜间值班 22:00-次日6:00；24小时；工作日 9:00-11:30"),
    )


class _Reading:
    """What has been read so far: days wait for their times."""

    def __init__(self) -> None:
        self.spans: list[HoursSpan] = []
        self.days: set[int] = set()
        self.kinds: list[str] = []
        self.has_times = False
        self.closed: set[int] = set()
        self.holidays_off = False
        self.said_days = False

    def take(self, match: re.Match[str]) -> None:
        """Take one piece of the text."""
        kind = match.lastgroup or ""
        groups = match.groupdict()
        if groups["span"]:
            self._times(*_minutes(match))
        elif groups["always"]:
            self._times(0, A_DAY)
        elif groups["free"]:
            self._free(groups["freeday"])
        elif groups["range"]:
            self._more_days(_range(groups["first"], groups["last"]))
        elif groups["day"]:
            self._more_days({_nth(nth) for nth in groups["one"] if nth != "、"})
        elif groups["weekend"]:
            self._more_days({5, 6})
        elif groups["every"]:
            self._more_days(set(EVERY_DAY))
        elif groups["work"] or groups["off"]:
            self._begin()
            self.kinds.append("work" if groups["work"] else "off")
        elif kind == "":
            raise _not_understood(match.group())

    def _begin(self) -> None:
        if self.has_times:
            self.days, self.kinds, self.has_times = set(), [], False
        self.said_days = True

    def _more_days(self, days: set[int]) -> None:
        self._begin()
        self.days |= days

    def _free(self, text: str) -> None:
        if "节" in text or "假" in text:
            self.holidays_off = True
        else:
            self.closed |= {_nth(text[-1])} if len(text) == 2 and text[-1] in "六日" else {5, 6}

    def _times(self, start: int, end: int) -> None:
        for kind in self.kinds:
            self.spans.append(HoursSpan(start, end, frozenset(), kind))
        if self.days or not self.kinds:
            self.spans.append(HoursSpan(start, end, frozenset(self.days) or EVERY_DAY))
        self.has_times = True

    def done(self, text: str) -> Hours:
        """Return the hours; days without times say too little."""
        if not self.spans or not self.has_times:
            raise Refused(
                "hours.no_times",
                _("“%(text)s”没有写几点到几点") % {"text": text[:40]},
                "hours",
                _("例如：工作日 8:30-17:00；整天有人就写24小时"),
            )
        spans = [
            HoursSpan(span.start, span.end, span.days - self.closed, span.kind)
            for span in self.spans
            if span.kind != "week" or span.days - self.closed
        ]
        return Hours(tuple(spans), self.holidays_off)


def _nth(text: str) -> int:
    return int(text) - 1 if text.isdigit() else "一二三四五六日".index(text.replace("天", "日"))


def _range(first: str, last: str) -> set[int]:
    start, end = _nth(first), _nth(last)
    return {n % 7 for n in range(start, end + 1 if end >= start else end + 8)}


def _minutes(match: re.Match[str]) -> tuple[int, int]:
    """Return the two moments of a span in minutes; the second may lie beyond midnight."""
    clock = [str(match.groups()[n] or "") for n in _CLOCK_GROUPS]
    part, part2 = match["part"], match["part2"]
    start = _clock(clock[0], clock[1], part, match.group())
    end = _clock(clock[2], clock[3], part2 or _carried(part, clock[0], clock[2]), match.group())
    if match["next"]:
        end += A_DAY
    elif end <= start:
        if start < EVENING:
            raise Refused(
                "hours.backwards",
                _("“%(text)s”结束早于开始") % {"text": match.group()},
                "hours",
                _("过夜请写“次日”，下午五点请写17:00"),
            )
        end += A_DAY
    if not 0 < end - start <= A_DAY:
        raise _not_understood(match.group())
    return start, end


# The four numbers of a span among all groups of the pattern: hour and minute, twice.
_CLOCK_GROUPS = tuple(
    n - 1 for n in range(1, _TOKENS.groups + 1) if n not in _TOKENS.groupindex.values()
)[:4]


def _carried(part: str | None, first: str, second: str) -> str:
    """下午2点到5点: the second hour is meant like the first, unless the night lies between."""
    return part if part and int(first) % 12 < int(second) < 12 else ""


def _clock(hour: str, minute: str, part: str | None, text: str) -> int:
    number = int(hour)
    minutes = 30 if minute == "半" else int(minute or 0)
    is_late = part in ("下午", "午后", "傍晚", "晚上", "晚间", "夜晚", "晚")
    if (is_late and number < 12) or (part in ("夜里", "夜间") and 6 < number < 12):
        number += 12
    if number > 24 or minutes > 59 or (number == 24 and minutes):
        raise _not_understood(text)
    return number * 60 + minutes


def hours_words(hours: Hours) -> str:
    """Say hours in one spelling that reads back the same."""
    if hours.is_always:
        return _("24小时")
    grouped: dict[str, list[str]] = {}
    for span in hours.spans:
        grouped.setdefault(_days_words(span), []).append(_times_words(span))
    text = "；".join(f"{days} {'、'.join(times)}".strip() for days, times in grouped.items())
    return text + ("；" + _("节假日休息") if hours.closed_on_holidays else "")


def _times_words(span: HoursSpan) -> str:
    if (span.start, span.end) == (0, A_DAY):
        return _("24小时")
    beyond = span.end > A_DAY
    end = span.end - A_DAY if beyond else span.end
    return f"{clock_words(span.start)}-{_('次日') if beyond else ''}{clock_words(end)}"


def clock_words(minutes: int) -> str:
    """Say a time of day: 8:30."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def _days_words(span: HoursSpan) -> str:
    if span.kind != "week":
        return _("工作日") if span.kind == "work" else _("节假日")
    days = sorted(span.days)
    if len(days) == 7:
        return _("每天")
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"周{WEEKDAYS[days[0]]}至周{WEEKDAYS[days[-1]]}"
    return "、".join(f"周{WEEKDAYS[day]}" for day in days)
