"""Lines that ask who fills a form, when and for what: 填报单位：　　填报日期：　年　月　日."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable, Paper
from linli.capabilities.form_filling.reading.form import (
    COLUMN,
    PARAGRAPH,
    FieldMatch,
    FillerLine,
    TableLayout,
)

UNIT, DATE, REPORTER, PERIOD, PLACE = "unit", "date", "reporter", "period", "place"
FILLED = "填报|填表|统计|上报|报送|制表|报表"
# The first that fits; a label is compared without spaces and brackets.
KINDS = (
    (
        PERIOD,
        re.compile(
            r"^((统计|所属|报告|报表|数据|填报)"
            r"(时间段?|期间?|时期|月份|年月|年份|年度|季度|周期)|月份|年月|年度|季度)$"
        ),
    ),
    (DATE, re.compile(rf"^({FILLED}|采集)(日期|时间)$|^(日期|时间)$")),
    (REPORTER, re.compile(rf"^({FILLED}|经办|采集)(人|人员|人姓名|人签名|人签字)$|^制表$")),
    (
        UNIT,
        re.compile(
            rf"^({FILLED}|所属|所在)?(单位|社区|居委|居委会|居民区|村居|居村|村委会"
            r"|村居委|村居委会|居村委会|社区村|村社区)(名称|盖章|公章)*$"
        ),
    ),
    (
        PLACE,
        re.compile(
            r"^(所属|所在)?(街镇|街道|镇街|镇村|乡镇|街道镇|街道乡镇|乡镇街道|网格|小区"
            r"|辖区)(名称)?$"
        ),
    ),
)
# 填报时间 is the day it is filled, 统计时间 what it is about.
FILLING_DAY = re.compile(r"^(填报|填表|制表|上报|报送)时间$")
# Without a colon beside an empty cell only these are lines; 单位 may be a heading.
CERTAIN = re.compile(rf"^({FILLED}|所属|采集).+")
LONGEST_LINE = 600
BARE = {"日期", "时间"}
SIGNED = re.compile(r"签名|签字")
SIGN = r"[^\s_＿：:，,；;。]"
LABEL = re.compile(rf"((?<!{SIGN})(?:{SIGN}[ \u3000]{{1,4}})+{SIGN}|{SIGN}+)\s*[：:]")
BLANK = r"[\s\u3000_＿]"
# A month or a day that is printed to be written into, without any label.
PRINTED = re.compile(
    rf"(?:^|(?<=[\s\u3000_＿]))(?:20\d{{0,2}})?{BLANK}*年{BLANK}*月({BLANK}*日)?{BLANK}*$"
)


@dataclass(frozen=True)
class Segment:
    """A label within a line, and where its own blank begins and ends."""

    label: str
    start: int
    end: int


def segments(text: str) -> list[Segment]:
    """Cut a line into its labels, each with its blank up to the next one."""
    labels = list(LABEL.finditer(text))
    ends = [*(one.start() for one in labels[1:]), len(text)]
    return [Segment(one[1], one.end(), end) for one, end in zip(labels, ends, strict=False)]


def kind_of(label: str) -> str:
    """Return what a label asks for, "" when that is nothing of who fills the form."""
    bare = re.sub(r"[\s（()）、/]", "", label)
    if FILLING_DAY.match(bare):
        return DATE
    return next((kind for kind, words in KINDS if words.match(bare)), "")


def lines_of(
    paper: Paper, tables: Sequence[TableLayout], headings: Sequence[FieldMatch]
) -> tuple[FillerLine, ...]:
    """Find the labels that ask who fills the form, in paragraphs and around the lists."""
    lines: list[FillerLine] = []
    for number, words in enumerate(paper.words):
        if len(words) > LONGEST_LINE:
            continue  # an explanation; no label with a blank is as long
        lines += _in_text(words, FillerLine("", words, PARAGRAPH, number, 0), certain=True)
    for number, grid in enumerate(paper.tables):
        heads = {
            (field_match.at.row, field_match.at.column)
            for field_match in headings
            if field_match.at.table == number and field_match.kind == COLUMN
        }
        inside = {
            row
            for table_layout in tables
            if table_layout.table == number and table_layout.columns
            for row in range(table_layout.first_row, table_layout.last_row + 1)
        }
        kinds: dict[int, set[str]] = {}
        for cell in grid.cells:
            if cell.text and cell.row not in inside and (cell.row, cell.column) not in heads:
                lines += _in_cell(grid, number, cell, kinds)
    return tuple(lines)


def _in_cell(
    grid: FormTable, table: int, cell: FormCell, kinds: dict[int, set[str]]
) -> Iterator[FillerLine]:
    """Yield the lines of a cell; ``kinds`` remembers what the labels of each row ask for."""
    if len(cell.text) > LONGEST_LINE:
        return
    place = FillerLine("", cell.text, table, cell.row, cell.column, value_column=_room(grid, cell))
    if LABEL.search(cell.text):
        # 日期： alone in a record is the day of what is recorded.
        yield from _in_text(cell.text, place, certain=bool(_company(grid, cell.row, kinds)))
    elif place.value_column >= 0 and CERTAIN.match(re.sub(r"\s", "", cell.text)):
        if what := kind_of(cell.text):
            yield replace(place, what=what)
    elif printed := PRINTED.search(cell.text):
        yield _printed(place, printed)


def _in_text(text: str, place: FillerLine, *, certain: bool) -> Iterator[FillerLine]:
    parts = segments(text)
    alone = len(parts) == 1
    signed = False
    for number, segment in enumerate(parts):
        what = kind_of(segment.label)
        last = number + 1 == len(parts)
        printed = PRINTED.search(text, segment.start) if last else None
        bare = re.sub(r"\s", "", segment.label) in BARE
        if what and not (bare and (signed or not certain)):
            ends = printed.start() if printed and what not in (DATE, PERIOD) else segment.end
            room = place.value_column if alone and not text[segment.start :].strip() else -1
            yield replace(place, what=what, start=segment.start, end=ends, value_column=room)
        if printed and what not in (DATE, PERIOD) and not signed:
            yield _printed(place, printed)
        # The day after a signature is the signer's, not the day the form is filled.
        signed = signed or bool(SIGNED.search(segment.label))
    if not parts and (printed := PRINTED.search(text)):
        yield _printed(place, printed)


def _printed(place: FillerLine, match: re.Match[str]) -> FillerLine:
    what = DATE if match[1] else PERIOD
    return replace(place, what=what, start=match.start(), end=match.end(), value_column=-1)


def _company(grid: FormTable, row: int, kinds: dict[int, set[str]]) -> set[str]:
    """Return what the labels of a row ask for, but for bare days: whether one has company."""
    if row not in kinds:
        texts = (each.text for each in grid.row(row) if len(each.text) <= LONGEST_LINE)
        kinds[row] = {
            kind_of(part.label)
            for text in texts
            for part in segments(text)
            if re.sub(r"\s", "", part.label) not in BARE
        } - {""}
    return kinds[row]


def _room(grid: FormTable, cell: FormCell) -> int:
    after = grid.after(cell)
    return after.column if after is not None and not after.text else -1
