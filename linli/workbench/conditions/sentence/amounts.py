"""Numbers and dates as sentences say them: 90岁以上, 六七十岁, 80后, 2000年以后, 近三个月.

"以上", "以下", "以内" include the number itself and "不满", "超过", "以外" do not (民法典第1259条).
"以前" and "之前" of a date do not include it, "以后" and "起" do. A month counts as 30 days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from linli.core.chinese.numerals import to_number
from linli.core.fields import Op
from linli.workbench.conditions.sentence.pieces import Amount, Day, Number, Piece, Span

_N = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)"
_TO = r"(?:到|至|-|~|—|–|―)"
_AGE = r"(?:周岁|岁)"
_UNIT = r"(?:周岁|岁|年|平方米|平米|平方|平|㎡|m2|层楼|层|楼|口之家|口人|口|个人|人户|人|天|台|户)"
BEFORE: dict[str, Op] = {
    **dict.fromkeys("大于等于 不小于 不低于 不少于 至少 >= ≥ 年满 已满 满".split(), Op.GE),
    **dict.fromkeys("大于 超过 高于 多于 >".split(), Op.GT),
    **dict.fromkeys("小于等于 不大于 不超过 不高于 不多于 最多 <= ≤".split(), Op.LE),
    **dict.fromkeys("小于 不到 不满 未满 不足 低于 少于 <".split(), Op.LT),
    **dict.fromkeys("等于 = 刚满".split(), Op.EQ),
}
AFTER: dict[str, Op] = {
    **dict.fromkeys("及以上 以上 往上 之上 起 +".split(), Op.GE),
    **dict.fromkeys("及以下 以下 往下 之下 以内".split(), Op.LE),
    "以外": Op.GT,
}


def _any(words: dict[str, Op]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SINGLE = re.compile(rf"({_any(BEFORE)})?({_N})(个|位|名)?({_UNIT})?({_any(AFTER)})?(?:\(含\))?")
_RANGE = re.compile(rf"(?:介于|在)?({_N})({_UNIT})?{_TO}({_N})({_UNIT})?(?:之间|以内|区间)?")
_TWO_TENS = re.compile(rf"([二三四五六七八九])([三四五六七八九])十(?:多|几|来)?{_AGE}(?:左右)?")
_SOME_TENS = re.compile(rf"(\d0|[一二三四五六七八九]?十)(?:多|几|来){_AGE}")
_DECADE_OF_LIFE = re.compile(r"([一二三四五六七八九])旬")
_BORN_IN_TENS = re.compile(r"(\d0|[零一二三五六七八九]零)后")
_BORN_IN_DECADE = re.compile(r"((?:19|20)?\d0|[一二三四五六七八九]十)年代")
_YEAR = r"(?:\d{4}|[一二][〇零一二三四五六七八九]{3})"
_MONTH_DAY = rf"(?:({_N})月(?:份)?(?:({_N})[日号])?)?"
_DATE = re.compile(rf"({_YEAR})年(?:份)?{_MONTH_DAY}|(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})")
_NAMED = re.compile(r"今年|本年|去年|前年|本月|这个月|上个月|上月|今天|昨天|前天")
_SINCE = re.compile(r"(?:及以后|以后|之后|以来|开始|后|起)")
_UNTIL = re.compile(r"(?:及以前|以前|之前|前)")
_SPAN_UNIT = r"(天|日|个星期|星期|周|个月|月|个季度|季度|年)"
_SPAN = re.compile(
    rf"(最近|近|过去|过往|未来|今后|接下来|超过|超|已经|已|连续|至少"
    r"|不到|不满|未满|不足)?(?:的)?"
    rf"(?:({_N}){_SPAN_UNIT}|(半年|半个月))(多|以上|及以上)?(以内|之内|内|以来|来|里|间)?"
)
DAYS = {
    "天": 1,
    "日": 1,
    "周": 7,
    "星期": 7,
    "个星期": 7,
    "月": 30,
    "个月": 30,
    "季度": 91,
    "个季度": 91,
    "年": 365,
    "半年": 182,
    "半个月": 15,
}
LARGEST = 10**8


def amounts(text: str, at: int, today: date) -> Iterator[Piece]:
    """Propose every number or date that may begin here."""
    for read in _READERS:
        found = read(text, at, today)
        if found is not None and found.end > at:
            yield found


def _number(text: str) -> Number | None:
    value = to_number(text)
    if isinstance(value, float):
        from decimal import Decimal

        return Decimal(str(value)) if value < LARGEST else None
    return value if value is not None and value < LARGEST else None


def _whole(text: str | None) -> int | None:
    value = _number(text) if text else None
    return value if isinstance(value, int) else None


def _age(text: str, found: re.Match[str], first: int, last: int) -> Amount:
    return Amount(found[0], found.start(), found.end(), Op.BETWEEN, (first, last), "岁")


def _of_tens(text: str, at: int, _today: date) -> Piece | None:
    if found := _TWO_TENS.match(text, at):
        first, last = _whole(found[1]) or 0, _whole(found[2]) or 0
        return _age(text, found, first * 10, last * 10 + 9) if last == first + 1 else None
    if found := _SOME_TENS.match(text, at):
        tens = _whole(found[1]) or 0
        return _age(text, found, tens, tens + 9)
    if found := _DECADE_OF_LIFE.match(text, at):
        tens = (_whole(found[1]) or 0) * 10
        return _age(text, found, tens, tens + 9)
    return None


def _of_range(text: str, at: int, _today: date) -> Piece | None:
    found = _RANGE.match(text, at)
    if not found:
        return None
    first, last = _number(found[1]), _number(found[3])
    unit = found[4] or found[2] or ""
    if first is None or last is None or first > last:
        return None
    return Amount(found[0], at, found.end(), Op.BETWEEN, (first, last), unit)


def _of_single(text: str, at: int, _today: date) -> Piece | None:
    found = _SINGLE.match(text, at)
    if not found:
        return None
    before, number, counter, unit, after = found.groups()
    value = _number(number)
    if value is None or (before and after and BEFORE[before] is not AFTER[after]):
        return None
    op = BEFORE[before] if before else AFTER[after] if after else Op.EQ
    if op is Op.EQ and not unit and not counter and before is None:
        # A bare number says nothing by itself; after a field's name it does.
        return Amount(found[0], at, found.end(), Op.EQ, value, "", counts=False)
    return Amount(found[0], at, found.end(), op, value, unit or "", counts=bool(counter))


def _of_generation(text: str, at: int, today: date) -> Piece | None:
    if found := _BORN_IN_TENS.match(text, at):
        digits = found[1].translate(str.maketrans("零一二三五六七八九", "012356789"))
    elif found := _BORN_IN_DECADE.match(text, at):
        digits = str(_whole(found[1]) or 0)
    else:
        return None
    tens = int(digits)
    if tens < 100:
        tens += 2000 if tens <= today.year % 100 else 1900
    return Day(found[0], at, found.end(), date(tens, 1, 1), date(tens + 9, 12, 31))


def _day_range(text: str, at: int, today: date) -> tuple[date, date, int] | None:
    if found := _NAMED.match(text, at):
        first, last = _named(found[0], today)
        return first, last, found.end()
    found = _DATE.match(text, at)
    if not found:
        return None
    year = _year(found[1] or found[4])
    month, day = _whole(found[2] or found[5]), _whole(found[3] or found[6])
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first, found.end()
    return first, _end_of(first, has_month=month is not None), found.end()


def _year(text: str) -> int:
    return int(text.translate(str.maketrans("〇零一二三四五六七八九", "00123456789")))


def _end_of(first: date, *, has_month: bool) -> date:
    if not has_month:
        return date(first.year, 12, 31)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return after - timedelta(days=1)


def _named(word: str, today: date) -> tuple[date, date]:
    days = {"今天": 0, "昨天": 1, "前天": 2}
    if word in days:
        day = today - timedelta(days=days[word])
        return day, day
    if word in ("本月", "这个月", "上个月", "上月"):
        first = today.replace(day=1)
        if word.startswith("上"):
            first = (first - timedelta(days=1)).replace(day=1)
        return first, _end_of(first, has_month=True)
    year = today.year - {"去年": 1, "前年": 2}.get(word, 0)
    return date(year, 1, 1), date(year, 12, 31)


def _of_day(text: str, at: int, today: date) -> Piece | None:
    one = _day_range(text, at, today)
    if one is None:
        return None
    first, last, end = one
    if to := re.compile(_TO).match(text, end):
        other = _day_range(text, to.end(), today)
        if other is not None and other[0] >= first:
            return Day(text[at : other[2]], at, other[2], first, other[1])
    if since := _SINCE.match(text, end):
        return Day(text[at : since.end()], at, since.end(), first, None)
    if until := _UNTIL.match(text, end):
        return Day(text[at : until.end()], at, until.end(), None, first - timedelta(days=1))
    return Day(text[at:end], at, end, first, last)


def _of_span(text: str, at: int, _today: date) -> Piece | None:
    found = _SPAN.match(text, at)
    if not found:
        return None
    before, number, unit, half, over, _inside = found.groups()
    count = 1 if half else _whole(number)
    if count is None or count > 1000:
        return None
    direction = {
        "未来": "ahead",
        "今后": "ahead",
        "接下来": "ahead",
        "最近": "past",
        "近": "past",
        "过去": "past",
        "过往": "past",
        "不到": "past",
        "不满": "past",
        "未满": "past",
        "不足": "past",
    }.get(before or "", "")
    exceeded = bool(over) or before in ("超过", "超", "已经", "已", "连续", "至少")
    return Span(found[0], at, found.end(), count * DAYS[half or unit], direction, exceeded)


_READERS: tuple[Callable[[str, int, date], Piece | None], ...] = (
    _of_tens,
    _of_range,
    _of_generation,
    _of_day,
    _of_span,
    _of_single,
)
