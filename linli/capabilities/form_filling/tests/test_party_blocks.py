"""A block for a spouse, a guardian, a landlord is theirs, and never the next resident's."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from linli.capabilities.form_filling.reading.party_blocks import party_of
from linli.capabilities.form_filling.reading.understand import understand
from linli.capabilities.form_filling.tests.builders import (
    OTHER_PHONE,
    PHONE,
    Town,
    a_town,
    as_worker,
)
from linli.capabilities.form_filling.tests.judged import BESIDE
from linli.capabilities.form_filling.tests.second_set import Drawn
from linli.capabilities.form_filling.tests.test_several_lists import taken
from linli.capabilities.form_filling.tests.xlsx_forms import THIN

FOUND = BESIDE.parent / "found"
FILES = [
    "h1-applicant-spouse.docx",
    "h2-person-guardian.docx",
    "h4-old-contact.docx",
    "h5-header-row.docx",
    "h7-helper.docx",
]
ASKED = ["姓名", "", "性别", "", "联系电话", ""]
MORE = ["身份证号码", "", "出生年月", "", "民族", ""]
WORDS = ["配偶", "监护人", "房东", "紧急联系人", "代办人", "担保人", "见证人", "共同申请人"]


def left(word: str, *, first: str = "申请人", merged: bool = True) -> list[list[str]]:
    """A word left of two rows, merged or only over an empty cell."""
    below = "^" if merged else ""
    return [[first, *ASKED], [below, *MORE], [word, *ASKED], [below, *MORE]]


def over(word: str) -> list[list[str]]:
    """A word in a row of its own, not merged."""
    rest = [""] * 5
    return [["申请人", *rest], ASKED, MORE, [word, *rest], ASKED, MORE]


SHAPES = {
    **{f"merged {word}": left(word) for word in WORDS},
    **{f"not merged {word}": left(word, merged=False) for word in WORDS},
    **{f"row of its own {word}": over(word) for word in WORDS},
    "a title over the width": [
        ["残疾人信息", *["<"] * 5],
        ASKED,
        MORE,
        ["房东基本情况", *["<"] * 5],
        ASKED,
        MORE,
    ],
    "words over both halves": [
        ["本人", "<", "<", "<", "担保人", "<", "<", "<"],
        ["姓名", "", "性别", "", "姓名", "", "性别", ""],
        ["民族", "", "联系电话", "", "民族", "", "联系电话", ""],
    ],
    "the helper first": [["代办人", *ASKED], ["^", *MORE], ["残疾人", *ASKED], ["^", *MORE]],
    "a word with a blank of its own": [
        [*ASKED, "民族", ""],
        ["配偶", "", *ASKED],
        ["家庭住址", "", *MORE],
    ],
    "no word at all": [ASKED, MORE, ASKED, ["身份证号码", "", "与本人关系", "", "民族", ""]],
    "an unknown word": left("第二受益对象", first="第一受益对象"),
    "two words deep": [
        ["家庭", "本人", *ASKED],
        ["^", "^", *MORE],
        ["^", "长女", *ASKED],
        ["^", "^", *MORE],
    ],
    "further in": [
        ["申请人", ""],
        ["  姓名", ""],
        ["  联系电话", ""],
        ["  性别", ""],
        ["房东", ""],
        ["  姓名", ""],
        ["  联系电话", ""],
    ],
    "relatives in a list": [
        ASKED,
        MORE,
        ["家庭成员情况", *["<"] * 5],
        ["姓名", "性别", "年龄", "身份证号码", "工作单位", "联系电话"],
        [""] * 6,
        [""] * 6,
    ],
    "relatives in a list by a column": [
        ASKED,
        MORE,
        ["姓名", "关系", "年龄", "身份证号码", "工作单位", "联系电话"],
        [""] * 6,
        [""] * 6,
    ],
    "relatives beside a list": [
        ["", *ASKED],
        ["家庭主要成员", "姓名", "性别", "年龄", "身份证号码", "工作单位", "联系电话"],
        ["^", *[""] * 6],
        ["^", *[""] * 6],
    ],
}


@pytest.fixture
def here(db: None) -> Town:
    """虞阿香 and 邬根发 share a door, 陈德 lives next to them."""
    return a_town()


def files_of(data: bytes) -> list[list[str]]:
    """Return what stands in each filled file, cell by cell."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return [texts_of(bundle.read(name)) for name in bundle.namelist()]


def texts_of(data: bytes) -> list[str]:
    """Return the texts of a filled file."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        if "word/document.xml" in box.namelist():
            document = Document(io.BytesIO(data))
            return [
                *(one.text for one in document.paragraphs),
                *(
                    "".join(part.text or "" for part in cell.iter() if str(part.tag).endswith("}t"))
                    for table in document.tables
                    for row in table._tbl.tr_lst
                    for cell in row.tc_lst
                ),
            ]
    book = load_workbook(io.BytesIO(data))
    return [str(cell.value or "") for sheet in book for row in sheet.iter_rows() for cell in row]


def written(folder: Path, rows: list[list[str]], kind: str) -> Path:
    """Write a form; in Excel its blank cells have lines, as departments draw them."""
    path = Drawn("form", kind, "", "", rows=rows).write(folder)
    if kind == "xlsx":
        book = load_workbook(path)
        sheet = book.worksheets[0]
        for row in range(1, len(rows) + 1):
            for column in range(1, len(rows[0]) + 1):
                sheet.cell(row, column).border = THIN
        book.save(path)
    return path


def is_each_ones_own(files: list[list[str]]) -> None:
    """Has each of three people a file with their own name and phone, and nobody else.s?"""
    people = {"虞阿香": PHONE, "邬根发": None, "陈德": OTHER_PHONE}
    assert len(files) == 3
    for (name, phone), texts in zip(people.items(), files, strict=True):
        assert [text for text in texts if text in people] == [name]
        phones = [text for text in texts if text in (PHONE, OTHER_PHONE)]
        assert phones == ([phone] if phone else [])


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_block_is_never_the_next_residents(
    here: Town, tmp_path: Path, shape: str, kind: str
) -> None:
    path = written(tmp_path, SHAPES[shape], kind)
    with as_worker(here):
        made = taken(here, path.read_bytes(), path.name)
    is_each_ones_own(files_of(made.data))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.skipif(not FOUND.is_dir(), reason="the found files are not part of the source")
def test_the_blocks_that_took_a_neighbour(here: Town, name: str) -> None:
    with as_worker(here):
        made = taken(here, (FOUND / name).read_bytes(), name)
    is_each_ones_own(files_of(made.data))


def test_a_paragraph_before_a_table_says_whose_it_is(here: Town) -> None:
    document = Document()
    for words in ("一、申请人信息", "二、监护人信息"):
        document.add_paragraph(words)
        table = document.add_table(rows=2, cols=6)
        for row, texts in zip(table.rows, (ASKED, MORE), strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    with as_worker(here):
        made = taken(here, out.getvalue(), "表.docx")
    is_each_ones_own(files_of(made.data))


def test_a_sheet_of_its_own_is_the_landlords(here: Town, tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path, [ASKED, MORE], "xlsx"))
    book.copy_worksheet(book.active).title = "房东信息"
    out = io.BytesIO()
    book.save(out)
    with as_worker(here):
        made = taken(here, out.getvalue())
    is_each_ones_own(files_of(made.data))


def test_the_same_form_without_blocks_keeps_its_fingerprint(tmp_path: Path) -> None:
    """One confirmed before a block was seen is not taken for this one."""
    prints = [
        understand(Drawn(str(n), "xlsx", "", "", rows=rows).write(tmp_path)).fingerprint
        for n, rows in enumerate(([ASKED, MORE], [["申请人信息", *["<"] * 5], ASKED, MORE]))
    ]
    assert len(set(prints)) == 2


@pytest.mark.parametrize(
    ("word", "party"),
    [
        ("二、监护人信息", "others"),
        ("申 请 人", "own"),
        ("残疾人基本情况", "own"),
        ("见证人", "perhaps"),
        ("家庭住址", ""),
        ("监护人意见", ""),
        ("填报人：", ""),
        ("困难家庭救助申请表", ""),
        ("户主信息", "own"),
    ],
)
def test_words_that_name_a_party(word: str, party: str) -> None:
    assert party_of(word) == party
