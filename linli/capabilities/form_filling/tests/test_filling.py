"""The department's own workbook, filled: what stood there stands there still."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from linli.capabilities.form_filling.filling import Content, ListContent
from linli.capabilities.form_filling.filling.values import styled
from linli.capabilities.form_filling.reading.understand import Form, understand
from linli.capabilities.form_filling.tests.builders import fill_form
from linli.capabilities.form_filling.tests.xlsx_forms import FORMS, a3, a4, as_bytes

NUMBER = "330212195603081234"
BY_HEADING = {
    "姓名": "虞阿香",
    "性别": "女",
    "出生年月": date(1956, 3, 8),
    "出生日期": date(1956, 3, 8),
    "身份证号": NUMBER,
    "联系电话": "13800001234",
    "文化程度": "高中",
    "退役军人": "是",
    "年龄": 70,
    "政治面貌": "中共党员",
}


def filled(folder: Path, book: Workbook, people: int = 5) -> tuple[Form, Any, Any]:
    """Fill the first list with the same person several times; return form, before, after."""
    path, out = folder / "blank.xlsx", folder / "filled.xlsx"
    path.write_bytes(as_bytes(book))
    form = understand(path)
    table = next(one for one in form.tables if one.columns)
    row = {
        column: BY_HEADING[re.sub(r"\s", "", form.headings[heading].text)]
        for column, heading in table.columns
        if re.sub(r"\s", "", form.headings[heading].text) in BY_HEADING
    }
    content = ListContent(
        table.table,
        table.first_row,
        table.last_row,
        (row,) * people,
        table.serial_column,
        table.total_row,
    )
    fill_form(path, out, Content((content,)))
    return form, load_workbook(path), load_workbook(out)


def look(cell: Any) -> tuple[Any, ...]:
    """Return what a cell says and how it looks."""
    return cell.value, *(repr(one) for one in (cell.font, cell.border, cell.fill, cell.alignment))


@pytest.mark.parametrize("name", [one for one in FORMS if one != "card"])
def test_twelve_workbooks_are_filled_and_stay_what_they_were(tmp_path: Path, name: str) -> None:
    form, before, after = filled(tmp_path, FORMS[name]())
    table = next(one for one in form.tables if one.columns)
    form_instance, old = after.worksheets[0], before.worksheets[0]
    names = [row[1].value for row in form_instance.iter_rows(min_row=table.first_row + 1)]
    assert names[:5] == ["虞阿香"] * 5
    assert [worksheet.title for worksheet in after.worksheets] == [
        worksheet.title for worksheet in before.worksheets
    ]
    assert [worksheet.sheet_state for worksheet in after.worksheets] == [
        worksheet.sheet_state for worksheet in before.worksheets
    ]
    for row in old.iter_rows(max_row=table.first_row):
        for cell in row:
            now = form_instance.cell(cell.row, cell.column)
            assert look(now) == look(cell)
    widths = {key: (one.width, one.hidden) for key, one in old.column_dimensions.items()}
    assert widths == {
        key: (one.width, one.hidden) for key, one in form_instance.column_dimensions.items()
    }
    assert form_instance.protection.sheet == old.protection.sheet
    assert form_instance.page_setup.paperSize == old.page_setup.paperSize
    assert form_instance.freeze_panes == old.freeze_panes


def test_added_rows_look_like_the_forms_own(tmp_path: Path) -> None:
    _form, _before, after = filled(tmp_path, FORMS["coloured"]())
    form_instance = after.worksheets[0]
    assert form_instance["B7"].value == "虞阿香"
    assert look(form_instance["B7"]) == look(form_instance["B3"])
    assert form_instance["B7"].font.name == "仿宋_GB2312"


def test_totals_move_down_and_still_add_everybody(tmp_path: Path) -> None:
    _form, _before, after = filled(tmp_path, FORMS["with_totals"]())
    form_instance = after.worksheets[0]
    assert form_instance["A8"].value == "合计"
    assert form_instance["D8"].value == "=SUM(D3:D7)"
    assert form_instance["E8"].value == '=COUNTA(B3:B7)&"人"'
    assert "A8:C8" in {str(one) for one in form_instance.merged_cells.ranges}
    assert form_instance.row_dimensions[8].height == 31


def test_notes_stay_under_the_last_row(tmp_path: Path) -> None:
    _form, _before, after = filled(tmp_path, FORMS["with_notes"]())
    assert str(after.worksheets[0]["A8"].value).startswith("注：")
    assert after.worksheets[0]["A9"].value == "填表人："


def test_values_are_spelt_as_the_drop_downs_spell_them(tmp_path: Path) -> None:
    _form, _before, after = filled(tmp_path, FORMS["with_choices"]())
    form_instance = after.worksheets[0]
    assert [form_instance.cell(3, column).value for column in (3, 4, 5)] == [
        "女性",
        "高中（中专）",
        "√",
    ]
    assert any(
        "C7" in one.sqref or "C3:C7" in str(one.sqref)
        for one in form_instance.data_validations.dataValidation
    )


def test_a_column_that_works_itself_out_is_left_alone(tmp_path: Path) -> None:
    _form, _before, after = filled(tmp_path, FORMS["with_formulas"]())
    form_instance = after.worksheets[0]
    assert str(form_instance["D3"].value).startswith("=IF(C3")
    assert str(form_instance["D7"].value).startswith("=IF(C7")


def test_long_numbers_stay_text(tmp_path: Path) -> None:
    _form, _before, after = filled(tmp_path, FORMS["coloured"]())
    cell = after.worksheets[0]["E3"]
    assert (cell.value, cell.data_type, cell.number_format) == (NUMBER, "s", "@")


def test_the_twins_on_a4_and_a3_are_one_form(tmp_path: Path) -> None:
    prints = set()
    for number, make in enumerate((a4, a3)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(as_bytes(make()))
        prints.add(understand(path).fingerprint)
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("出生年月", "1956.03"),
        ("出生日期", "1956-03-08"),
        ("出生年月（如1956年3月）", "1956年3月"),
        ("出生日期(1956/03/08)", "1956/03/08"),
        ("入住时间（年月日）", "1956-03-08"),
    ],
)
def test_a_day_is_written_as_the_heading_shows(heading: str, said: str) -> None:
    assert styled(date(1956, 3, 8), heading) == said


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("出生年月", "1956.03"),
        ("出生日期", "1956-03"),
        ("出生年月（如1956年3月）", "1956年3月"),
        ("出生日期（如1956年3月8日）", "1956年3月"),
        ("出生日期(1956/03/08)", "1956/03"),
    ],
)
def test_of_a_month_no_day_is_made_up(heading: str, said: str) -> None:
    assert styled("1956-03", heading) == said


def test_nothing_half_filled_is_left(tmp_path: Path) -> None:
    from linli.core.errors import Refused

    path, out = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(Refused, match="填不进去"):
        fill_form(path, out, Content())
    assert list(tmp_path.iterdir()) == [path]
