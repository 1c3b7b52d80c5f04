"""What stands beside a list does not make a card of it, and whoever is printed keeps their row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from linli.capabilities.form_filling.reading.form import LIST
from linli.capabilities.form_filling.reading.understand import understand
from linli.capabilities.form_filling.tests.builders import Town, a_town, as_worker, cells_of
from linli.capabilities.form_filling.tests.judged import BESIDE
from linli.capabilities.form_filling.tests.test_party_blocks import FOUND, texts_of, written
from linli.capabilities.form_filling.tests.test_several_lists import taken

HEADS = ["序号", "姓名", "性别", "联系电话"]
NAMES = ["虞阿香", "邬根发", "陈德"]


@pytest.fixture
def here(db: None) -> Town:
    return a_town()


def beside(*rows: list[str]) -> list[list[str]]:
    """A list with something in the columns beside it."""
    return [list(row) for row in rows]


BESIDES = {
    "two empty columns": beside(["花名册", *[""] * 5], [*HEADS, "", ""], *[[""] * 6] * 3),
    "empty columns before": beside(["", "花名册", *[""] * 4], ["", *HEADS, ""], *[[""] * 6] * 3),
    "a remark": beside([*HEADS, "", ""], ["", "", "", "", "", "备注：电话填手机"], *[[""] * 6] * 2),
    "a word by itself": beside([*HEADS, "", ""], ["", "", "", "", "", "仅常住"], *[[""] * 6] * 2),
    "a long explanation": beside(
        [*HEADS, "", ""],
        ["1", "", "", "", "", "请各社区于每月二十五日前报送，逾期不再受理，联系人见通知，不得空项"],
        ["2", *[""] * 5],
        ["3", *[""] * 5],
    ),
}


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("name", BESIDES)
def test_a_list_is_a_list_whatever_stands_beside_it(
    here: Town, tmp_path: Path, name: str, kind: str
) -> None:
    path = written(tmp_path, BESIDES[name], kind)
    assert understand(path).shape == LIST
    with as_worker(here):
        made = taken(here, path.read_bytes(), path.name)
    texts = texts_of(made.data)
    assert [text for text in texts if text in NAMES] == NAMES


@pytest.mark.parametrize(
    "name", ["f1-stray-columns", "a8-double-table", "a8-footers", "a8-repeated-headings"]
)
@pytest.mark.skipif(not FOUND.is_dir(), reason="the found files are not part of the source")
def test_the_lists_that_were_read_as_cards(name: str) -> None:
    form = understand(BESIDE.parent / "found" / f"{name}.xlsx")
    assert (form.shape, form.subject) == (LIST, "person")
    assert not [heading.text for heading in form.headings if heading.text[:1].isdigit()]
    assert "name" in [key for heading in form.headings for key in heading.fields]


@pytest.mark.skipif(not FOUND.is_dir(), reason="the found files are not part of the source")
def test_a_list_with_stray_columns_is_filled(here: Town) -> None:
    data = (FOUND / "f1-stray-columns.xlsx").read_bytes()
    with as_worker(here):
        rows = cells_of(taken(here, data).data)
    assert [row[1] for row in rows[2:5]] == NAMES


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_whoever_is_printed_gets_nobody_elses_values(here: Town, tmp_path: Path, kind: str) -> None:
    """A department prints some names itself: those rows are theirs."""
    rows = [[*HEADS, "住址", "备注"], ["1", "钱七", "", "", "", ""], ["2", *[""] * 5]]
    path = written(tmp_path, rows, kind)
    with as_worker(here):
        made = taken(here, path.read_bytes(), path.name)
    texts = texts_of(made.data)
    theirs: Any = texts.index("钱七")
    assert texts[theirs + 1 : theirs + 4] == ["", "", ""]
    assert [text for text in texts if text in NAMES] == NAMES


def test_a_list_full_of_people_grows_below_them(here: Town, tmp_path: Path) -> None:
    rows = [HEADS, ["1", "钱七", "男", "13700000000"], ["2", "孙八", "女", "13700000001"]]
    for kind in ("docx", "xlsx"):
        path = written(tmp_path, rows, kind)
        with as_worker(here):
            made = taken(here, path.read_bytes(), path.name)
        texts = [text for text in texts_of(made.data) if text]
        assert texts[5:8] == ["钱七", "男", "13700000000"]
        assert [text for text in texts if text in NAMES] == NAMES
        assert texts.index("虞阿香") > texts.index("孙八")
    assert load_workbook(path).active["B2"].value == "钱七"
