"""How personal values look while they are masked: enough to recognise, too little to use."""

from __future__ import annotations

import re

from linli.core.chinese.surnames import surname_of
from linli.core.personal_data.unreadable import is_unreadable

STAR = "*"
_NUMBERED = re.compile(r"[0-9０-９A-Za-zＡ-Ｚａ-ｚ]+(?:[-－—~～][0-9０-９A-Za-zＡ-Ｚａ-ｚ]+)*")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=号|弄|幢|栋|单元|室|楼|层|座|组|户)")
_IDENTITY = re.compile(r"(?<![0-9])[1-9](?:[0-9]{16}[0-9Xx]|[0-9]{14})(?![0-9Xx])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def mask_name(name: str) -> str:
    """Keep the surname and a star for every other character: 张**, 欧阳*.

    A worker who knows the stairwell recognises the neighbour; a stranger has one of many Zhangs.
    A name with a middle dot or in letters keeps its first character.
    """
    if is_unreadable(name):
        return name
    name = name.strip()
    if len(name) <= 1:
        return STAR * len(name)
    if name[0].isascii() or "·" in name or "•" in name:
        return name[0] + STAR * 2
    surname = surname_of(name)
    return surname + STAR * (len(name) - len(surname))


def mask_identity_number(number: str) -> str:
    """Keep the first and the last character: 3****************X.

    The usual first six and last four give away the home county, the sex and the check character:
    with a birthday known from elsewhere only a few numbers remain. Three and two still leave one in
    eleven of what they hide. The first and the last are what the large payment services show: they
    help to tell two neighbours apart and give away no birthday, no county and no sex.
    """
    if is_unreadable(number):
        return number
    if len(number) < 8:
        return STAR * len(number)
    return number[0] + STAR * (len(number) - 2) + number[-1]


def mask_phone(number: str) -> str:
    """Keep the first three and the last four of a mobile: 138****1234; less of a shorter number."""
    if is_unreadable(number):
        return number
    if number.startswith("+"):
        return number[:3] + STAR * 4 + number[-2:] if len(number) > 8 else STAR * len(number)
    if len(number) == 11 and number.startswith("1"):
        return number[:3] + STAR * 4 + number[-4:]
    if len(number) >= 10:
        return number[:4] + STAR * 4 + number[-2:]
    return STAR * len(number)


def mask_address(address: str) -> str:
    """Keep the names of roads and estates and hide every number: 东方丽都*幢*单元*室.

    One star for a number of any length, so that it does not tell the floor.
    """
    if is_unreadable(address):
        return address
    return _NUMERAL.sub(STAR, _NUMBERED.sub(STAR, address))


def mask_text(text: str) -> str:
    """Mask identity numbers and mobiles within free text, as for logs and messages."""
    text = _IDENTITY.sub(lambda match: mask_identity_number(match[0]), text)
    return _MOBILE.sub(lambda match: mask_phone(match[0]), text)
