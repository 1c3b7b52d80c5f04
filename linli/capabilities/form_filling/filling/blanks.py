"""What a cell may say and still be blank: a hint in brackets, boxes of which one is ticked."""

from __future__ import annotations

import re

# What a blank cell may hold and still be blank.
PLACEHOLDER = "()（）,，_＿/ \t\u3000\xa0"
HINT = re.compile(
    r"^[（(【\[][^（(）)】\]]*(必填|选填|可不填|填|如[：:]|例|请|位|格式|年|男/女|是/否|按)[^（(）)】\]]*[)）】\]]$"
    r"|^(必填|选填|请(如实)?(填写|输入|选择).{0,20})$"
)
BOX = r"(?:[□☐▢○◯]|[（(][ \u3000]*[)）])"
BEFORE = re.compile(rf"({BOX})[ \u3000]*([^\s□☐▢○◯（(）)，,；;、_＿]+)")
BEHIND = re.compile(rf"([^\s□☐▢○◯（(）)，,；;、_＿]+)[ \u3000]*({BOX})")
TICK = "☑"


def is_hint(text: str) -> bool:
    """Does a cell only say how it is to be filled: （必填，18位）?"""
    return bool(HINT.match(text.strip()))


def options_of(text: str) -> list[tuple[int, int, str]]:
    """Return each box to tick as (start, end, its word), none where there are fewer than two."""
    bare = text.strip()
    is_before = bool(re.match(BOX, bare))
    found = [
        (*one.span(1), one[2]) if is_before else (*one.span(2), one[1])
        for one in (BEFORE if is_before else BEHIND).finditer(text)
    ]
    return found if len(found) > 1 else []


def has_boxes(text: str) -> bool:
    """Is a cell nothing but boxes to tick: □男 □女?"""
    return bool(options_of(text))


def is_blank(text: str) -> bool:
    """Is there room for a value in a cell: empty, marks, a hint, or boxes to tick?"""
    return not text.strip(PLACEHOLDER) or is_hint(text) or has_boxes(text)


def ticked(text: str, start: int, end: int) -> str:
    """Return the box of a text, ticked."""
    box = text[start:end]
    return f"{box[0]}√{box[-1]}" if end - start > 1 else TICK
