"""Whose a label of a card is: the applicant's, or that of a spouse, a guardian, a landlord.

A word left of the labels, over them, before their table or further out than they are makes a
block. What is not surely the subject's is somebody else's: a second name is never the next
resident's, unless the whole card is printed once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linli.capabilities.form_filling.filling.blanks import is_blank
from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable, Paper
from linli.capabilities.form_filling.reading.shape import COLONS, HeadingPath, asks_who
from linli.capabilities.form_filling.reading.words import (
    AGENT,
    HEAD,
    KIN,
    OWN_GROUP,
    PLAIN_OWN,
    asks_name,
    is_applicants,
    plain_heading,
)

OWN, OTHERS, PERHAPS = "own", "others", "perhaps"
LONGEST_WORD = 12
# What is said of a party: 监护人信息, 配偶基本情况.
OF_A_PARTY = re.compile(
    r"(?:的)?(?:基本|个人|身份|详细|主要|有关|相关)*(?:信息|情况|资料|概况|简况|内容|栏|部分|[（(].*[）)])$"
)
NO_PARTY = re.compile(
    r"(表|册|名单|台账|卡|证|书|意见|数|数量|关系|地址|电话|日期|时间|签字|盖章)$"
)
SOME_PARTY = re.compile(r"^.{1,7}(人|者|方|员|户)[一二三四甲乙丙\d]?$")
RELATION = re.compile(r"关系$|^(称谓|称呼)$")


@dataclass(frozen=True)
class Block:
    """A word that names a party, and where it stands."""

    word: str
    party: str
    at: tuple[int, int, int]


@dataclass(frozen=True)
class Blocks:
    """The innermost block of each heading, and all words it stands under and beside."""

    of: dict[HeadingPath, Block]
    words: dict[HeadingPath, tuple[str, ...]]


def party_of(text: str) -> str:
    """Return whether a word names the subject or somebody else, "" when it names nobody."""
    word = plain_heading(text)
    if not word or len(word) > LONGEST_WORD or asks_who(word):
        return ""
    core = OF_A_PARTY.sub("", word)
    if OWN_GROUP.match(word) or (core and OWN_GROUP.match(core)) or HEAD.match(core):
        return OWN
    if NO_PARTY.search(core):
        return ""
    if re.search(rf"{KIN}|{AGENT}", core):
        return OTHERS
    return PERHAPS if SOME_PARTY.match(core) else ""


def with_parties(paper: Paper, headings: Sequence[HeadingPath]) -> list[HeadingPath]:
    """Return the headings, those of other parties with the word of their block."""
    blocks = Blocks({}, {})
    for number, grid in enumerate(paper.tables):
        mine = [one for one in headings if one.table == number]
        here = _blocks_of(grid, number, mine, alone=len(paper.tables) == 1)
        blocks = Blocks(blocks.of | here.of, blocks.words | here.words)
    own = _applicants_apart(headings)
    return [replace(one, block=word) for one, word in _with_words(own, blocks)]


def _with_words(
    headings: Sequence[HeadingPath], blocks: Blocks
) -> Iterator[tuple[HeadingPath, str]]:
    """Yield each heading with the word that makes it somebody else's, "" for the subject's."""
    order = sorted(
        (one for one in headings if not one.bottom),
        key=lambda one: (one.table, one.row, one.column),
    )
    names = [one for one in order if _is_name(one) and not _is_of(blocks.of.get(one), OTHERS)]
    first = blocks.of.get(names[0]) if names else None
    others = _after_another_name(order, names, blocks)
    for one in headings:
        block = blocks.of.get(one)
        if one.block or one in others:
            yield one, one.block or others[one]
        elif block is None or block.party == OWN or (block == first and block.party == PERHAPS):
            yield one, _word_of_relatives(one, headings) if names and one.bottom else ""
        else:
            yield one, block.word


def _is_name(one: HeadingPath) -> bool:
    return not one.block and asks_name(one.text)


def _is_of(block: Block | None, *parties: str) -> bool:
    return block is not None and block.party in parties


def _after_another_name(
    order: list[HeadingPath], names: list[HeadingPath], blocks: Blocks
) -> dict[HeadingPath, str]:
    """Return what stands from a second name on: somebody else's, unless the card repeats."""
    if len(names) < 2 or _is_printed_again(order, names, blocks):
        return {}
    others: dict[HeadingPath, str] = {}
    another: HeadingPath | None = None
    for one in order:
        if one in names[1:]:
            another = one
        block = blocks.of.get(one)
        if another is None or (_is_of(block, OWN) and block != blocks.of.get(another)):
            another = None
        elif one not in names[:1]:
            others[one] = block.word if block else another.text
    return others


def _is_printed_again(order: list[HeadingPath], names: list[HeadingPath], blocks: Blocks) -> bool:
    """Do the same labels stand there once more for the next person, whatever is above them?"""
    differ = len({blocks.words.get(name, ()) for name in names}) > 1
    if differ or any(_is_of(blocks.of.get(one), OTHERS, PERHAPS) for one in order):
        return False
    texts = [
        (one.table, one.row, re.sub(r"\s", "", one.text)) for one in order if not asks_who(one.text)
    ]
    times = len(names)
    rows: dict[tuple[int, int], list[str]] = {}
    for table, row, text in texts:
        rows.setdefault((table, row), []).append(text)
    return _repeats([text for _t, _r, text in texts], times) or all(
        _repeats(row, times) for row in rows.values()
    )


def _repeats(texts: list[str], times: int) -> bool:
    wide, rest = divmod(len(texts), times)
    return not rest and texts == texts[:wide] * times


def _word_of_relatives(column: HeadingPath, headings: Sequence[HeadingPath]) -> str:
    """Return what makes a list under a card one of relatives: a column of how they are related."""
    texts = [
        one.text
        for one in headings
        if (one.table, one.bottom) == (column.table, column.bottom)
        and RELATION.search(plain_heading(one.text))
    ]
    return texts[0] if texts else ""


def _applicants_apart(headings: Sequence[HeadingPath]) -> list[HeadingPath]:
    """Return the headings; beside another name, what is asked of an applicant is theirs alone."""
    apart = any(_is_name(one) and not is_applicants(one.text) for one in headings)
    return [
        replace(one, block=one.text) if apart and is_applicants(one.text) else one
        for one in headings
    ]


def _blocks_of(
    grid: FormTable, table: int, headings: Sequence[HeadingPath], *, alone: bool
) -> Blocks:
    """Return the innermost block each label or list of a table stands in."""
    labels = [one for one in headings if not one.bottom]
    columns = [one for one in headings if one.bottom]
    walk = _Walk(grid, table, None if alone else _lead(grid, table))
    tops = {
        one.bottom: min(each.row for each in columns if each.bottom == one.bottom)
        for one in columns
    }
    found: dict[HeadingPath, Block | None] = {}
    words: dict[HeadingPath, tuple[str, ...]] = {}
    for row in range(grid.height):
        walk.enter(row)
        for one in labels:
            if one.row == row:
                found[one], words[one] = walk.block_at(one.column), walk.words_at(one.column)
        for one in columns:
            # The first list is what the form is about, whatever stands above it.
            if tops[one.bottom] == row and (table or any(label.row < row for label in labels)):
                found[one] = walk.right_over(row)
    return Blocks({one: block for one, block in found.items() if block is not None}, words)


def _lead(grid: FormTable, table: int) -> Block | None:
    """Return the party that the paragraphs before a table name, or its sheet."""
    for text in (*reversed(grid.before), grid.name):
        if party := party_of(text):
            return Block(plain_heading(text), party, (table, -1, -1))
    return None


class _Walk:
    """Goes down a table and knows which words stand left of, over and further out than a row."""

    def __init__(self, grid: FormTable, table: int, lead: Block | None) -> None:
        self.grid, self.table, self.lead = grid, table, lead
        self.heads: list[tuple[int, Block]] = []  # (first column, the word over it and the next)
        self.indent, self.is_indented = 0, False  # of the words over, and what is under them
        self.left: dict[int, tuple[int, Block]] = {}  # column: (the row after a merged cell, word)
        self.title = ""  # the last words that stood alone in a row

    def enter(self, number: int) -> None:
        """Take in the words of a row."""
        row = self.grid.row(number)
        filled = [cell for cell in row if cell.text]
        if len(filled) == 1 and len(row) != 2:
            self.title = plain_heading(filled[0].text)
        if filled and all(party_of(cell.text) for cell in filled) and self._is_over(row, filled):
            self.heads = [(cell.column, self._block(cell)) for cell in filled]
            self.indent, self.is_indented, self.left = filled[0].indent, False, {}
            return
        if filled and filled[0].indent > self.indent:
            self.is_indented = True
        elif filled and self.is_indented:
            self.heads, self.is_indented = [], False
        self._look_left(number, row)

    def _look_left(self, number: int, row: Sequence[FormCell]) -> None:
        for cell, after in zip(row, [*row[1:], None], strict=True):
            until = self.left.get(cell.column, (0, None))[0]
            if not cell.text and (not until or number < until):
                continue  # the word above goes on
            self.left = {c: one for c, one in self.left.items() if c < cell.column}
            if not cell.text:
                continue  # a merged word has ended
            if after is None or is_blank(after.text):
                return
            until = cell.row + cell.rows if cell.rows > 1 else 0
            self.left[cell.column] = (until, self._block(cell))

    def _is_over(self, row: Sequence[FormCell], filled: Sequence[FormCell]) -> bool:
        """Is a row of nothing but parties a heading, and no label with a blank of its own?"""
        if len(row) == len(filled):
            return True
        below = [cell for cell in self.grid.row(row[0].row + 1) if cell.text]
        if not below or len(filled) > 1:
            return bool(below) and len(row) > 2 * len(filled)
        first, then = filled[0], below[0]
        is_deeper = (then.indent, then.column) > (first.indent, first.column)
        is_named = plain_heading(then.text) in PLAIN_OWN
        return is_deeper or is_named or (len(row) > 2 and not first.text.endswith(COLONS))

    def _block(self, cell: FormCell) -> Block:
        at = (self.table, cell.row, cell.column)
        return Block(plain_heading(cell.text), party_of(cell.text), at)

    def block_at(self, column: int) -> Block | None:
        """Return the innermost block of a label: left of it, else over it, else the table's."""
        beside = [block for at, (_until, block) in sorted(self.left.items()) if at < column]
        over = [block for start, block in self.heads if start <= column]
        inmost = [block for block in [*reversed(beside), *reversed(over)] if block.party]
        return next(iter(inmost), self.lead)

    def words_at(self, column: int) -> tuple[str, ...]:
        """Return all that a label stands under and beside, whatever it means."""
        beside = [block.word for at, (_until, block) in sorted(self.left.items()) if at < column]
        return (self.title, *beside)

    def right_over(self, row: int) -> Block | None:
        """Return the word for others that stands right over a list, or before its table."""
        over = [block for _start, block in self.heads if block.at[1] == row - 1][-1:]
        block = next(iter(over), self.lead)
        return block if block and block.party == OTHERS else None
