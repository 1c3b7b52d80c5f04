"""A department's blank form is understood, or refused in words."""

from __future__ import annotations

import copy
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from linli.capabilities.form_filling.reading import field_matching
from linli.capabilities.form_filling.reading import legacy_office as old
from linli.capabilities.form_filling.reading.legacy_office import LOCKED, OLD_OFFICE
from linli.capabilities.form_filling.reading.understand import FieldMatch, Form, understand
from linli.capabilities.form_filling.tests.judged import (
    KEY,
    REAL,
    Judged,
    facts,
    judged,
    judged_second,
    told_of,
)
from linli.capabilities.form_filling.tests.xlsx_forms import FORMS, as_bytes
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
    assert [heading.fields for heading in form.headings][2:] == [("phone",), (), ()]


def test_headings_under_a_wide_one_belong_to_it(tmp_path: Path) -> None:
    """Two rows of headings; the name under 举办者 is no resident's."""
    form = a_form(
        tmp_path,
        ["序号", "姓名", "性别", "举办者", ""],
        ["", "", "", "姓名", "籍贯"],
        merged=("D1:E1", "A1:A2", "B1:B2", "C1:C2"),
    )
    assert [heading.fields for heading in form.headings] == [(), ("name",), ("sex",), (), ()]


def test_headings_in_english_ask_the_same(tmp_path: Path) -> None:
    """What is not known stays empty, as in Chinese."""
    form = a_form(tmp_path, ["No.", "Name", "Date of Birth", "Phone", "Visa type", "Remarks"])
    assert form.subject == "person"
    assert facts(form) == {"Name": "name", "DateofBirth": "birth_date", "Phone": "phone"}


def test_three_hundred_columns_are_read_and_more_than_a_form_has_is_refused(tmp_path: Path) -> None:
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
        (b"%PDF-1.4", "form_filling.not_a_form"),
        (OLD_OFFICE, "form_filling.old"),
        (OLD_OFFICE + LOCKED, "form_filling.locked"),
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
    assert made.subjects >= 0.95 * made.forms
    assert made.recall >= 0.92
    assert made.wrong_share <= 0.02


@pytest.mark.skipif(not REAL.is_dir(), reason="the real forms are not part of the source")
def test_a_careless_reader_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a matcher that takes every phone for the resident's is judged wrong."""
    monkeypatch.setattr(field_matching, "subject_of", lambda _headings: "person")
    monkeypatch.setattr(field_matching, "MOVES_WITH_NAME", set())
    assert judged(*sorted(KEY)[:16]).wrong_share > 0.02


def test_the_second_set_is_understood(tmp_path: Path) -> None:
    """At first sight: shapes 22 of 28, whom about 16, headings 60 of 116, wrong 8 of 68."""
    made = judged_second(tmp_path)
    print("\n".join(made.told))
    assert made.forms >= 20
    assert made.shapes >= 0.95 * made.forms
    assert made.subjects >= 0.95 * made.forms
    assert made.recall >= 0.92
    assert made.wrong_share <= 0.02
    assert made.lines >= 0.95 * made.lines_due


def test_a_second_phone_is_held_against_the_second_of_the_key() -> None:
    """The negative control of the judging: the wrong one of two equal headings is found."""
    made = Judged()
    told = tuple(FieldMatch("联系电话", fields, 1.0) for fields in ((), ("phone",)))
    made.add(
        "x",
        Form("", "list", "person", told),
        "list",
        "person",
        [("联系电话", "phone"), ("联系电话", "")],
    )
    assert (made.right, made.wrong) == (0, 1)


def test_a_form_of_old_excel_is_read_without_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words and merged cells come along; what is filled is a new .xlsx."""
    import xlwt

    book = xlwt.Workbook()
    form_instance = book.add_sheet("表")
    form_instance.write_merge(0, 0, 0, 3, "残疾人名册")
    for column, text in enumerate(["序号", "姓名", "性别", "住址（电话）"]):
        form_instance.write(1, column, text)
    for row in range(2, 6):
        form_instance.write(row, 0, row - 1)
    book.save(str(tmp_path / "form.xls"))
    monkeypatch.setattr(old.shutil, "which", lambda _name: None)
    form = understand(tmp_path / "form.xls")
    assert (form.title, form.shape, form.subject) == ("残疾人名册", "list", "person")
    assert facts(form) == {"姓名": "name", "性别": "sex", "住址（电话）": "address phone"}
    assert (form.tables[0].first_row, form.tables[0].last_row) == (2, 5)
    data, name = old.made_new((tmp_path / "form.xls").read_bytes(), "名册.xls")
    assert (name, data[:2]) == ("名册.xlsx", b"PK")


def a_picture() -> io.BytesIO:
    """A scan, small enough for a test."""
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    made.seek(0)
    return made


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_scan_as_a_picture_is_called_one(tmp_path: Path, kind: str) -> None:
    from docx import Document
    from openpyxl.drawing.image import Image as Drawing

    path = tmp_path / f"form.{kind}"
    if kind == "docx":
        document = Document()
        document.add_picture(a_picture())
        document.save(str(path))
    else:
        book = Workbook()
        book.active.add_image(Drawing(a_picture()), "B2")
        book.save(path)
    with pytest.raises(Refused, match="只有图片") as refused:
        understand(path)
    assert refused.value.code == "form_filling.only_a_picture"


def test_a_file_with_macros_is_refused(tmp_path: Path) -> None:
    """Whatever its name says."""
    path = tmp_path / "form.xlsx"
    for inside, part in (("xl/workbook.xml", "xl"), ("word/document.xml", "word")):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(inside, "<x/>")
            packed.writestr(f"{part}/vbaProject.bin", "x")
        with pytest.raises(Refused, match="带宏"):
            understand(path)


def test_a_file_too_big_for_a_form_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    with path.open("wb") as file:
        file.truncate(100 << 20)
    with pytest.raises(Refused, match="20 MB"):
        understand(path)


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
    assert [(table.first_row, table.last_row) for table in form.tables] == [(1, 1), (3, 3)]


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

    from linli.capabilities.form_filling.reading import blocks

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
    run = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/p",
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "form.xlsx"),
    ]
    subprocess.run(run, check=True, capture_output=True, timeout=120)
    form = understand(tmp_path / "form.xls")
    assert facts(form) == {"姓名": "name", "性别": "sex", "住址": "address"}


OF_A_LIST = "- name sex birth_date identity_number phone -"
TWELVE = {
    "three_rows": "- name sex birth_date phone -",
    "with_totals": "- name sex age -",
    "with_notes": OF_A_LIST,
    "with_choices": "- name sex education veteran",
    "with_hidden": OF_A_LIST,
    "protected": OF_A_LIST,
    "a4": OF_A_LIST,
    "a3": OF_A_LIST,
    "card": "name sex birth_date phone address",
    "two_sheets": f"{OF_A_LIST} - name political_status",
    "with_formulas": "- name birth_date age",
    "coloured": OF_A_LIST,
}


@pytest.mark.parametrize("name", FORMS)
def test_twelve_workbooks_ask_what_they_ask(tmp_path: Path, name: str) -> None:
    """Every heading of every one, in its order, as the matcher itself says."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(as_bytes(FORMS[name]()))
    form = understand(path)
    assert form.subject == "person"
    assert " ".join(said or "-" for _text, said in told_of(form)) == TWELVE[name]
    hidden = [heading.text for heading in form.headings if heading.hidden]
    assert hidden == (["联系电话"] if name == "with_hidden" else [])
