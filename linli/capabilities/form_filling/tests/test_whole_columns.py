"""Rules over a whole column stay so when rows are added: they end where the sheet ends."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from linli.capabilities.form_filling.child.row_insertion import moved
from linli.capabilities.form_filling.tests.builders import Town, a_town, as_worker
from linli.capabilities.form_filling.tests.judged import BESIDE
from linli.capabilities.form_filling.tests.test_several_lists import taken

FOUND = BESIDE.parent / "found"
ALL = 1_048_576
HEADS = ["序号", "姓名", "性别", "联系电话"]


@pytest.fixture
def here(db: None) -> Town:
    return a_town()


def a_list(first_row: int = 2) -> tuple[Workbook, Any]:
    """One blank row, so that two are added for three people."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["残疾人花名册"])
    sheet.append(HEADS)
    sheet.append([1, None, None, None])
    return book, sheet


def filled(here: Town, book: Workbook) -> Any:
    out = io.BytesIO()
    book.save(out)
    with as_worker(here):
        made = taken(here, out.getvalue())
    sheet = load_workbook(io.BytesIO(made.data)).worksheets[0]
    assert [sheet.cell(row, 2).value for row in (3, 4, 5)] == ["虞阿香", "邬根发", "陈德"]
    return sheet


@pytest.mark.parametrize("area", [f"C3:C{ALL}", f"C1:C{ALL}", f"A3:D{ALL}", f"C4:C{ALL - 1}"])
def test_a_drop_down_over_the_column(here: Town, area: str) -> None:
    book, sheet = a_list()
    rule = DataValidation("list", formula1='"男,女"', sqref=area)
    sheet.add_data_validation(rule)
    now = filled(here, book)
    [kept] = now.data_validations.dataValidation
    assert str(kept.sqref) == area.replace("C4:C1048575", f"C6:C{ALL}")
    assert now["C3"].value == "女"


def test_a_look_over_the_column(here: Town) -> None:
    book, sheet = a_list()
    red = FormulaRule(formula=[f"COUNTIF($D$3:$D${ALL},D3)>1"], fill=PatternFill("solid"))
    sheet.conditional_formatting.add(f"D3:D{ALL}", red)
    now = filled(here, book)
    [kept] = now.conditional_formatting
    assert str(kept.sqref) == f"D3:D{ALL}"
    assert kept.rules[0].formula == [f"COUNTIF($D$3:$D${ALL},D3)>1"]


def test_a_print_area_a_filter_and_a_name(here: Town) -> None:
    book, sheet = a_list()
    sheet.print_area = f"A1:D{ALL}"
    sheet.auto_filter.ref = f"A2:D{ALL}"
    book.defined_names["全部"] = DefinedName("全部", attr_text=f"Sheet!$B$3:$B${ALL}")
    sheet["F1"] = f"=COUNTA(B3:B{ALL})"
    now = filled(here, book)
    assert now.print_area == f"'Sheet'!$A$1:$D${ALL}"
    assert now.auto_filter.ref == f"A2:D{ALL}"
    assert now.parent.defined_names["全部"].attr_text == f"Sheet!$B$3:$B${ALL}"
    assert now["F1"].value == f"=COUNTA(B3:B{ALL})"


@pytest.mark.nightly  # writing a table of a million rows takes half a minute
def test_a_table_over_the_column(here: Town) -> None:
    book, sheet = a_list()
    sheet.add_table(Table(displayName="人员", ref=f"A2:D{ALL}"))
    now = filled(here, book)
    assert [table.ref for table in now.tables.values()] == [f"A2:D{ALL}"]


def test_columns_without_rows_are_left_as_they_are() -> None:
    assert moved("$A:$D", 3, 5) == "$A:$D"
    assert moved(f"A3:A{ALL}", 3, 5, grows=True) == f"A3:A{ALL}"
    assert moved(f"A{ALL}", 3, 5) == f"A{ALL}"


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("g1-validation-whole-column.xlsx", f"C3:C{ALL}"),
        ("g2-conditional-whole-column.xlsx", f"D3:D{ALL}"),
        ("g3-validation-from-row-1.xlsx", f"D1:D{ALL}"),
    ],
)
@pytest.mark.skipif(not FOUND.is_dir(), reason="the found files are not part of the source")
def test_the_files_that_could_not_be_filled(here: Town, name: str, area: str) -> None:
    book = load_workbook(FOUND / name)
    for _row in (5, 6):  # fewer rows than people
        book.active.delete_rows(4)
    book.active.title = "Sheet"
    now = filled(here, book)
    rules = [*now.data_validations.dataValidation, *now.conditional_formatting]
    assert [str(rule.sqref) for rule in rules] == [area]
