"""Lists that leave: text stays text, and copied rows say where they came from."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core.interface.workbook import WorkbookSheet, write
from linli.core.personal_data import watermark


def opened(rows, number=7):
    sheet = WorkbookSheet("名单", ["姓名", "年龄", "生日", "独居"], rows)
    made = write(sheet, about=[("用途", "重阳节慰问")], number=number)
    return openpyxl.load_workbook(io.BytesIO(made))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_a_cell_that_looks_like_a_formula_is_text(start):
    cell = opened([[start + "1+1", 3, None, True]])["名单"]["A2"]
    assert cell.data_type == "s"
    assert watermark.without_marks(cell.value).endswith("1+1")


def test_cells_keep_their_types():
    book = opened([["张三", 92, date(1934, 2, 28), True]])
    row = next(book["名单"].iter_rows(min_row=2, values_only=True))
    assert row[1] == 92
    assert row[2].date() == date(1934, 2, 28)
    assert row[3] == "是"
    assert book["用途"]["B1"].value == "重阳节慰问"


@given(number=st.integers(0, 2**48 - 1), first=st.integers(0, 400))
def test_any_twenty_copied_rows_tell_the_number(number, first):
    rows = [f"住户{row}" + watermark.mark(number, row) for row in range(first, first + 20)]
    assert watermark.recover(rows) == number


def test_twenty_rows_copied_out_of_a_real_workbook_tell_the_number():
    page = opened([[f"居民{n}", n, None, None] for n in range(120)], number=123456789)["名单"]
    copied = [row[0] for row in page.iter_rows(min_row=57, max_row=76, values_only=True)]
    assert watermark.recover(copied) == 123456789


def test_ten_rows_or_unmarked_rows_tell_nothing():
    assert watermark.recover([watermark.mark(5, row) for row in range(10)]) is None
    assert watermark.recover(["张三"] * 40) is None
