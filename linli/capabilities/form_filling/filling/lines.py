"""Lines that ask who fills the form: 填报单位：__ 填报日期：__, each label with its own blank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

UNIT, COMMUNITY, STREET = "unit", "community", "street"
DAY, PERIOD, REPORTER = "date", "period", "reporter"
# The first that fits; a label is compared without spaces and brackets.
KINDS = (
    (PERIOD, re.compile(r"(?:统计|所属|报告|报表)(?:时间段?|期间?|时期|月份|年月)$|月份$")),
    (DAY, re.compile(r"(?:填报|填表|统计|制表|上报|报送)?(?:日期|时间)$")),
    (REPORTER, re.compile(r"(?:填报|填表|经办|制表|统计)(?:人|人员|人姓名)$")),
    (STREET, re.compile(r"(?:所属|所在)?(?:街镇|街道|街道镇|镇街|街道乡镇|乡镇街道)(?:名称)?$")),
    (
        COMMUNITY,
        re.compile(
            r"(?:所属|所在)?(?:社区|居民区|居委|居委会|村居|居村|村居委|村居委会"
            r"|社区村|村社区)(?:名称|盖章)?$"
        ),
    ),
    (UNIT, re.compile(r"(?:填报|填表|统计|上报|报送)?单位(?:名称|盖章)?$")),
)
LONGEST_LINE = 600
# One word, or single characters that were spaced apart: 日　期：
SIGN = r"[^\s_＿：:，,；;。]"
LABEL = re.compile(rf"((?<!{SIGN})(?:{SIGN}[ \u3000]{{1,4}})+{SIGN}|{SIGN}+)\s*[：:]")
BLANK = " \t\u3000\xa0_＿"
# What a form prints for a day to be written into.
DAY_SHAPE = re.compile(rf"[{BLANK}]*(?:20)?[{BLANK}]*年[{BLANK}]*月(?:[{BLANK}]*日)?[{BLANK}]*$")


@dataclass(frozen=True)
class Edit:
    """A stretch of a line and what takes its place."""

    start: int
    end: int
    text: str


def kind_of(label: str) -> str:
    """Return what a label asks for, "" when that is nothing of the line's kind."""
    plain = re.sub(r"[\s（()）、/]", "", label)
    return next((kind for kind, words in KINDS if words.match(plain)), "")


def edits_of(line: str, said: Mapping[str, str]) -> list[Edit]:
    """Return what to write into a line: after each colon, up to the next label, nowhere else."""
    edits = []
    for label, start, end in _labels(line):
        kind = kind_of(label)
        text = said.get(kind, "")
        room = line[start:end]
        free = not room.strip(BLANK) or (kind in (DAY, PERIOD) and DAY_SHAPE.match(room))
        if text and free:
            # What is written takes the place of blanks, so the next label stays where it was
            # printed.
            left = max(len(room) - width_of(text), 1 if end < len(line) else 0)
            edits.append(Edit(start, end, text + " " * (left if end < len(line) else 0)))
    return edits


# A label in a line or in running text, and the blank that follows it: 姓名：____, 身份证号码____.
WORD = r"[\u4e00-\u9fff]{1,10}(?:[（(][\u4e00-\u9fff]{1,8}[)）])?"
AFTER_COLON = rf"({WORD})\s*[：:]([{BLANK}]+|(?=$|[，,。；;、）)]))"
AFTER_WORD = rf"([\u4e00-\u9fff]{{2,12}})([_＿]{{2,}}[{BLANK}]*|\u3000{{3,}}|[ \xa0]{{5,}})"
ROOM = re.compile(f"{AFTER_COLON}|{AFTER_WORD}")


def blanks_of(line: str) -> list[tuple[str, int, int]]:
    """Return each label that has a blank of its own, and where the blank begins and ends."""
    if len(line) > LONGEST_LINE:
        return []  # an explanation; no label with a blank is as long
    return [(one[1] or one[3], *one.span(2 if one[1] else 4)) for one in ROOM.finditer(line)]


def blank_edits(line: str, blanks: Sequence[tuple[int, str]]) -> list[Edit]:
    """Return what to write into the blanks of a line, named by their number in it."""
    rooms = blanks_of(line)
    edits = []
    for number, text in blanks:
        if number < len(rooms):
            _label, start, end = rooms[number]
            left = max(
                end - start - width_of(text), 1 if end - start > 0 and end < len(line) else 0
            )
            edits.append(Edit(start, end, text + " " * (left if end < len(line) else 0)))
    return edits


def _labels(line: str) -> Iterator[tuple[str, int, int]]:
    """Yield each label with where its blank begins and ends."""
    labels = list(LABEL.finditer(line))
    for number, label in enumerate(labels):
        until = labels[number + 1].start() if number + 1 < len(labels) else len(line)
        yield label[1], label.end(), until


def width_of(text: str) -> int:
    """Return how many spaces wide a text is."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def edited(pieces: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """Return the pieces of a line after its edits; each text stands where its blank began.

    A piece is what has one look; a blank that has none is written with the look of its colon.
    """
    now = list(pieces)
    # From the end, so that the places of the earlier ones stay right.
    for edit in sorted(edits, key=lambda one: -one.start):
        anchor = edit.start if edit.end > edit.start else edit.start - 1
        start = 0
        for number, piece in enumerate(pieces):
            end = start + len(piece)
            if start <= anchor < end:
                at, keep = edit.start - start, now[number]
                now[number] = keep[:at] + edit.text + keep[max(at, min(edit.end, end) - start) :]
            elif edit.start < end and start < edit.end:
                now[number] = now[number][min(edit.end, end) - start :]
            start = end
    return now
