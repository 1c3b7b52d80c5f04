"""A list of colleagues as people keep it: its columns by their names, its rows by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields.dictionary import spelling
from linli.workbench.imports.reading import UnreadableFile, read_file
from linli.workbench.imports.reading.parsed_file import BadCell, SheetRow

HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "同事", "人员"),
    "username": ("用户名", "账号", "帐号", "登录名"),
    "role": ("岗位", "角色", "职务", "职位"),
    "place": ("地点", "范围", "地方", "负责区域", "社区", "网格", "小区"),
}
NEEDED = ("name", "role", "place")
ROWS_OF_TITLES = 10
MOST_ROWS = 200


@dataclass(frozen=True)
class ColleagueRow:
    """One row as it stands in the file."""

    number: int
    name: str
    username: str
    role: str
    place: str


@dataclass(frozen=True)
class ColleagueTable:
    """The rows of a list, and the headings of columns that are not used."""

    rows: list[ColleagueRow]
    left_out: list[str]


def read_table(data: bytes, name: str) -> ColleagueTable:
    """Read a list, or say what is wrong with the file."""
    sheet = read_file(data, name)
    if isinstance(sheet, UnreadableFile):
        raise Refused("colleague.file", sheet.sentence, "file", sheet.hint)
    for at, row in enumerate(sheet.rows[:ROWS_OF_TITLES]):
        columns = _columns(row)
        if all(key in columns for key in NEEDED):
            return _table(sheet.rows[at + 1 :], row, columns)
    sentence = _("没有找到“姓名”“岗位”“地点”三列")
    raise Refused("colleague.headings", sentence, "file", _("请有一行写列名"))


def _columns(head: SheetRow) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at in range(len(head.cells)):
        for key, words in HEADINGS.items():
            if spelling(_text(head, at)) in map(spelling, words):
                columns.setdefault(key, at)
    return columns


def _table(rows: Sequence[SheetRow], head: SheetRow, columns: dict[str, int]) -> ColleagueTable:
    used = set(columns.values())
    named = [_text(head, at) for at in range(len(head.cells)) if at not in used]
    read = [
        ColleagueRow(
            row.number, **{key: _text(row, columns.get(key, len(row.cells))) for key in HEADINGS}
        )
        for row in rows
    ]
    read = [one for one in read if one.name or one.username]
    if not read:
        raise Refused("colleague.empty", _("列名下面没有人"), "file")
    if len(read) > MOST_ROWS:
        words = {"n": MOST_ROWS, "now": len(read)}
        raise Refused("colleague.many", _("一次最多%(n)s人，这张表有%(now)s人") % words, "file")
    return ColleagueTable(read, [heading for heading in named if heading])


def _text(row: SheetRow, column: int) -> str:
    cell = row.cell(column)
    if cell is None:
        return ""
    if isinstance(cell, BadCell):
        return cell.text
    # Excel keeps 1001 as 1001.0.
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return " ".join(text.split())[:60]
