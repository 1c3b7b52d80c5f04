"""Workbooks with more to lose: drop-downs from elsewhere, print areas, names, looks by rule."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from linli.capabilities.form_filling.child.row_insertion import moved, moved_formula
from linli.capabilities.form_filling.filling import Content, FillResult, LineContent, ListContent
from linli.capabilities.form_filling.tests.builders import fill_form
from linli.capabilities.form_filling.tests.xlsx_forms import as_bytes, base

HEADS = ["序号", "姓名", "性别", "文化程度"]
LEARNED = ("小学", "初中", "高中（中专）", "大学本科")
X14_RULE = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1>'
    "<xm:f>字典!$A$1:$A$4</xm:f></x14:formula1><xm:sqref>D3:D5</xm:sqref></x14:dataValidation>"
    "</x14:dataValidations></ext></extLst>"
)


def a_book() -> tuple[Workbook, Any]:
    """Return a list with a hidden sheet that holds the words of its drop-downs."""
    book = base(heads=HEADS)
    words = book.create_sheet("字典")
    for row, word in enumerate(LEARNED, 1):
        words.cell(row, 1, word)
    words.sheet_state = "hidden"
    return book, book.worksheets[0]


def fill(folder: Path, data: bytes, people: int = 5) -> tuple[Workbook, FillResult]:
    """Fill the list with one person several times."""
    open_question, out = folder / "blank.xlsx", folder / "filled.xlsx"
    open_question.write_bytes(data)
    row = {1: "虞阿香", 2: "女", 3: "高中"}
    done = fill_form(open_question, out, Content((ListContent(0, 2, 4, (row,) * people, 0),)))
    return load_workbook(out), done


def with_extension(data: bytes, extension: str = X14_RULE) -> bytes:
    """Put what newer Excel writes at the end of a sheet into the first one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</worksheet>", extension.encode() + b"</worksheet>")
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    "formula", ["字典!$A$1:$A$4", "=字典!$A:$A", "学历", '"小学,高中（中专）"']
)
def test_words_of_a_drop_down_may_stand_on_a_hidden_sheet_or_behind_a_name(
    tmp_path: Path, formula: str
) -> None:
    book, form_instance = a_book()
    book.defined_names["学历"] = DefinedName("学历", attr_text="字典!$A$1:$A$4")
    rule = DataValidation(type="list", formula1=formula)
    rule.add("D3:D5")
    form_instance.add_data_validation(rule)
    made, done = fill(tmp_path, as_bytes(book))
    assert [made.worksheets[0].cell(row, 4).value for row in (3, 7)] == ["高中（中专）"] * 2
    assert done.warnings == ()


def test_a_drop_down_only_newer_excel_knows_is_used_and_not_lost(tmp_path: Path) -> None:
    book, _sheet = a_book()
    made, done = fill(tmp_path, with_extension(as_bytes(book)))
    form_instance = made.worksheets[0]
    assert form_instance["D3"].value == "高中（中专）"
    (rule,) = form_instance.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref), rule.showErrorMessage) == (
        "字典!$A$1:$A$4",
        "D3:D7",
        True,
    )
    assert done.warnings == ()


def test_what_cannot_come_along_is_said(tmp_path: Path) -> None:
    book, _sheet = a_book()
    bars = X14_RULE.replace("dataValidations", "sparklineGroups").replace(
        "x14:dataValidation ", "x14:sparklineGroup "
    )
    bars = bars.replace("</x14:dataValidation>", "</x14:sparklineGroup>")
    _made, done = fill(tmp_path, with_extension(as_bytes(book), bars))
    assert any("没有带过来" in warning for warning in done.warnings)


def test_a_word_no_drop_down_offers_is_said(tmp_path: Path) -> None:
    book, form_instance = a_book()
    rule = DataValidation(type="list", formula1='"甲,乙"')
    rule.add("D3:D5")
    form_instance.add_data_validation(rule)
    _made, done = fill(tmp_path, as_bytes(book))
    assert done.warnings == ("“高中”不在表的下拉选项里，请看一眼",)


def test_print_area_names_and_looks_grow_with_the_rows(tmp_path: Path) -> None:
    book, form_instance = a_book()
    form_instance["A6"], form_instance["A7"] = "合计", "填表人："
    form_instance["B6"] = "=COUNTA(B3:B5)"
    form_instance.row_dimensions[6].height, form_instance.row_dimensions[7].height = 31, 22
    form_instance.print_area = "A1:D7"
    shade = PatternFill("solid", bgColor="FFC7CE")
    form_instance.conditional_formatting.add("B5", FormulaRule(formula=['B5=""'], fill=shade))
    form_instance.conditional_formatting.add("D3:D5", FormulaRule(formula=['D3=""'], fill=shade))
    title = form_instance.title
    book.defined_names["人员"] = DefinedName("人员", attr_text=f"'{title}'!$B$3:$B$5")
    book["字典"]["C1"] = f"=COUNTA('{title}'!B3:B5)+A4"
    made, _done = fill(tmp_path, as_bytes(book))
    now = made.worksheets[0]
    assert now.print_area == f"'{title}'!$A$1:$D$9"
    assert {str(one.sqref) for one in now.conditional_formatting} == {"B5:B7", "D3:D7"}
    assert made.defined_names["人员"].attr_text == f"'{title}'!$B$3:$B$7"
    assert made["字典"]["C1"].value == f"=COUNTA('{title}'!B3:B7)+A4"
    assert now["B8"].value == "=COUNTA(B3:B7)"
    assert [now.row_dimensions[row].height for row in (8, 9)] == [31, 22]


def test_a_formula_about_another_sheet_is_left_alone() -> None:
    said = "=SUM(字典!A3:A9)+SUM(A3:A5)"
    assert moved_formula(said, "表", "表", 5, 2) == "=SUM(字典!A3:A9)+SUM(A3:A7)"
    assert moved("B5", 5, 2) == "B5"
    assert moved("B5", 5, 2, grows=True) == "B5:B7"


def test_what_is_printed_in_a_blank_row_stays(tmp_path: Path) -> None:
    book, form_instance = a_book()
    form_instance["A3"], form_instance["D3"], form_instance["D4"] = 1, "□是 □否", "（  ）"
    made, _done = fill(tmp_path, as_bytes(book))
    now = made.worksheets[0]
    assert [now.cell(row, 4).value for row in (3, 4)] == ["□是 □否", "高中"]
    assert [now.cell(row, 1).value for row in range(3, 8)] == [1, 2, 3, 4, 5]


def test_a_name_that_looks_like_a_formula_is_none(tmp_path: Path) -> None:
    book, _sheet = a_book()
    open_question, out = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    open_question.write_bytes(as_bytes(book))
    fill_form(open_question, out, Content((ListContent(0, 2, 4, ({1: "=1+1"},), 0),)))
    cell = load_workbook(out).worksheets[0]["B3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_line_with_two_labels_keeps_its_looks(tmp_path: Path) -> None:
    book, form_instance = a_book()
    bold = InlineFont(b=True)
    form_instance["A1"] = CellRichText(
        [TextBlock(bold, "填报单位：        "), "填报日期：    年  月  日"]
    )
    open_question, out = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    open_question.write_bytes(as_bytes(book))
    said = {"unit": "殷家社区", "date": "2026年11月29日"}
    fill_form(open_question, out, Content(lines=(LineContent(0, 0, 0, said),)))
    now = load_workbook(out, rich_text=True).worksheets[0]["A1"].value
    assert str(now) == "填报单位：殷家社区 填报日期：2026年11月29日"
    assert now[0].font.b
