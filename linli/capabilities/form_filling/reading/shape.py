"""Where the headings of a table are, and whether it is a list, a card or a tally."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.filling.blanks import has_boxes, is_hint
from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable
from linli.capabilities.form_filling.reading.form import CARD, LIST, MIXED, TALLY
from linli.capabilities.form_filling.reading.statistics_headings import ROWS_OF, counts, is_tally
from linli.capabilities.form_filling.reading.words import PLAIN_OWN, SERIAL, parts, plain_heading
from linli.core.errors import Refused
from linli.core.fields import DICTIONARY, PERSON

FULL, FEWEST, DEEPEST = 0.8, 3, 3
MOST_HEADINGS = 600  # the fullest real form has some eighty
COLONS = ("：", ":")
# A cell that only says in what its neighbour is counted.
UNIT = re.compile(r"^[㎡亩个户幢人座只间元岁%％]$|^平方米$")
# A row that shows how to fill the form: 例, or somebody who does not exist.
SAMPLE = re.compile(
    r"^[（(]?(例|例如|示例|样例|举例|范例|填写示例|例\d+|如)[)）]?([：:].*)?$|^如(张|李|王)"
    r"|^(张三|李四|王五|赵六|某某|张某某?|李某某?|王某某?|××+|[xX]{2,})$"
)
NOTE = re.compile(r"^(备?注|说明)")
NUMBER = re.compile(r"^\d{6,}[\dxX*×]*$")
DATA = re.compile(r"^(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})$")
DAY = re.compile(r"^(19|20)\d\d\s*[-./年]\s*\d{1,2}")
# What a form says on its first page that is neither title nor heading: 附件2, a bare 月.
NO_TITLE = re.compile(
    r"^(附件?|附表|表)\s*[\d一二三四五六七八九十]*\s*[-－]?\d*\s*[：:]?$|^[\s年月日/／_.、\d-]*$"
)


@dataclass(frozen=True)
class HeadingPath:
    """A heading with those above it, outermost first.

    ``bottom`` is the first row under it when it heads a column, 0 when it labels a cell. ``block``
    is the word that makes it somebody else's than the subject's.
    """

    text: str
    above: tuple[str, ...]
    row: int
    column: int
    table: int = 0
    bottom: int = 0
    hidden: bool = False
    block: str = ""
    hint: str = ""
    boxes: int = 0


def shape_of(grid: FormTable) -> tuple[str, list[HeadingPath]]:
    """Return list, card, tally or mixed with its headings, or an empty shape when there is none.

    One grid may hold several lists, one under another, each with its own headings.
    """
    lists: list[HeadingPath] = []
    first, number = grid.height, 0
    while number < grid.height:
        bottom = _heads_a_list(grid, number)
        if bottom:
            first = min(first, number)
            start = _after_samples(grid, bottom)
            lists += [replace(column, bottom=start) for column in _columns(grid, number, bottom)]
            # In the loop, so that a file made to harm is refused early.
            check_headings(len(lists))
            bottom = start
        number = bottom or number + 1
    labels = _labels(grid, first)
    check_headings(len(lists) + len(labels))
    if lists:
        title = title_of(grid)
        labels = [label for label in labels if label.text != title]
        return _shape_of_lists(labels, lists), [*labels, *lists]
    if len(labels) == 1 and not labels[0].text.endswith(("人", *COLONS)):
        return "", []  # one sentence beside an empty cell is no form
    if is_tally([(label.text, label.above) for label in labels if not asks_who(label.text)]):
        return TALLY, labels
    return (CARD, labels) if labels else ("", [])


def check_headings(number: int) -> None:
    """Refuse what asks for more than any form: everything after is made for each heading."""
    if number > MOST_HEADINGS:
        told = {"most": MOST_HEADINGS}
        raise Refused(
            "form_filling.many_headings",
            _("文件里的栏目超过%(most)s个，不像一张表单") % told,
            "file",
            _("请只留要填的那张表"),
        )


def _shape_of_lists(labels: list[HeadingPath], lists: list[HeadingPath]) -> str:
    """Return the shape of a table with lists; 填报单位 and 填报日期 above make no card of it."""
    others = [heading_path for heading_path in labels if not asks_who(heading_path.text)]
    if len(others) > 1:
        return MIXED
    return (
        TALLY
        if is_tally([(heading_path.text, heading_path.above) for heading_path in lists])
        else LIST
    )


def asks_who(text: str) -> bool:
    """Is this a label such as 填报单位, of whoever fills the form and when?"""
    return bool(
        re.match(
            r"^(填报|填表|统计|上报|报送|制表|报表|所属|采集|登记|审核)?"
            r"(单位|社区|居委会|村居|日期|时间|月份|年月|年度|季度|期间|街镇|街道|人|人员|周期)?"
            r"([（(].*?[)）]|盖章|名称)?[：:]?$",
            plain_heading(text),
        )
    )


def title_of(grid: FormTable) -> str:
    """Return what stands alone in the first row that says anything: a sheet's title."""
    for number in range(grid.height):
        filled = [form_cell for form_cell in grid.row(number) if form_cell.text]
        if filled and not (len(filled) == 1 and is_no_title(filled[0].text)):
            alone = len(filled) == 1 and not filled[0].text.endswith(COLONS)
            return filled[0].text if alone else ""
    return ""


def is_no_title(text: str) -> bool:
    """Is this 附件2, 月 or /, which stand where a title would?"""
    return bool(NO_TITLE.match(text.strip()))


def without_number(title: str) -> str:
    """Return a title without the 附件2： before it."""
    return re.sub(r"^附[件表]\s*[\d一二三四五六七八九十]*\s*[：:\s]\s*", "", title) or title


def _heads_a_list(grid: FormTable, number: int) -> int:
    """Return the first row under the headings that begin in this row, 0 if none do."""
    row = _inner(grid, number)
    filled = [cell for cell in row if cell.text]
    units = sum(bool(UNIT.match(cell.text)) for cell in filled)
    few = len(filled) < FEWEST and not _is_narrow_list(grid, number)
    if few or len(filled) < FULL * len(row) or not row[0].text or units > 1:
        return 0
    if any(is_hint(cell.text) or has_boxes(cell.text) for cell in row):
        return 0
    if is_sample(row) or is_data(row) or any(cell.text.startswith("=") for cell in row):
        return 0  # an example, somebody's row, or totals that work themselves out
    bottom = _bottom(grid, number, row)
    if is_sample(grid.row(bottom)) or has_row_labels(grid, number, bottom):
        return bottom
    under = _within(grid.row(bottom), row)
    if is_data(under) and sum(_is_known(cell.text) for cell in filled) >= FEWEST:
        return bottom
    below = [form_cell for form_cell in under if not _is_free(form_cell.text)]
    return bottom if len(below) <= len(under) / 4 else 0


def _inner(grid: FormTable, number: int) -> list[FormCell]:
    """Return a row without the columns beside the table in which nothing or a remark stands.

    Only where its cells stand close together: beside a card's labels the blanks are its own.
    """
    row = grid.row(number)
    filled = [cell for cell in row if cell.text]
    close = _within(row, filled) if len(filled) >= FEWEST else row
    if len(close) == len(row) or len(close) > len(filled) or any(map(_is_filler, close)):
        return row
    first, last = close[0].column, close[-1].column
    beside = sum(n for column, n in grid.words_in.items() if not first <= column <= last)
    # A word all by itself beside the table is a remark too.
    return close if beside <= 1 else row


def _is_filler(cell: FormCell) -> bool:
    return asks_who(cell.text)


def _within(row: list[FormCell], heads: list[FormCell]) -> list[FormCell]:
    """Return the cells of a row that stand under some headings."""
    first, last = heads[0].column, heads[-1].column + heads[-1].columns
    return [cell for cell in row if first <= cell.column < last]


def is_data(row: list[FormCell]) -> bool:
    """Does a row hold somebody's number: are these values and no headings?"""
    return any(DATA.match(cell.text) for cell in row)


def _is_free(text: str) -> bool:
    """Is nothing in a cell but marks or a number printed beforehand?"""
    bare = text.strip("(),， （）")
    return not bare or is_hint(text) or has_boxes(text) or (bare.isdigit() and len(bare) < 4)


def _is_narrow_list(grid: FormTable, number: int) -> bool:
    """Are there two headings everybody knows, and nothing but blank rows below them?"""
    row = [form_cell for form_cell in grid.row(number) if form_cell.text]
    if len(row) != 2 or any(cell.text.endswith(COLONS) for cell in row):
        return False
    if not any(
        plain_heading(cell.text) in PLAIN_OWN or ROWS_OF.match(plain_heading(cell.text))
        for cell in row
    ):
        return False
    if not all(_is_known(cell.text) for cell in row):
        return False
    below = (grid.row(cell) for cell in range(number + 1, grid.height))
    rows = list(islice(filter(None, below), 2))
    is_last = len(rows) != 1
    blank = all(_is_free(cell.text) for each in rows for cell in each)
    return is_last and (blank or has_row_labels(grid, number, number + 1))


def _is_known(text: str) -> bool:
    word = plain_heading(text)
    if SERIAL.match(word) or word == "备注" or ROWS_OF.match(word) or counts(text):
        return True
    return any(DICTIONARY.by_word(PERSON, part) for part in parts(text))


def row_labels(grid: FormTable, top: int, bottom: int, until: int) -> list[FormCell]:
    """Return the cells that say what each row counts: a cross table has words on both sides."""
    labels = list(takewhile(lambda one: one.row < until, _labels_beside(grid, top, bottom)))
    return labels if len(labels) >= 2 else []


def has_row_labels(grid: FormTable, top: int, bottom: int) -> bool:
    """Are there such cells? Two are enough to say so: this is asked of every row."""
    return len(list(islice(_labels_beside(grid, top, bottom), 2))) == 2


def _labels_beside(grid: FormTable, top: int, bottom: int) -> Iterator[FormCell]:
    head = grid.row(top)
    others = [one for one in head[1:] if one.text]
    texts = [
        form_cell.text
        for form_cell in grid.band(top, bottom)
        if form_cell.column > head[0].column and form_cell.text
    ]
    if not others or not all(counts(text) or ROWS_OF.match(plain_heading(text)) for text in texts):
        return
    for number in range(bottom, grid.height):
        filled = [form_cell for form_cell in grid.row(number) if form_cell.text]
        if not filled or any(one.column > head[0].column + 1 for one in filled):
            return
        label = filled[-1]
        if SERIAL.match(label.text) or label.text.isdigit() or NOTE.match(label.text):
            return
        yield label


def is_sample(row: list[FormCell]) -> bool:
    """Does a row show how the form is filled?"""
    texts = [form_cell.text.strip() for form_cell in row if form_cell.text.strip()]
    numbers = sum(bool(NUMBER.match(one)) for one in texts)
    days = sum(bool(DAY.match(one)) for one in texts)
    return any(SAMPLE.match(one) for one in texts) or (numbers > 0 and numbers + days > 1)


def _after_samples(grid: FormTable, bottom: int) -> int:
    """Return the first row to fill; where only samples are printed, they are filled over."""
    start = bottom
    while start < grid.height and is_sample(grid.row(start)):
        start += 1
    return start if start < grid.height else bottom


def _bottom(grid: FormTable, top: int, row: list[FormCell]) -> int:
    """Return the first row under the headings: wide ones have others below them."""
    below = {
        column
        for form_cell in row
        if form_cell.columns > 1
        for column in range(form_cell.column, form_cell.column + form_cell.columns)
    }
    bottom = top + 1
    while (
        bottom < top + DEEPEST
        and not is_sample(grid.row(bottom))
        and not has_row_labels(grid, top, bottom)
        and any(form_cell.text and form_cell.column in below for form_cell in grid.row(bottom))
    ):
        bottom += 1
    return bottom


def _columns(grid: FormTable, top: int, bottom: int) -> list[HeadingPath]:
    inner = _inner(grid, top)
    heads = [cell for cell in _within(grid.band(top, bottom), inner) if cell.text]
    check_headings(len(heads))
    # What goes on down beside the rows is a word for the whole list: 家庭主要成员.
    beside = [head for head in heads if head.row == top and head.row + head.rows > bottom + 1]
    columns = []
    for head in heads:
        if head in beside:
            continue
        above = [up for up in heads if up.row < head.row and _covers(up, head)]
        if not any(low.row > head.row and _covers(head, low) for low in heads):
            texts = tuple(up.text for up in [*beside, *above])
            hidden = head.column in grid.hidden
            columns.append(
                HeadingPath(head.text, texts, head.row, head.column, bottom=bottom, hidden=hidden)
            )
    return sorted(columns, key=lambda one: one.column)


def _covers(upper: FormCell, lower: FormCell) -> bool:
    return upper.column <= lower.column < upper.column + upper.columns


def _labels(grid: FormTable, until: int) -> list[HeadingPath]:
    """Return the cells with words that have an empty cell to their right, or a colon."""
    labels = []
    for number in range(until):
        row = grid.row(number)
        for place, cell in enumerate(row):
            after = row[place + 1].text if place + 1 < len(row) else "-"
            if _is_label(cell.text, after):
                labels.append(
                    HeadingPath(
                        cell.text,
                        (),
                        cell.row,
                        cell.column,
                        hidden=cell.column in grid.hidden,
                        hint=after if is_hint(after) else "",
                        boxes=_boxes(row[place + 1 :]),
                    )
                )
    return labels


def _is_label(text: str, after: str) -> bool:
    if not text or is_hint(text) or has_boxes(text):
        return False
    return not after or is_hint(after) or has_boxes(after) or text.endswith(COLONS)


def _boxes(after: Sequence[FormCell]) -> int:
    """Return how many empty cells of the same kind stand in a row: boxes for one digit each."""
    return sum(1 for _cell in takewhile(lambda one: not one.text and one.columns == 1, after))
