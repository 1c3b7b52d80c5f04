"""Numbers as people write them: 九十, 两千, 第三, 90岁, 3.5万."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from linli.core.chinese.normalise import without_spaces

LONGEST = 40
_UNIT = re.compile(
    "(?:周岁|虚岁|平方米|平米|个人|个月|小时|分钟|公里|单元"
    "|[岁人户个名位天日年月周次层楼幢栋号室弄元块条件份米部台辆级])$"
)
_PLAIN = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_NUMERAL = re.compile(r"负?[0-9.零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅点]+")
_OLD_TENS = str.maketrans({"廿": "二十", "卅": "三十"})


def to_number(text: object) -> int | float | None:
    """Return the number that the whole text says, or None; never raises.

    One unit after the number and 第 before it may stand; "十几" and "九十多" are no numbers.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    return _to_number(text)


@lru_cache(maxsize=4096)
def _to_number(text: str) -> int | float | None:
    plain = without_spaces(unicodedata.normalize("NFKC", text))
    plain = _UNIT.sub("", plain.removeprefix("第"))
    if _PLAIN.fullmatch(plain):
        return _whole(
            float(plain.replace(",", "")) if "." in plain else int(plain.replace(",", ""))
        )
    if not _NUMERAL.fullmatch(plain):
        return None
    return _by_cn2an(plain)


def _by_cn2an(plain: str) -> int | float | None:
    import cn2an

    if plain[0] in "百千":  # "百人" is "a hundred people" in speech
        plain = f"一{plain}"
    for form in (plain, plain.translate(_OLD_TENS)):
        try:
            return _whole(cn2an.cn2an(form, "smart"))
        except Exception:  # noqa: S112 - the library raises many kinds on junk; junk is no number
            continue
    return None


def _whole(number: int | float) -> int | float:
    return int(number) if number == int(number) else number
