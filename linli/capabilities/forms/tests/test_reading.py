"""A department's blank form is understood, or refused in words."""

from __future__ import annotations

import copy
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook

from linli.capabilities.forms.reading import match
from linli.capabilities.forms.reading.old import LOCKED, OLD_OFFICE
from linli.capabilities.forms.reading.understand import Form, understand
from linli.capabilities.forms.tests.judged import KEY, REAL, facts, judged
from linli.core.errors import Refused


def a_form(folder: Path, *rows: list[str], merged: tuple[str, ...] = ()) -> Form:
    """Write a workbook and read it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for one in merged:
        book.active.merge_cells(one)
    book.save(folder / "form.xlsx")
    return understand(folder / "form.xlsx")


def test_a_list_of_people(tmp_path: Path) -> None:
    """One heading may ask two facts."""
    form = a_form(tmp_path, ["序号", "姓 名", "性别", "住址（电话）", "备注"])
    assert (form.shape, form.subject) == ("list", "person")
    assert facts(form) == {"姓名": "name", "性别": "sex", "住址（电话）": "address phone"}
    assert form.unknown == ("序号", "备注")


def test_a_phone_after_anothers_name_is_not_the_residents(tmp_path: Path) -> None:
    """The contact's phone matches nothing."""
    form = a_form(tmp_path, ["姓名", "年龄", "联系电话", "联系人姓名", "联系电话"])
    assert [one.fields for one in form.headings][2:] == [("phone",), (), ()]


def test_headings_under_a_wide_one_belong_to_it(tmp_path: Path) -> None:
    """Two rows of headings; the name under 举办者 is no resident's."""
    form = a_form(
        tmp_path,
        ["序号", "姓名", "性别", "举办者", ""],
        ["", "", "", "姓名", "籍贯"],
        merged=("D1:E1", "A1:A2", "B1:B2", "C1:C2"),
    )
    assert [one.fields for one in form.headings] == [(), ("name",), ("sex",), (), ()]


def test_headings_in_english_ask_the_same(tmp_path: Path) -> None:
    """What is not known stays empty, as in Chinese."""
    form = a_form(tmp_path, ["No.", "Name", "Date of Birth", "Phone", "Visa type", "Remarks"])
    assert form.subject == "person"
    assert facts(form) == {"Name": "name", "DateofBirth": "birth_date", "Phone": "phone"}


def test_three_hundred_columns_are_read_and_more_than_a_form_has_is_refused(
    tmp_path: Path,
) -> None:
    wide = ["序号", "姓名", *(f"第{n}列" for n in range(298))]
    assert len(a_form(tmp_path, wide, [""]).headings) == 300
    with pytest.raises(Refused, match="不像一张表单"):
        a_form(tmp_path, wide + [f"再{n}" for n in range(200)], ["x"])


def test_a_form_about_things_asks_nothing_of_people(tmp_path: Path) -> None:
    """Rather none than a wrong one."""
    form = a_form(tmp_path, ["序号", "物资名称", "来源", "面积", "联系电话"])
    assert (form.subject, facts(form)) == ("", {})


def test_no_heading_is_refused(tmp_path: Path) -> None:
    """It says what was found."""
    with pytest.raises(Refused, match="没有找到表头"):
        a_form(tmp_path, ["只有一句话", ""])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4", "forms.not_a_form"),
        (OLD_OFFICE, "forms.old"),
        (OLD_OFFICE + LOCKED, "forms.locked"),
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    """The bytes count, not the name."""
    path = tmp_path / "form.docx"
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        understand(path)
    assert refused.value.code == code


@pytest.mark.skipif(not REAL.is_dir(), reason="the real forms are not part of the source")
def test_fifty_two_real_forms_are_understood() -> None:
    """The key was written by reading them; a missed heading is allowed, a wrong one hardly."""
    made = judged()
    print("\n".join(made.told))
    assert made.forms == len(KEY) == 52
    assert made.shapes >= 0.95 * made.forms
    assert made.recall >= 0.92
    assert made.wrong_share <= 0.02


@pytest.mark.skipif(not REAL.is_dir(), reason="the real forms are not part of the source")
def test_a_careless_reader_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a matcher that takes every phone for the resident's is judged wrong."""
    monkeypatch.setattr(match, "subject_of", lambda _headings: "person")
    monkeypatch.setattr(match, "MOVES_WITH_NAME", set())
    assert judged(*sorted(KEY)[:16]).wrong_share > 0.02


def test_lists_one_under_another_are_each_their_own(tmp_path: Path) -> None:
    """People in the second; the unit's address in the first is no resident's."""
    form = a_form(
        tmp_path,
        ["序号", "资助单位", "地址", "联系电话"],
        ["", "", "", ""],
        ["姓名", "性别", "家庭住址", "备注"],
        ["", "", "", ""],
    )
    assert facts(form) == {"姓名": "name", "性别": "sex", "家庭住址": "address"}
    assert [(one.first_row, one.last_row) for one in form.tables] == [(1, 1), (3, 3)]


def test_the_fingerprint_is_of_the_shape_not_of_title_and_rows(tmp_path: Path) -> None:
    """Another month and more blank rows are the same form; another heading is not."""
    first = a_form(tmp_path, ["一月"], ["序号", "姓名", "性别"], ["", "", ""])
    again = a_form(tmp_path, ["二月"], ["序号", "姓 名", "性别"], ["", "", ""], ["", "", ""])
    other = a_form(tmp_path, ["一月"], ["序号", "姓名", "年龄"], ["", "", ""])
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_table_in_a_text_box_is_read(tmp_path: Path) -> None:
    """Some offices draw their table inside a frame, which Word keeps in two spellings."""
    from docx import Document
    from docx.oxml import parse_xml

    from linli.capabilities.forms.reading import blocks

    document = Document()
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("姓名", "性别", "住址"), strict=True):
        cell.text = text
    names = f'xmlns:w="{blocks.W[1:-1]}" xmlns:mc="{blocks.MC[1:-1]}"'
    box = parse_xml(
        f"<w:p {names}><w:r><mc:AlternateContent><mc:Choice><w:txbxContent/></mc:Choice>"
        "<mc:Fallback><w:txbxContent/></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    new, old = box.iter(blocks.BOX)
    old.append(copy.deepcopy(table._tbl))
    new.append(table._tbl)
    document.element.body.insert(0, box)
    document.save(str(tmp_path / "framed.docx"))
    form = understand(tmp_path / "framed.docx")
    assert (form.shape, len(form.tables), len(form.headings)) == ("list", 1, 3)


def test_a_sheet_too_wide_for_a_form_is_refused_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="400列"):
        a_form(tmp_path, [f"列{n}" for n in range(401)])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_form_of_old_excel_is_made_new_where_libreoffice_is(tmp_path: Path) -> None:
    a_form(tmp_path, ["序号", "姓名", "性别", "住址"])
    run = ["soffice", f"-env:UserInstallation=file://{tmp_path}/p", "--headless", "--convert-to",
           "xls", "--outdir", str(tmp_path), str(tmp_path / "form.xlsx")]  # fmt: skip
    subprocess.run(run, check=True, capture_output=True, timeout=120)
    form = understand(tmp_path / "form.xls")
    assert facts(form) == {"姓名": "name", "性别": "sex", "住址": "address"}
