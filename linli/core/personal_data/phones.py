"""Phone numbers in China: read, one spelling, and how they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from linli.core.chinese.normalise import half_width, tidy

LONGEST = 40
CHINA_CODE = "+86"
# The shape alone decides for mobiles: new ranges are opened faster than any library is updated.
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_SHORT = re.compile(r"[19]\d{2,4}|96\d{3,4}|1[02]\d{3,4}")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|-)\s*(\d{1,5})$", re.IGNORECASE)
_MARKS = re.compile(r"[\s\-–—－_().（）·]+")
_BETWEEN = re.compile(r"[、,，;；/|\n]+|\s{2,}")


class PhoneKind(StrEnum):
    """What answers at the other end."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    ABROAD = "abroad"


SENTENCES = {
    "empty": _("没有填写电话号码"),
    "rounded": _("表格软件把号码变成了科学计数，请将该列设为文本后重新填写"),
    "mobile_length": _("手机号码应为11位，现有%(length)s位"),
    "no_area_code": _("固定电话“%(text)s”缺少区号"),
    "not_a_phone": _("“%(text)s”不是电话号码"),
}


@dataclass(frozen=True)
class Phone:
    """A phone number: ``normal`` is what is stored and indexed, digits only within China."""

    normal: str
    kind: PhoneKind
    display: str
    extension: str = ""

    @property
    def tail(self) -> str:
        """The last four digits, by which people tell numbers apart."""
        return self.normal[-4:]

    @property
    def e164(self) -> str:
        """The international spelling for gateways; a short service number has none."""
        if self.normal.startswith("+"):
            return self.normal
        if self.kind is PhoneKind.SERVICE:
            return ""
        return CHINA_CODE + self.normal.removeprefix("0")


@dataclass(frozen=True)
class NotAPhone:
    """Why it is no phone number: ``code`` is a key of SENTENCES."""

    code: str
    text: str

    @property
    def sentence(self) -> str:
        """Say it in the reader's words."""
        words = {"text": self.text[:LONGEST], "length": len(re.sub(r"\D", "", self.text))}
        return str(SENTENCES[self.code]) % words


def read_phone(text: object, *, area_code: str = "") -> Phone | NotAPhone:
    """Read one number; a landline without area code takes ``area_code`` ("0574") if given."""
    # A spreadsheet keeps a number typed as a number: 13800000000.0.
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    return _read(half_width(tidy("" if text is None else str(text))), area_code)


def read_phones(text: str, *, area_code: str = "") -> tuple[Phone, ...]:
    """Return the numbers of a cell that holds several; what is none of them is left out."""
    parts = _BETWEEN.split(half_width(text))
    numbers = [read_phone(part, area_code=area_code) for part in parts if part.strip()]
    return tuple(dict.fromkeys(phone for phone in numbers if isinstance(phone, Phone)))


@lru_cache(maxsize=8192)
def _read(text: str, area_code: str) -> Phone | NotAPhone:
    digits = _MARKS.sub("", text.lstrip("'’‘"))
    if not digits:
        return NotAPhone("empty", text)
    if re.fullmatch(r"\d\.?\d*E\+?\d+", text, re.IGNORECASE):
        return NotAPhone("rounded", text)
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        number = mobile[1]
        return Phone(number, PhoneKind.MOBILE, f"{number[:3]} {number[3:7]} {number[7:]}")
    if _SHORT.fullmatch(digits):
        return Phone(digits, PhoneKind.SERVICE, digits)
    if re.fullmatch(r"1[3-9]\d{6,}", digits) and len(digits) not in (8, 11):
        return NotAPhone("mobile_length", text)
    return _by_library(text, area_code) or _why_not(text, digits)


def _by_library(text: str, area_code: str) -> Phone | None:
    """Ask libphonenumber, first with the text as it stands, then with an extension cut off."""
    extension = _EXTENSION.search(text)
    tries = [(text, "")]
    if extension:
        tries.append((text[: extension.start()], extension[1]))
    for number, tail in tries:
        plain = _MARKS.sub("", number)
        spellings = [plain, area_code + plain] if area_code and len(plain) in (7, 8) else [plain]
        for spelling in spellings:
            phone = _valid(spelling, tail)
            if phone:
                return phone
    return None


def _valid(spelling: str, extension: str) -> Phone | None:
    import phonenumbers as library

    if not re.fullmatch(r"\+?[0-9]{5,20}", spelling):
        return None
    try:
        number = library.parse(re.sub("^00(?=[1-9])", "+", spelling), "CN")
    except library.NumberParseException:
        return None
    if not library.is_valid_number(number):
        return None
    if number.country_code != 86:
        international = library.PhoneNumberFormat.INTERNATIONAL
        shown = library.format_number(number, international)
        return Phone(library.format_number(number, 0), PhoneKind.ABROAD, shown, extension)
    shown = library.format_number(number, library.PhoneNumberFormat.NATIONAL)
    is_line = library.number_type(number) == library.PhoneNumberType.FIXED_LINE
    kind = PhoneKind.LANDLINE if is_line else PhoneKind.SERVICE
    return Phone(shown.replace(" ", ""), kind, shown, extension)


def _why_not(text: str, digits: str) -> NotAPhone:
    if re.fullmatch(r"[2-8]\d{6,7}", digits):
        return NotAPhone("no_area_code", text)
    return NotAPhone("not_a_phone", text)
