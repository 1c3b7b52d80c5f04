"""What a spreadsheet does to long numbers: 2.0261128E+16, and zeros where digits were."""

from __future__ import annotations

import re

from linli.core.chinese.normalise import half_width, without_spaces

_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.．]\d+)?E\+\d{1,3}", re.IGNORECASE)
DIGITS_KEPT = 15


def is_scientific(text: str) -> bool:
    """Is this a number as a spreadsheet shows a long one, its end gone for good?"""
    return bool(_SCIENTIFIC.fullmatch(half_width(without_spaces(text)).lstrip("'’‘")))


def may_have_lost_digits(number: str) -> bool:
    """Does a number end as if only its first fifteen digits had been kept?

    One in eleven such numbers passes the check of an identity number by luck.
    """
    end = number[DIGITS_KEPT:]
    return len(end) > 2 and not end.strip("0")
