"""The last look at a filled file before it is kept: nobody stands in a row that is not theirs.

It trusts neither how the form was laid out nor what was written: the blank form is read anew, the
filled bytes are read back, and every identity number, phone and name in them must be that row's
or card's own person's, or in a relative's block that of somebody of the same household.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.answers.cells import RowKnown, whose
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.blank_form import Paper
from linli.capabilities.form_filling.reading.form import FieldMatch, Form, TableLayout
from linli.capabilities.form_filling.reading.understand import form_of
from linli.capabilities.form_filling.reading.words import asks_name, is_of_others, is_word
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.batches import in_batches
from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.register.people.models import Person
from linli.register.people.normalise import identity_index, phone_index

IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
NUMBERS = {"identity_number", "phone"}
SHORTEST_NUMBER = 11
Cells = Sequence[Sequence[Any]]  # [row, column, text]
NAME, NUMBER = "name", "number"
REST: tuple[Any, ...] = ("rest",)
BETWEEN = re.compile(r"[\s：:，,、；;。_＿（）()]+")


@dataclass(frozen=True)
class _Said:
    """A name or a number that stands in the file, and where."""

    kind: str
    text: str
    where: str
    row: int
    is_in_block: bool = False
    is_printed: bool = False

    @cached_property
    def keys(self) -> set[str]:
        """What the register knows it by: a name as it is, a number by its index."""
        if self.kind == NAME:
            return {self.text}
        index = phone_index if PHONE.fullmatch(self.text) else identity_index
        return {index(self.text)} - {""}


@dataclass
class _Allowed:
    """What may stand in one row: its own, and in the block of a relative theirs."""

    names: set[str] = field(default_factory=set)
    indexes: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)  # what the row itself says that is no such fact
    of_relatives: set[str] = field(default_factory=set)

    def allows(self, said: _Said) -> bool:
        """May this stand in the row?"""
        relatives = self.of_relatives if said.is_in_block else set()
        facts = self.names if said.kind == NAME else self.indexes
        return said.text in self.texts or bool(said.keys & (facts | relatives))


def check_whose(
    form_instance: FormInstance, paper: Paper, texts: Mapping[str, Any], rows: Sequence[RowKnown]
) -> None:
    """Refuse a filled file in which somebody stands who has no business in that row or card."""
    known: dict[str, list[_Allowed]] = defaultdict(list)
    names: set[str] = set()
    for one in _allowed(form_instance, rows):
        names |= one.names | one.of_relatives
        for key in one.names | one.indexes | one.texts | one.of_relatives:
            known[key].append(one)
    for unit in _Look(paper, names, texts).units():
        # Whoever stands there at all is among those of whom its first fact is known.
        could_be = [one for key in (unit[0].text, *unit[0].keys) for one in known.get(key, ())]
        if not any(all(one.allows(said) for said in unit) for one in could_be):
            raise _refusal(unit, could_be)


def _refusal(unit: Sequence[_Said], allowed: Sequence[_Allowed]) -> Refused:
    wrong = next((said for said in unit if not any(one.allows(said) for one in allowed)), unit[-1])
    what = {NAME: _("姓名"), NUMBER: _("证件号码或电话")}[wrong.kind]
    told = {"row": wrong.row + 1, "where": wrong.where, "what": what}
    return Refused(
        "form_filling.somebody_elses",
        _("填好的表没有留下：第%(row)d行“%(where)s”里的%(what)s不是这一行本人的") % told,
        "file",
        _("请把空表重新放进来再填；还是这样，请把空表交给管理员看"),
    )


def _allowed(form_instance: FormInstance, rows: Sequence[RowKnown]) -> list[_Allowed]:
    """Return what may stand in the file for each of its rows."""
    made = {row.id: _said_itself(form_instance, row) for row in rows}
    ids = whose(form_instance, made) if form_instance.subject == PERSON else []
    households: dict[int, list[int]] = defaultdict(list)
    for some in in_batches(ids):
        people = Person.objects.filter(pk__in=some)
        for pk, household, name, *indexes in people.values_list(*FACTS):
            made[pk].names.add(name)
            made[pk].indexes |= set(indexes) - {""}
            if household:
                households[household].append(pk)
    for some in in_batches(households):
        members = Person.objects.filter(household__in=some)
        for pk, household, *facts in members.values_list(*FACTS):
            for each in households[household]:
                if each != pk:
                    made[each].of_relatives |= set(facts) - {""}
    return list(made.values())


FACTS = ("pk", "household", "name", "identity_index", "phone_index")


def _said_itself(form_instance: FormInstance, row: RowKnown) -> _Allowed:
    """Return what a row says itself; of people, their stored numbers and names are asked anew."""
    one = _Allowed()
    for heading, cell in zip(form_instance.headings, row.cells, strict=True):
        is_stored = form_instance.subject == PERSON and heading["use"] == ColumnUse.FIELD
        if cell.text and not (is_stored and {*NUMBERS, "name"} & set(heading["fields"])):
            one.texts |= {*_tokens(cell.text), *_numbers(cell.text)}
    return one


def _numbers(text: str) -> list[str]:
    return [*IDENTITY.findall(text), *PHONE.findall(text)]


def _tokens(text: str) -> set[str]:
    return {text.strip(), *BETWEEN.split(text)} - {""}


@lru_cache(maxsize=8)
def _form_and_printed(paper: Paper) -> tuple[Form, frozenset[str]]:
    """Understand the blank form anew; what is printed on it is nobody's."""
    texts = [*paper.words, *(cell.text for grid in paper.tables for cell in grid.cells)]
    return form_of(paper), frozenset(
        token for text in texts for token in (*_tokens(text), *_numbers(text))
    )


class _Look:
    """Cuts a filled file into rows and cards, each with the names and numbers in it."""

    def __init__(self, paper: Paper, names: set[str], texts: Mapping[str, Any]) -> None:
        self.form, self.printed = _form_and_printed(paper)
        self.names, self.texts = names, texts
        self.units_of: dict[tuple[Any, ...], list[_Said]] = defaultdict(list)

    def units(self) -> Iterator[list[_Said]]:
        """Yield what stands in each row of a list, in each card, and around them."""
        fillers = {line.row for line in self.form.lines if line.table < 0}
        for number, text in enumerate(self.texts["words"]):
            self._add(REST, text, text[:12], number, names=number not in fillers)
        # What was added after the form's own tables says what changed, and of whom.
        for number, cells in enumerate(self.texts["tables"][: self._tables]):
            self._table(number, cells)
        cards = [key for key in self.units_of if key[0] == "card"]
        if len(cards) == 1 and REST in self.units_of:
            self.units_of[cards[0]] += self.units_of.pop(REST)
        # Where only what the department printed stands, nothing was filled.
        yield from (
            unit for unit in self.units_of.values() if any(not one.is_printed for one in unit)
        )

    @property
    def _tables(self) -> int:
        return 1 + max((heading.at.table for heading in self.form.headings), default=-1)

    def _table(self, number: int, cells: Cells) -> None:
        beside = self._card_cells(number)
        by_filler = {
            (line.row, column)
            for line in self.form.lines
            if line.table == number
            for column in (line.column, line.value_column)
        }
        starts = self._starts(number, cells)
        for row, line in groupby(cells, key=itemgetter(0)):
            group = list(line)
            table = next((one for start, one in reversed(starts) if start <= row), None)
            for _row, column, text in [*group, *_digit_boxes(group)]:
                key, heading = REST, None
                if table is not None:
                    key, heading = _of_list(table, row, column, self.form)
                elif (row, column) in beside:
                    key, heading = beside[row, column]
                names = (row, column) not in by_filler
                self._add(
                    key, text, heading.text if heading else text[:12], row, heading, names=names
                )

    def _starts(self, number: int, cells: Cells) -> list[tuple[int, TableLayout]]:
        """Return where each list of a table begins now that rows were added above it."""
        rows_of: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row, column, text in cells:
            rows_of[column, re.sub(r"\s", "", text)].append(row)
        starts: list[tuple[int, TableLayout]] = []
        for table in self.form.tables:
            if table.table == number and table.columns:
                heading = self.form.headings[table.columns[0][1]]
                text = re.sub(r"\s", "", heading.text)
                found = [row for row in rows_of[table.columns[0][0], text] if row >= heading.at.row]
                # Its words stand as often as before, and in the same order.
                before = len(
                    [1 for _start, other in starts if _same_heading(self.form, other, table)]
                )
                down = found[min(before, len(found) - 1)] - heading.at.row if found else 0
                starts.append((table.first_row + down, table))
        return sorted(starts, key=itemgetter(0))

    def _card_cells(self, number: int) -> dict[tuple[int, int], tuple[tuple[Any, ...], FieldMatch]]:
        """Return which card the cell beside each label belongs to: one, unless it is repeated."""
        cells = sorted(
            (table.table, row, column, heading)
            for table in self.form.tables
            for row, column, heading in table.cells
        )
        times = sum(self.form.headings[cell[3]].fields == ("name",) for cell in cells)
        seen, found = Counter[str](), {}
        for table, row, column, heading in cells:
            text = re.sub(r"\s", "", self.form.headings[heading].text)
            card = ("card", seen[text] if times > 1 else 0)
            seen[text] += 1
            if table == number:
                found[row, column] = (card, self.form.headings[heading])
        return found

    def _add(
        self,
        key: tuple[Any, ...],
        text: str,
        where: str,
        row: int,
        heading: FieldMatch | None = None,
        *,
        names: bool = True,
    ) -> None:
        block = bool(heading and (heading.block or any(map(is_of_others, heading.above))))
        is_long = len(text) >= SHORTEST_NUMBER
        said = {(NUMBER, number) for number in _numbers(text)} if is_long else set()
        if names and len(text) > 1:
            said |= {(NAME, token) for token in _tokens(text) if token in self.names}
        said = {each for each in said if each[1] not in self.printed}
        # With a colon it is a line below a list, which says who filled it.
        if heading and asks_name(heading.text) and is_word(text) and not re.search("[：:]", text):
            said.add((NAME, text.strip()))
        if not said:
            return
        self.units_of[key] += [
            _Said(kind, what, where, row, block, what in self.printed)
            for kind, what in sorted(said)
        ]


def _same_heading(form: Form, one: TableLayout, other: TableLayout) -> bool:
    first, second = (
        (each.columns[0][0], re.sub(r"\s", "", form.headings[each.columns[0][1]].text))
        for each in (one, other)
    )
    return first == second


def _of_list(
    table: TableLayout, row: int, column: int, form: Form
) -> tuple[tuple[Any, ...], FieldMatch | None]:
    """Return the row and side a cell of a list belongs to, and what stands over it."""
    wide = len(table.columns) // table.sides
    for number, (at, heading) in enumerate(table.columns):
        if at == column:
            return ("row", table.table, row, number // wide), form.headings[heading]
    return ("row", table.table, row, 0), None


def _digit_boxes(line: Cells) -> list[tuple[int, int, str]]:
    """Return the numbers of a row that stand one digit in each box."""
    boxes = "".join(text if re.fullmatch(r"[\dXx]", text) else " " for _r, _c, text in line)
    return [(line[0][0], line[-1][1], number) for number in boxes.split() if len(number) > 10]
