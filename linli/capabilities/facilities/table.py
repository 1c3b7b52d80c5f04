"""A list of facilities as people keep it: columns by their names, wrong rows by their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.facilities.cycles import read_cycle
from linli.core.errors import Refused
from linli.core.fields.dictionary import spelling
from linli.core.paths import path_after
from linli.core.time import NotADate, parse_date, today
from linli.register.facilities.actions import DATES, Cycle, FacilityRow, NewFacility, check_date
from linli.register.parties.models import Party
from linli.register.parties.queries import parties
from linli.register.places.models import Place
from linli.register.places.queries import places_in_scope
from linli.workbench.imports.reading import UnreadableFile, read_file
from linli.workbench.imports.reading.parsed_file import SheetRow

HEADINGS: dict[str, tuple[str, ...]] = {
    "kind": ("类别", "设施类别", "种类", "设备类别"),
    "name": ("名称", "设施名称", "设备名称"),
    "code": ("编号", "设备编号", "出厂编号", "设备代码", "注册代码"),
    "place": ("地方", "地址", "位置", "安装地点", "所在地方", "使用地点"),
    "installed_on": ("启用日期", "安装日期", "投用日期"),
    "next_inspection_on": ("下次检验", "下次检验日期", "检验到期", "年检日期", "检验有效期"),
    "expires_on": ("有效期至", "有效期", "保质期", "到期日期"),
    "contract_until": ("合同到期", "租约到期", "合同期限"),
    "quantity": ("数量", "库存"),
    "minimum": ("最低数量", "最低库存"),
    "cycle": ("周期", "检验周期", "年检周期", "多久一次"),
    "maintainer": ("维保单位", "维护单位", "维保公司", "维修单位"),
}
MOST_ROWS = 5000


@dataclass(frozen=True)
class BadRow:
    """A row that cannot come in, by its number in the file, and why."""

    number: int
    why: str


def read_table(data: bytes, name: str, within: Place) -> tuple[list[FacilityRow], list[BadRow]]:
    """Return what a list says stands below a place, and the rows that cannot be used."""
    sheet = read_file(data, name)
    if isinstance(sheet, UnreadableFile):
        raise Refused("facility.file", sheet.sentence, "file", sheet.hint)
    if not sheet.rows:
        raise Refused("facility.empty", _("表格里没有内容"), "file")
    columns = _columns(sheet.rows[0])
    if "name" not in columns or "kind" not in columns:
        raise Refused(
            "facility.headings", _("没有找到“类别”和“名称”两列"), "file", _("第一行请写列名")
        )
    if len(sheet.rows) > MOST_ROWS + 1:
        raise Refused("facility.rows", _("一次最多%(n)s行") % {"n": MOST_ROWS}, "file")
    reader = _RowReader(columns, within)
    good, bad = [], []
    for row in sheet.rows[1:]:
        try:
            good.append(reader.listed(row))
        except Refused as refused:
            bad.append(BadRow(row.number, refused.sentence))
    return good, bad


def _columns(head: SheetRow) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, cell in enumerate(head.cells):
        for key, words in HEADINGS.items():
            if spelling(str(cell or "")) in map(spelling, words):
                columns.setdefault(key, at)
    return columns


def _places(within: Place) -> dict[str, Place | None]:
    """Return places by name and by address; None where two are called the same."""
    known: dict[str, Place | None] = {}
    rows = places_in_scope().filter(path__gte=within.path, path__lt=path_after(within.path))
    for place in rows.exclude(kind="dwelling"):
        for word in {place.name, place.address}:
            known[word] = None if word in known and known[word] != place else place
    return known


def _parties() -> dict[str, Party | None]:
    """Return organisations by name; None where two are called the same."""
    known: dict[str, Party | None] = {}
    for party in parties():
        known[party.name] = None if party.name in known else party
    return known


class _RowReader:
    """Reads rows below a place; knows its places and the organisations that serve it."""

    def __init__(self, columns: dict[str, int], within: Place) -> None:
        self.columns, self.within = columns, within
        self.places = _places(within)
        self.parties = _parties() if "maintainer" in columns else {}

    def listed(self, row: SheetRow) -> FacilityRow:
        """Return what a row says, or refuse."""
        where = self._words(row, "place")
        place = self.places.get(where) if where else self.within
        if place is None:
            raise Refused("facility.place", _("没有找到地方“%(where)s”") % {"where": where})
        kind, name = self._words(row, "kind"), self._words(row, "name")
        if not kind or not name:
            raise Refused("facility.name", _("没有类别或名称"))
        facts: dict[str, Any] = {key: _date(self._said(row, key), key) for key in DATES}
        facts |= {key: _number(self._said(row, key)) for key in ("quantity", "minimum")}
        new = NewFacility(
            place,
            kind[:40],
            name[:80],
            self._words(row, "code")[:40],
            maintainer=self._party(row),
            **facts,
        )
        return FacilityRow(row.number, new, self._cycle(row), names_place=bool(where))

    def _said(self, row: SheetRow, key: str) -> Any:
        return row.cell(self.columns[key]) if key in self.columns else None

    def _words(self, row: SheetRow, key: str) -> str:
        cell = self._said(row, key)
        return str(cell if cell is not None else "").strip()

    def _party(self, row: SheetRow) -> Party | None:
        name = self._words(row, "maintainer")
        if name and self.parties.get(name) is None:
            raise Refused(
                "facility.party", _("没有找到单位“%(name)s”，请先在通讯录里添加") % {"name": name}
            )
        return self.parties[name] if name else None

    def _cycle(self, row: SheetRow) -> Cycle | None:
        text = self._words(row, "cycle")
        return read_cycle(text) if text else None


def _date(cell: Any, key: str) -> date | None:
    if cell in (None, ""):
        return None
    # A `datetime` is a `date` to Python: it goes through `parse_date` like a text.
    if isinstance(cell, date) and not isinstance(cell, datetime):
        day = cell
    else:
        read = parse_date(cell, day=today())
        if isinstance(read, NotADate):
            raise Refused("facility.date", read.sentence, key)
        day = read.value
    check_date(day, key)
    return day


def _number(cell: Any) -> int | None:
    if cell in (None, ""):
        return None
    try:
        # Through float: Excel gives whole numbers as 3.0.
        number = int(float(str(cell)))
    except (ValueError, OverflowError):
        raise Refused("facility.number", _("“%(cell)s”不是数") % {"cell": cell}) from None
    if not 0 <= number <= 100_000_000:
        raise Refused("facility.number", _("“%(cell)s”不是能用的数") % {"cell": cell})
    return number
