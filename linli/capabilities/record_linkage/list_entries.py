"""Rows of a department's list: what can be used of each, and what of it is doubtful.

Unlike an import a row is not refused for one bad cell: a number with a swapped digit still helps to
find the person, and only the good facts are offered to the register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.record_linkage.matching import LinkageEntry
from linli.capabilities.record_linkage.matching.comparing import COVERED, DATE, NUMBER_LENGTH
from linli.capabilities.record_linkage.matching.entries import born_or_part, sound_of
from linli.capabilities.record_linkage.register_entries import Progress, around
from linli.core.chinese.names import key_with_gaps, name_key, written_name
from linli.core.chinese.normalise import half_width, without_spaces
from linli.core.errors import Refused
from linli.core.time import NotADate, Precision, parse_date
from linli.register.people.birth import fact_of
from linli.register.people.normalise import left_out_with, phone_tail_index, prepare
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.addresses import Tree
from linli.workbench.imports.parsed_row import FactColumns, drafted, is_blank
from linli.workbench.imports.reading import SheetRow
from linli.workbench.imports.values import cell_as_text

COVERS, COVERS_LAST = str.maketrans("＊×xX●", "*****"), str.maketrans("＊×●", "***")
DIGITS_KEPT = 15
YEAR, MONTH = slice(6, 10), slice(6, 12)
# A spreadsheet keeps fifteen digits of a number and fills up with zeros, or writes 9.9E+17.
_ROUNDED = re.compile(rf"(\d{{{DIGITS_KEPT}}})0{{3}}")
_SCIENTIFIC = re.compile(r"(\d)\.(\d+)E\+?17")
# Nobody is called so: 空户, 钱七、孙八, 蒋七之妻.
_NO_NAME = frozenset({"nobody", "several", "kinship"})


@dataclass
class ListEntry:
    """One row: its name as the list writes it, the facts as the register takes them, its home, its
    doubts, its entry."""

    number: int
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)
    entry: LinkageEntry = field(default_factory=lambda: LinkageEntry(0))
    place_id: int | None = None
    place: str = ""
    household: str = ""
    doubts: list[str] = field(default_factory=list)


def listed(
    rows: Sequence[SheetRow], columns: FactColumns, tree: Tree, progress: Progress
) -> list[ListEntry]:
    """Return every row that says something about somebody."""
    entries = []
    for count, row in enumerate(rows):
        one = _one(row, columns, tree)
        if one is not None:
            entries.append(one)
        if count % 500 == 0:
            progress(count, len(rows))
    return entries


def _one(row: SheetRow, columns: FactColumns, tree: Tree) -> ListEntry | None:
    draft = drafted(row, columns)
    if is_blank(draft):
        return None
    doubts = [*draft.doubts, *(_said(p.label, p.sentence) for p in draft.problems)]
    name = cell_as_text(row.cell(columns.of["name"])) if "name" in columns.of else ""
    list_entry = ListEntry(draft.number, name, dict(draft.facts), household=draft.household)
    list_entry.doubts = doubts
    _name(list_entry, columns.label("name"))
    _prepare(list_entry, columns)
    _place(list_entry, draft.where, tree)
    _enter(list_entry, row, columns, tree, draft.where)
    return list_entry


def _said(label: str, sentence: str) -> str:
    return f"{label}：{sentence}" if label else sentence


def _name(entry: ListEntry, label: str) -> None:
    """Offer the register nothing but a name: no remark beside it, none that is not whole."""
    written, offered = written_name(entry.name), entry.facts.get("name", "")
    if not offered or (name_key(offered) == name_key(written.name) and not written.problem):
        return
    if written.problem:
        del entry.facts["name"]
        entry.doubts.append(_said(label, _("“%(text)s”不是完整的姓名") % {"text": offered[:30]}))
    else:
        entry.facts["name"] = written.name
        words = {"text": written.remark[:30]}
        entry.doubts.append(_said(label, _("“%(text)s”不算姓名，没有写入") % words))


def _prepare(entry: ListEntry, columns: FactColumns) -> None:
    """Check the facts as the register does; what it refuses is left out and said."""
    # The register refuses one fact at a time: left out one by one, the good ones remain.
    while True:
        try:
            entry.prepared = prepare(entry.facts)
        except Refused as wrong:
            if not wrong.field or wrong.field not in entry.facts:
                entry.facts, entry.prepared = {}, {}
                return
            for name in left_out_with(wrong):
                entry.facts.pop(name)
            entry.doubts.append(_said(columns.label(wrong.field), wrong.sentence))
        else:
            return


def _place(entry: ListEntry, where: dict[str, str], tree: Tree) -> None:
    wanted = tree.asked(where)
    entry.place = " ".join(where.values())
    if wanted.is_empty:
        return
    match = tree.find(wanted)
    if match.place_id is not None:
        entry.place_id, entry.place = match.place_id, tree.address[match.place_id]
    else:
        entry.doubts.append(match.sentence)


def _enter(
    row_entry: ListEntry, row: SheetRow, columns: FactColumns, tree: Tree, where: dict[str, str]
) -> None:
    facts, of = row_entry.prepared, columns.of
    building, estate = around(tree, row_entry.place_id)
    if not row_entry.place_id:
        # Without the door the building still tells two of one name apart.
        building, estate = _nearby(tree, where)
    called = written_name(row_entry.name)
    name = "" if called.problem in _NO_NAME else called.name
    entry = LinkageEntry(
        row_entry.number,
        key_with_gaps(name),
        sound_of(name) if name else "",
        *born_or_part(fact_of(facts, "birth_date")),
        str(facts.get("sex") or ""),
        facts.get("identity_index", ""),
        facts.get("phone_index", ""),
        facts.get("phone_tail_index", ""),
        row_entry.place_id or 0,
        building,
        estate,
    )
    phone = _cell(row, of, "phone")
    entry.plain_phone = facts.get("phone", "") or phone.translate(COVERS)
    # Lists often cover the middle of a phone; the last four are then all there is.
    if not entry.tail and len(phone) > 6 and phone[-4:].isdigit():
        entry.tail = phone_tail_index(phone)
    _take_number(entry, _number(_cell(row, of, "identity_number")))
    _take_birth(entry, row, of)
    if "sex" not in row_entry.facts:
        entry.from_number |= {"sex"}
    row_entry.entry = entry


def _take_number(entry: LinkageEntry, number: str) -> None:
    """Keep a number that does not pass, for comparing, and what of its date can be read."""
    if entry.number and COVERED not in number:
        return
    entry.plain_number = number
    if COVERED in number and number[DATE].isdigit():
        # Nothing of it is wrong, it only cannot be read to the end.
        read = parse_date(number[DATE])
        entry.born = entry.born or (None if isinstance(read, NotADate) else read.value)
    elif number[MONTH].isdigit():
        # The day may be the digit that is wrong.
        read = parse_date(number[MONTH])
        entry.part = "" if isinstance(read, NotADate) else f"{read.value:%Y-%m}"
    elif number[YEAR].isdigit():
        entry.part = number[YEAR]


def _take_birth(entry: LinkageEntry, row: SheetRow, of: Mapping[str, int]) -> None:
    """What the row says of the birth comes before what its number says."""
    column = of.get("birth_date")
    read = parse_date(row.cell(column)) if column is not None else None
    if read is None or isinstance(read, NotADate):
        entry.from_number |= {"birth"}
    elif read.precision is Precision.DAY:
        entry.born, entry.part = read.value, ""
    else:
        written = f"{read.value:%Y-%m}" if read.precision is Precision.MONTH else f"{read.value:%Y}"
        if not entry.born or not entry.born.isoformat().startswith(written):
            entry.born, entry.part = None, written


def _cell(row: SheetRow, of: Any, key: str) -> str:
    return without_spaces(half_width(cell_as_text(row.cell(of[key])))) if key in of else ""


def _number(written: str) -> str:
    """Return a number as it is compared: marks that cover and digits that are lost become "*"."""
    text = written.upper().lstrip("'’‘")
    if short := _SCIENTIFIC.fullmatch(text):
        return (short[1] + short[2])[:DIGITS_KEPT].ljust(NUMBER_LENGTH, COVERED)
    if rounded := _ROUNDED.fullmatch(text):
        return rounded[1].ljust(NUMBER_LENGTH, COVERED)
    body = text[:-1].translate(COVERS)
    # A last X is a check character, unless what stands before it is covered too.
    last = text[-1:].translate(COVERS if body.endswith(COVERED) else COVERS_LAST)
    return body + last


def _nearby(tree: Tree, where: dict[str, str]) -> tuple[int, int]:
    """Return building and estate of an address whose door is not known."""
    wanted = tree.asked(where)
    if wanted.is_empty:
        return 0, 0
    match = tree.find(wanted)
    if match.parent is None:
        return 0, 0
    above = {**tree.above(match.parent), tree.kind[match.parent]: match.parent}
    estate = above.get(PlaceKind.ESTATE) or above.get(PlaceKind.COMMUNITY)
    return above.get(PlaceKind.BUILDING, 0), estate or 0
