"""Identity numbers by GB 11643: read, checked, and made for the demonstration.

Numbers of foreigners' permanent residence cards (first digit 9) and of residence permits for Hong
Kong, Macao and Taiwan (81, 82, 83) have the same eighteen characters and pass the same checks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from linli.core.chinese.normalise import half_width, without_spaces
from linli.core.personal_data.lost_digits import is_scientific, may_have_lost_digits
from linli.core.time import age_on, today

# Our own, because python-stdnum calls half of the valid numbers invalid and raises on some.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
OLDEST_PLAUSIBLE_AGE = 125
PROVINCES = frozenset(
    str(province)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for province in range(first, last + 1)
)
# No division starts with 99, and on a foreigner's card 9 is followed by a province, which 90 is
# not. So a number that starts with 990000 is valid in form and can belong to nobody.
DEMONSTRATION_DIVISION = "990000"


class SexCode(StrEnum):
    """GB/T 2261.1, as the register stores it."""

    MALE = "1"
    FEMALE = "2"


SENTENCES = {
    "empty": _("没有填写身份证号码"),
    "rounded": _("表格软件把号码变成了科学计数，后几位已丢失，请设为文本后重填"),
    "length": _("身份证号码应为18位，现有%(length)s位"),
    "character": _("第%(position)s位“%(character)s”不应出现在身份证号码中"),
    "date": _("第7到14位“%(part)s”不是真实的出生日期"),
    "future": _("第7到14位“%(part)s”是将来的日期"),
    "check": _("校验不符：号码中有一位抄错，或两位颠倒，请对照证件核对"),
}
WARNINGS = {
    "upgraded": _("15位旧号码已换算为18位"),
    "unknown_region": _("号码前两位不是已知的省级代码"),
    "very_old": _("按号码推算年龄超过125岁"),
    "demonstration": _("这是演示号码，不属于任何人"),
    "lost_digits": _("后三位是000，可能是表格软件丢失了后几位"),
}


@dataclass(frozen=True)
class IdentityNumber:
    """A number that passes: eighteen characters, and what it says about its holder."""

    value: str
    birth_date: date
    sex: SexCode
    warnings: tuple[str, ...] = ()

    @property
    def division(self) -> str:
        """The county where the number was first given, not where somebody lives."""
        return self.value[:6]


def warning_sentence(code: str) -> str:
    """Say a warning in the reader's words."""
    return str(WARNINGS[code])


@dataclass(frozen=True)
class NotAnIdentityNumber:
    """Why it does not pass: a key of SENTENCES; ``position`` counts characters from one."""

    code: str
    text: str
    position: int | None = None

    @property
    def sentence(self) -> str:
        """Say it in the reader's words."""
        at = (self.position or 1) - 1
        words = {
            "length": len(self.text),
            "position": self.position,
            "character": self.text[at : at + 1],
            "part": self.text[6:14],
        }
        return str(SENTENCES[self.code]) % words


def check_character(first_seventeen: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_identity_number(
    text: str, *, day: date | None = None
) -> IdentityNumber | NotAnIdentityNumber:
    """Read what was typed or imported; full width, spaces, x and fifteen digits are fine."""
    # Offices put an apostrophe before a number to make a spreadsheet keep it as text.
    value = half_width(without_spaces(str(text))).lstrip("'’‘").upper()
    if is_scientific(value):
        return NotAnIdentityNumber("rounded", value)
    fault = _wrong_character(value)
    if fault:
        return fault
    warnings = []
    if len(value) == 15:
        # Fifteen digits were given out for births of the 1900s only.
        value, _old = f"{value[:6]}19{value[6:]}", value
        value += check_character(value)
        warnings.append("upgraded")
    birth, day = _date(value[6:14]), day or today()
    if birth is None:
        return NotAnIdentityNumber("date", value, 7)
    if birth > day:
        return NotAnIdentityNumber("future", value, 7)
    # Checked last: a wrong digit in the date is better told by its place.
    if value[17] != check_character(value[:17]):
        return NotAnIdentityNumber("check", value, 18)
    sex = SexCode.MALE if int(value[16]) % 2 else SexCode.FEMALE
    return IdentityNumber(value, birth, sex, (*warnings, *_doubts(value, birth, day)))


def make_identity_number(division: str, birth: date, sequence: int) -> str:
    """Make a valid number for tests and the demonstration; an odd ``sequence`` is a man's.

    Use DEMONSTRATION_DIVISION for anything that leaves this machine.
    """
    if not re.fullmatch(r"[0-9]{6}", division) or not 0 <= sequence <= 999:
        raise ValueError("a division has six digits and a sequence is from 0 to 999")
    body = f"{division}{birth:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def _wrong_character(value: str) -> NotAnIdentityNumber | None:
    if not value:
        return NotAnIdentityNumber("empty", value)
    for position, character in enumerate(value, start=1):
        is_digit = character.isascii() and character.isdigit()
        if not is_digit and not (character == "X" and position == 18):
            return NotAnIdentityNumber("character", value, position)
    if len(value) not in (15, 18):
        return NotAnIdentityNumber("length", value)
    return None


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _doubts(value: str, birth: date, day: date) -> list[str]:
    doubts = []
    if value.startswith(DEMONSTRATION_DIVISION):
        doubts.append("demonstration")
    elif (value[1:3] if value[0] == "9" else value[:2]) not in PROVINCES:
        doubts.append("unknown_region")
    if may_have_lost_digits(value):
        doubts.append("lost_digits")
    if age_on(birth, day) > OLDEST_PLAUSIBLE_AGE:
        doubts.append("very_old")
    return doubts
