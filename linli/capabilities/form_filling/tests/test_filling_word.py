"""The department's own Word file, filled: several lists, lines with two labels, fonts kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from linli.capabilities.form_filling.filling import (
    CellChange,
    CellContent,
    Content,
    LineContent,
    ListContent,
)
from linli.capabilities.form_filling.filling.lines import edited, edits_of
from linli.capabilities.form_filling.tests.builders import fill_form

SAID = {
    "unit": "殷家社区",
    "community": "殷家社区",
    "street": "潘火街道",
    "date": "2026年11月29日",
    "period": "2026年11月",
    "reporter": "王敏",
}


def a_document(folder: Path, rows: list[list[str]]) -> tuple[Any, Path, Path]:
    """Return a document with one table, and where to keep it blank and filled."""
    document = Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return document, folder / "blank.docx", folder / "filled.docx"


def texts_of(out: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in Document(str(out)).tables[0].rows]


def test_several_lists_in_one_table_grow_without_writing_over_one_another(tmp_path: Path) -> None:
    rows = [["序号", "姓名"], ["", ""], ["序号", "单位"], ["", ""], ["备注：", ""]]
    document, open_question, out = a_document(tmp_path, rows)
    document.save(str(open_question))
    people = tuple({1: f"人{n}"} for n in range(1, 7))
    units = tuple({1: f"家{n}"} for n in range(1, 4))
    lists = (ListContent(0, 1, 1, people, 0), ListContent(0, 3, 3, units, 0))
    fill_form(open_question, out, Content(lists))
    assert texts_of(out) == [
        ["序号", "姓名"],
        *([str(n), f"人{n}"] for n in range(1, 7)),
        ["序号", "单位"],
        *([str(n), f"家{n}"] for n in range(1, 4)),
        ["备注：", ""],
    ]


def test_what_is_printed_in_a_blank_row_stays(tmp_path: Path) -> None:
    document, open_question, out = a_document(
        tmp_path, [["姓名", "级别", "备注"], ["", "□市级", "（  ）"]]
    )
    document.save(str(open_question))
    row = {0: "虞阿香", 1: "区级", 2: "轮椅"}
    fill_form(open_question, out, Content((ListContent(0, 1, 1, (row, row)),)))
    assert texts_of(out)[1:] == [["虞阿香", "□市级", "轮椅"]] * 2


def test_a_day_on_a_card_is_written_as_its_label_asks(tmp_path: Path) -> None:
    document, open_question, out = a_document(tmp_path, [["出生年月", "", "出生日期", ""]])
    document.save(str(open_question))
    born = date(1956, 3, 8)
    cells = (CellContent(0, 0, 1, born, "出生年月"), CellContent(0, 0, 3, born, "出生日期"))
    fill_form(open_question, out, Content(cells=cells))
    assert texts_of(out) == [["出生年月", "1956.03", "出生日期", "1956-03-08"]]


@pytest.mark.parametrize(
    ("line", "now"),
    [
        (
            "村居委会:            时间:                填报人:",
            "村居委会:殷家社区    时间:2026年11月29日  填报人:王敏",
        ),
        ("街镇：          村居：", "街镇：潘火街道  村居：殷家社区"),
        ("填报单位：____ 填报日期：   年  月  日", "填报单位：殷家社区 填报日期：2026年11月29日"),
        ("日  期：    填 报 人：", "日  期：2026年11月29日 填 报 人：王敏"),
        ("统计时间：    年   月", "统计时间：2026年11月"),
        ("填报单位（盖章）：", "填报单位（盖章）：殷家社区"),
        ("村居：已填  联系电话：  时间：", "村居：已填  联系电话：  时间：2026年11月29日"),
        ("资助单位：      地址：", "资助单位：      地址："),
    ],
)
def test_each_label_of_a_line_has_its_own_blank(line: str, now: str) -> None:
    assert "".join(edited([line], edits_of(line, SAID))) == now
    # However the line is cut into pieces of one look each, the words are the same.
    for size in (1, 2, 5):
        pieces = [line[n : n + size] for n in range(0, len(line), size)]
        assert "".join(edited(pieces, edits_of(line, SAID))) == now


def test_a_line_in_word_keeps_the_look_of_its_blank(tmp_path: Path) -> None:
    document = Document()
    line = document.add_paragraph()
    line.add_run("街镇：").bold = True
    line.add_run("          ").underline = True
    line.add_run("村居：").bold = True
    document.save(str(tmp_path / "blank.docx"))
    fill_form(
        tmp_path / "blank.docx",
        tmp_path / "filled.docx",
        Content(lines=(LineContent(-1, 0, 0, SAID),)),
    )
    runs = Document(str(tmp_path / "filled.docx")).paragraphs[0].runs
    assert [(run.text, run.bold, run.underline) for run in runs] == [
        ("街镇：", True, None),
        ("潘火街道  ", None, True),
        ("村居：殷家社区", True, None),
    ]


def test_a_table_whose_columns_hold_no_character_is_spread_over_the_page(tmp_path: Path) -> None:
    document, open_question, out = a_document(tmp_path, [["序号", "姓名"], ["", ""]])
    for column in document.tables[0]._tbl.tblGrid.gridCol_lst:
        column.set(qn("w:w"), "23")
    document.save(str(open_question))
    done = fill_form(open_question, out, Content((ListContent(0, 1, 1, ({1: "虞阿香"},), 0),)))
    wide = [one.w.twips for one in Document(str(out)).tables[0]._tbl.tblGrid.gridCol_lst]
    assert sum(wide) > 5000
    assert any("列宽" in warning for warning in done.warnings)


def test_what_changed_stands_in_a_table_with_lines(tmp_path: Path) -> None:
    document, open_question, out = a_document(tmp_path, [["姓名"], [""]])
    document.save(str(open_question))
    fill_form(open_question, out, Content(changes=(CellChange("陈德", "文化程度", "", "本科"),)))
    table = Document(str(out)).tables[-1]
    assert [cell.text for cell in table.rows[1].cells] == ["陈德", "文化程度", "", "本科"]
    assert table._tbl.tblPr.find(qn("w:tblBorders")) is not None
