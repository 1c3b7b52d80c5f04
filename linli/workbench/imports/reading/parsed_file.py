"""What a file turned out to hold, and why one could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from linli.core.documents import refusals as words


@dataclass(frozen=True)
class BadCell:
    """A cell without a usable value: an error (#REF! …), or a formula never worked out."""

    code: str
    text: str

    @property
    def sentence(self) -> str:
        """Say it in the reader's words."""
        if self.code == "formula":
            return str(_("公式还没有算出结果"))
        return str(_("单元格是错误值%(text)s")) % {"text": self.text}

    @property
    def hint(self) -> str:
        """Say what to do."""
        if self.code == "formula":
            return str(_("请在表格软件里打开并保存一次，或把公式粘贴为数值"))
        return str(_("请在表格里改正，或清空这个单元格"))


CellValue: TypeAlias = str | int | float | bool | date | datetime | time | BadCell | None
Box: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True)
class SheetName:
    """One sheet of the file, whether it was read or not."""

    name: str
    is_hidden: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row that is not empty: its number in the file, from 1, and its cells from column A."""

    number: int
    cells: tuple[CellValue, ...]

    def cell(self, column: int) -> CellValue:
        """Return the cell of a column, from 0; beyond the last it is empty."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class SheetAsRead:
    """A sheet's filled rows with what may surprise: merged, hidden, macros, the encoding."""

    sheets: tuple[SheetName, ...]
    chosen: int
    rows: tuple[SheetRow, ...]
    width: int
    merges: tuple[Box, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    has_macros: bool = False
    encoding: str = ""


SENTENCES: dict[str, tuple[Any, Any]] = {
    **words.SENTENCES,
    "empty_file": (_("文件是空的"), _("请检查选择的文件")),
    "empty_sheet": (_("表里没有内容"), _("请换一张工作表，或检查选择的文件")),
    "too_big": (_("文件有%(size)sMB，超过%(most)sMB"), _("请删掉图片，或分成几个文件")),
    "not_a_table": (_("这个文件不是表格"), _("可以导入.xlsx、.xls和.csv；其他格式请先另存为.xlsx")),
    "name_lies": (
        _("文件名是%(name)s，内容却是%(really)s"),
        _("请用表格软件打开，另存为.xlsx再导入"),
    ),
    "broken": (_("文件已损坏，无法读取"), _("请用表格软件打开确认，另存为新的.xlsx再导入")),
    "too_many_rows": (_("内容超过%(most)s行"), _("请分成几个文件")),
    "too_many_columns": (_("内容超过%(most)s列，最后一列在%(cell)s"), _("请删掉用不到的列")),
    "long_cell": (_("第%(row)s行有一格超过%(most)s字"), _("请把这一格缩短，再上传一次")),
    "far_cell": (_("单元格%(cell)s离表格很远"), _("请清空它，或把有内容的部分复制到新表格")),
    "encoding": (_("看不懂文件的文字编码"), _("请另存为“CSV UTF-8”或.xlsx")),
    "no_such_sheet": (_("没有这张工作表"), _("请重新选择工作表")),
}


@dataclass(frozen=True)
class UnreadableFile:
    """Why a file could not be read: ``code`` is a key of SENTENCES."""

    code: str
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Say it in the reader's words."""
        return str(SENTENCES[self.code][0]) % self.words

    @property
    def hint(self) -> str:
        """Say what to do."""
        return str(SENTENCES[self.code][1]) % self.words


def letters(column: int) -> str:
    """Return the name of a column, counted from 0: A, B … Z, AA."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Return the name of a cell, row from 1 and column from 0: (5, 2) is C5."""
    return f"{letters(column)}{row}"
