"""Twelve workbooks as departments make them, each with something that is easily broken."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

THIN = Border(*(Side(style="thin"),) * 4)
HEADS = ["序号", "姓名", "性别", "出生年月", "身份证号", "联系电话", "备注"]
Make = Callable[[], Workbook]


def base(title: str = "残疾人登记表", heads: list[str] | None = None, rows: int = 3) -> Workbook:
    """Return a titled list with bordered blank rows in the form's own font."""
    book = Workbook()
    form_instance: Any = book.active
    heads = heads or HEADS
    form_instance.append([title])
    form_instance.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(heads))
    form_instance["A1"].font = Font(name="方正小标宋简体", size=18, bold=True)
    form_instance.append(heads)
    for row in range(2, rows + 3):
        for column in range(1, len(heads) + 1):
            cell = form_instance.cell(row, column)
            cell.font, cell.border = Font(name="仿宋_GB2312", size=12), THIN
            cell.alignment = Alignment(horizontal="center", wrap_text=True)
    form_instance.column_dimensions["B"].width = 13.5
    return book


def three_rows() -> Workbook:
    """Headings over three rows with merges."""
    book = Workbook()
    form_instance: Any = book.active
    form_instance.append(["序号", "基本信息", None, None, None, "备注"])
    form_instance.append([None, "姓名", "身份", None, "联系电话", None])
    form_instance.append([None, None, "性别", "出生年月", None, None])
    for merge in ("A1:A3", "B1:E1", "F1:F3", "B2:B3", "C2:D2", "E2:E3"):
        form_instance.merge_cells(merge)
    for _row in range(2):
        form_instance.append([None] * 6)
    return book


def with_totals() -> Workbook:
    """A row of totals with formulas under the blank rows, merged and taller."""
    book = base(heads=["序号", "姓名", "性别", "年龄", "备注"])
    form_instance: Any = book.active
    form_instance["A6"], form_instance["D6"] = "合计", "=SUM(D3:D5)"
    form_instance["E6"] = '=COUNTA(B3:B5)&"人"'
    form_instance.merge_cells("A6:C6")
    form_instance.row_dimensions[6].height = 31
    return book


def with_notes() -> Workbook:
    """Notes and a signature under the table."""
    book = base()
    form_instance: Any = book.active
    form_instance["A6"] = "注：1.本表一式两份。2.电话填手机。"
    form_instance.merge_cells("A6:G6")
    form_instance["A7"] = "填表人："
    return book


def with_choices() -> Workbook:
    """Drop-downs that spell the values in the form's own way."""
    book = base(heads=["序号", "姓名", "性别", "文化程度", "退役军人"])
    form_instance: Any = book.active
    for cells, words in (
        ("C3:C5", '"男性,女性"'),
        ("D3:D5", '"小学,初中,高中（中专）,大学本科"'),
        ("E3:E5", '"√"'),
    ):
        choice = DataValidation(type="list", formula1=words, allow_blank=True)
        choice.add(cells)
        form_instance.add_data_validation(choice)
    return book


def with_hidden() -> Workbook:
    """A hidden column and a hidden sheet with the lists of the drop-downs."""
    book = base()
    form_instance: Any = book.active
    form_instance.column_dimensions["F"].hidden = True
    extra = book.create_sheet("字典")
    extra["A1"] = "男"
    extra.sheet_state = "hidden"
    return book


def protected() -> Workbook:
    """A sheet that people may not change outside of the blank cells."""
    book = base()
    book.active.protection.sheet = True
    book.active.protection.password = "abc"
    return book


def a4() -> Workbook:
    """The twin on A4."""
    book = base("人员登记表（A4）")
    book.active.page_setup.paperSize, book.active.page_setup.orientation = 9, "landscape"
    book.active.print_title_rows = "1:2"
    return book


def a3() -> Workbook:
    """The twin on A3."""
    book = base("人员登记表（A3）", rows=8)
    book.active.page_setup.paperSize = 8
    return book


def card() -> Workbook:
    """One person on a card."""
    book = Workbook()
    form_instance: Any = book.active
    form_instance.append(["残疾人帮扶卡"])
    form_instance.merge_cells("A1:D1")
    form_instance.append(["姓名", None, "性别", None])
    form_instance.append(["出生日期", None, "联系电话", None])
    form_instance.append(["家庭住址", None, None, None])
    form_instance.merge_cells("B4:D4")
    return book


def two_sheets() -> Workbook:
    """Two lists on two sheets."""
    book = base()
    other = book.create_sheet("党员")
    other.append(["序号", "姓名", "政治面貌"])
    other.append([None, None, None])
    return book


def with_formulas() -> Workbook:
    """A column that works itself out."""
    book = base(heads=["序号", "姓名", "出生日期", "周岁"])
    form_instance: Any = book.active
    for row in (3, 4, 5):
        form_instance.cell(row, 4, f'=IF(C{row}="","",DATEDIF(C{row},TODAY(),"Y"))')
    return book


def coloured() -> Workbook:
    """Shaded headings, a frozen pane and a filter."""
    book = base()
    form_instance: Any = book.active
    for cell in form_instance[2]:
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
    form_instance.freeze_panes = "C3"
    form_instance.auto_filter.ref = "A2:G5"
    return book


FORMS: dict[str, Make] = {
    one.__name__: one
    for one in (
        three_rows,
        with_totals,
        with_notes,
        with_choices,
        with_hidden,
        protected,
        a4,
        a3,
        card,
        two_sheets,
        with_formulas,
        coloured,
    )
}


def as_bytes(book: Workbook) -> bytes:
    """Return the workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
