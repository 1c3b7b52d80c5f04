"""Dates as people and spreadsheets write them; what is not clear is refused, never guessed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from linli.core.chinese.normalise import tidy
from linli.core.chinese.numerals import to_number
from linli.core.time.today import CHINA, to_china, today

EARLIEST_YEAR, LATEST_YEAR = 1850, 2200
LONGEST = 40
# Excel counts days from here (its 1900 had a 29 February); Macs counted from 1904 for long.
EXCEL_EPOCH, EXCEL_EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
LATEST_SERIAL = 99_999  # the year 2173; six digits are a year and a month


class Precision(StrEnum):
    """How much of the date was said; a month stands as its first day, a year as 1 January."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class ParsedDate:
    """A date that was understood, and how exactly it was said."""

    value: date
    precision: Precision


SENTENCES = {
    "empty": _("没有填写日期"),
    "no_year": _("“%(text)s”没有写年份"),
    "two_digit_year": _("“%(text)s”的年份只有两位，请写四位，例如1950年3月1日"),
    "year_out_of_range": _("“%(text)s”的年份不在%(first)s到%(last)s之间"),
    "no_such_day": _("“%(text)s”不是日历上有的日子"),
    "lunar": _("“%(text)s”是农历，请换算成公历"),
    "not_understood": _("看不懂日期“%(text)s”，请写成1950-03-01"),
}


@dataclass(frozen=True)
class NotADate:
    """Why a text is no date: ``code`` is a key of SENTENCES."""

    code: str
    text: str

    @property
    def sentence(self) -> str:
        """Say it in the reader's words."""
        words = {"text": self.text[:LONGEST], "first": EARLIEST_YEAR, "last": LATEST_YEAR}
        return str(SENTENCES[self.code]) % words


_EMPTY = {"", "-", "--", "/", "\\", "无", "不详", "未知", "空", "null", "none", "nan", "n/a"}
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TIME = re.compile(r"[t ]\s*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:z|[+-]\d{2}:?\d{2})?$")
_TAIL = re.compile(r"(?:出生|生|[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)$")
# Spaces alone part year, month and day only when the year has four digits.
_SPACED = re.compile(r"(\d{4})\s+(\d{1,2})(?:\s+(\d{1,2}))?")
_REPUBLIC = re.compile(r"^民国(\d{1,3})年")
_CHINESE = re.compile(r"(?:(\d+)年[份度]?)?(?:([^年月日号]+)月份?)?(?:([^年月日号]+)[日号])?")
_LUNAR = re.compile("农历|阴历|[正腊冬]月|初[一二三四五六七八九十]")
_CHINESE_YEAR = re.compile(r"^([〇零○一二三四五六七八九]{2,4})(?=年)")
# Twice the same mark: 1950-3~5 is no day.
_POINTED = re.compile(
    r"(\d+)(?P<mark>[-./,、·・。_‐‑–—―−－]+)(\d{1,2})(?:(?P=mark)(\d{1,2})[日号]?)?[.。]?"
)
_COMPACT = re.compile(r"\d+")
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "后天": 2}
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_MONTHS = {"本月": 0, "这个月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_RELATIVE_YEAR = re.compile(rf"^({'|'.join(_YEARS)})")

Answer = ParsedDate | NotADate


def parse_date(value: object, *, day: date | None = None, epoch_1904: bool = False) -> Answer:
    """Read a date from a cell or a form; words like 去年 count from ``day``, which is today.

    A number is 1950, 195003 or 19500301, else Excel's count of days; a text of digits is never
    taken for Excel's count. Answers with a ParsedDate or a NotADate and never raises.
    """
    # Before date, of which it is a kind.
    if isinstance(value, datetime):
        return ParsedDate(to_china(value), Precision.DAY)
    if isinstance(value, date):
        return ParsedDate(value, Precision.DAY)
    if value is None:
        return NotADate("empty", "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value, EXCEL_EPOCH_1904 if epoch_1904 else EXCEL_EPOCH)
    if not isinstance(value, str):
        return NotADate("not_understood", type(value).__name__)
    return _of_text(tidy(value), day or today())


def _of_number(number: int | float, epoch: date) -> Answer:
    if math.isnan(number):
        return NotADate("empty", "")
    if math.isinf(number) or number < 1:
        return NotADate("not_understood", str(number))
    whole = int(number)
    if EARLIEST_YEAR <= whole <= LATEST_YEAR and number != whole:
        return _of_fraction(number)
    if EARLIEST_YEAR <= whole <= LATEST_YEAR or whole > LATEST_SERIAL:
        return _of_compact(str(whole), str(whole))
    return ParsedDate(epoch + timedelta(days=whole), Precision.DAY)


def _of_fraction(number: float) -> Answer:
    """1950.3 was typed as a year and a month; 1950.1 may be October as well: only the year."""
    year, _point, month = repr(float(number)).partition(".")
    if len(month) > 2:
        return NotADate("not_understood", repr(number))
    return _made(year, "" if month == "1" else month, "", repr(number))


def _of_text(text: str, day: date) -> Answer:
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if plain in _EMPTY:
        return NotADate("empty", text)
    if len(plain) > LONGEST:
        return NotADate("not_understood", text)
    if _LUNAR.search(plain):
        return NotADate("lunar", text)
    plain = _one_spelling(_TAIL.sub("", _TIME.sub("", plain.lstrip("'’‘"))).strip())
    readers: tuple[Callable[[str, str, date], Answer | None], ...] = (
        _of_relative,
        _of_pointed,
        _of_chinese,
        lambda plain, text, _day: _of_compact(plain, text) if _COMPACT.fullmatch(plain) else None,
    )
    for read in readers:
        answer = read(plain, text, day)
        if answer is not None:
            return answer
    return NotADate("not_understood", text)


def _one_spelling(plain: str) -> str:
    """Return a date with a hyphen between its numbers, however it was written."""
    spaced = _SPACED.fullmatch(plain)
    if spaced:
        return "-".join(part for part in spaced.groups() if part)
    dated = "".join(plain.split())
    republic = _REPUBLIC.match(dated)
    if republic:
        dated = f"{int(republic[1]) + 1911}年{dated[republic.end() :]}"
    return dated


def _of_relative(plain: str, text: str, day: date) -> Answer | None:
    if plain in _DAYS:
        return ParsedDate(day + timedelta(days=_DAYS[plain]), Precision.DAY)
    if plain in _MONTHS:
        months = day.year * 12 + day.month - 1 + _MONTHS[plain]
        return ParsedDate(date(months // 12, months % 12 + 1, 1), Precision.MONTH)
    match = _RELATIVE_YEAR.match(plain)
    if not match:
        return None
    year = day.year + _YEARS[match[1]]
    return _of_chinese(f"{year}年{plain[match.end() :]}", text, day)


def _of_chinese(plain: str, text: str, _day: date) -> Answer | None:
    digits = _CHINESE_YEAR.sub(lambda year: year[1].translate(_DIGITS), plain)
    match = _CHINESE.fullmatch(digits)
    if not match or not digits:
        return None
    year, month, day = match.groups()
    if year is None:
        return NotADate("no_year", text)
    if day is not None and month is None:
        return NotADate("not_understood", text)
    numbers = [None if part is None else to_number(part) for part in (month, day)]
    if any(part and not isinstance(n, int) for part, n in zip((month, day), numbers, strict=True)):
        return NotADate("not_understood", text)
    return _made(year, str(numbers[0] or ""), str(numbers[1] or ""), text)


def _of_pointed(plain: str, text: str, _day: date) -> Answer | None:
    match = _POINTED.fullmatch(plain)
    if not match:
        return None
    year, _mark, month, day = match.groups()
    if len(year) <= 2 and day is None:
        return NotADate("no_year", text)
    return _made(year, month, day or "", text)


def _of_compact(plain: str, text: str) -> Answer:
    if not plain.isascii() or len(plain) not in (4, 6, 8):
        return NotADate("not_understood", text)
    # 500301 may be a year and month or a short date: only what begins with a year is one.
    if len(plain) == 6 and not EARLIEST_YEAR <= int(plain[:4]) <= LATEST_YEAR:
        return NotADate("two_digit_year", text)
    return _made(plain[:4], plain[4:6], plain[6:], text)


def _made(year: str, month: str, day: str, text: str) -> Answer:
    if len(year) <= 2:
        return NotADate("two_digit_year", text)
    if len(year) > 4 or not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        return NotADate("year_out_of_range", text)
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return ParsedDate(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError:
        return NotADate("no_such_day", text)


_CLOCK = re.compile(
    r"(?:[t ]|(?<=日)|(?<=号))\s*(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚)?\s*"
    r"(\d{1,2})\s*[:时点]\s*(?:(\d{1,2}|半)\s*(?::|分)?\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?)?"
    r"\s*(am|pm)?$"
)
_STAMP = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})?")
_ZONED = re.compile(r"\dt\d.*(?:z|[+-]\d{2}:?\d{2})$")
_AFTERNOON = ("下午", "傍晚", "晚上", "晚", "pm")


def parse_moment(value: object, *, day: date | None = None) -> datetime | NotADate:
    """Read a date with or without a time, as China counts it; a date alone is its midnight.

    24:00 is the next day's midnight. A time that is not understood is never left out.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    if not isinstance(value, str):
        # 20261128090700 typed as a number.
        if isinstance(value, int | float) and 1e11 < value < 1e14:
            return parse_moment(str(int(value)))
        return _at(value, value, None, day)
    text = unicodedata.normalize("NFKC", tidy(value)).casefold().strip()
    stamp = _STAMP.fullmatch(text)
    if stamp:
        return _at(value, stamp[1], (int(stamp[2]), int(stamp[3]), int(stamp[4] or 0)), day)
    if _ZONED.search(text):
        try:
            return datetime.fromisoformat(text.upper()).astimezone(CHINA)
        except (ValueError, OverflowError):
            return NotADate("not_understood", value)
    clock = _CLOCK.search(text)
    if not clock:
        return NotADate("not_understood", value) if ":" in text else _at(value, value, None, day)
    return _at(value, text[: clock.start()], _time_of(clock), day)


def _time_of(clock: re.Match[str]) -> tuple[int, int, int]:
    part, hour, minute, second, after = clock.groups()
    hours = int(hour)
    if (part or after) in _AFTERNOON and hours < 12:
        hours += 12
    if hours == 12 and (after == "am" or part == "凌晨"):
        hours = 0
    return hours, 30 if minute == "半" else int(minute or 0), int(second or 0)


def _at(
    value: object, written: object, clock: tuple[int, int, int] | None, day: date | None
) -> datetime | NotADate:
    """Put a date and a time together."""
    read = parse_date(written, day=day)
    if isinstance(read, NotADate):
        return NotADate(read.code, str(value)) if read.text else read
    hour, minute, second = clock or (0, 0, 0)
    is_end = (hour, minute, second) == (24, 0, 0)
    if read.precision is not Precision.DAY or minute > 59 or second > 59 or hour > 23 + is_end:
        return NotADate("not_understood", str(value))
    midnight = datetime.combine(read.value, time(0), tzinfo=CHINA)
    return midnight + timedelta(hours=hour, minutes=minute, seconds=second)
