"""Rows of a department's list: what can be used of each, and what of it is doubtful.

Unlike an import a row is not refused for one bad cell: a number with a swapped digit still helps to
find the person, and only the good facts are offered to the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.capabilities.record_linkage.matching import LinkageEntry, spelled
from linli.capabilities.record_linkage.matching.entries import sound_of
from linli.capabilities.record_linkage.register_entries import Progress, around
from linli.core.chinese.normalise import half_width, without_spaces
from linli.core.errors import Refused
from linli.core.time import NotADate, Precision, parse_date
from linli.register.people.normalise import phone_tail_index, prepare
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.addresses import Tree
from linli.workbench.imports.parsed_row import FactColumns, drafted, is_blank
from linli.workbench.imports.reading import SheetRow
from linli.workbench.imports.values import cell_as_text

COVERS = str.maketrans("＊×xX●", "*****")
DIGITS_OF_A_DATE = slice(6, 14)


@dataclass
class ListEntry:
    """One row: its facts as the register takes them, its home, its doubts, its entry."""

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)
    entry: LinkageEntry = field(default_factory=lambda: LinkageEntry(0))
    place_id: int | None = None
    place: str = ""
    household: str = ""
    doubts: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name as the list writes it."""
        return str(self.facts.get("name", ""))


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
    list_entry = ListEntry(
        draft.number, dict(draft.facts), household=draft.household, doubts=doubts
    )
    _prepare(list_entry, columns)
    _place(list_entry, draft.where, tree)
    _enter(list_entry, row, columns, tree, draft.where)
    return list_entry


def _said(label: str, sentence: str) -> str:
    return f"{label}：{sentence}" if label else sentence


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
            entry.facts.pop(wrong.field)
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
    written = _cell(row, of, "identity_number")
    entry = LinkageEntry(
        row_entry.number,
        spelled(row_entry.name),
        sound_of(row_entry.name) if row_entry.name else "",
        facts.get("birth_date"),
        "",
        str(facts.get("sex") or ""),
        facts.get("identity_index", ""),
        facts.get("phone_index", ""),
        facts.get("phone_tail_index", ""),
        row_entry.place_id or 0,
        building,
        estate,
    )
    if not entry.number and written:
        entry.plain_number = _number(written)
        if not entry.born and not _cell(row, of, "birth_date"):
            entry.part = _part(entry.plain_number[DIGITS_OF_A_DATE])
    phone = _cell(row, of, "phone")
    entry.plain_phone = facts.get("phone", "") or phone.translate(COVERS)
    # Lists often cover the middle of a phone; the last four are then all there is.
    if not entry.tail and len(phone) > 6 and phone[-4:].isdigit():
        entry.tail = phone_tail_index(phone)
    if not entry.born and "birth_date" in of:
        entry.part = _coarse(row, of["birth_date"]) or entry.part
    row_entry.entry = entry


def _cell(row: SheetRow, of: Any, key: str) -> str:
    return without_spaces(half_width(cell_as_text(row.cell(of[key])))) if key in of else ""


def _number(written: str) -> str:
    """Return a number that does not pass, for comparing: a last X stays, other marks cover."""
    text = written.upper()
    return text[:-1].translate(COVERS) + text[-1] if text else ""


def _part(digits: str) -> str:
    """Return year and month of a number that does not pass; its day may be the wrong digit."""
    read = parse_date(digits) if len(digits) == 8 and digits.isdigit() else None
    if read is None or isinstance(read, NotADate):
        return ""
    return f"{read.value:%Y-%m}"


def _coarse(row: SheetRow, column: int) -> str:
    read = parse_date(row.cell(column))
    if isinstance(read, NotADate) or read.precision is Precision.DAY:
        return ""
    return f"{read.value:%Y-%m}" if read.precision is Precision.MONTH else f"{read.value:%Y}"


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
