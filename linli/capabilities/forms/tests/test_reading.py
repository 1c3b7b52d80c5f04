"""A department's blank form is understood, or refused in words."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from linli.capabilities.forms.reading.understand import Form, understand
from linli.core.errors import Refused

REAL = Path(os.environ.get("LINLI_REAL_FORMS", "/nowhere"))
KEY = json.loads((Path(__file__).parent / "key.json").read_text())


def a_form(folder: Path, *rows: list[str], merged: tuple[str, ...] = ()) -> Form:
    """Write a workbook and read it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for one in merged:
        book.active.merge_cells(one)
    book.save(folder / "form.xlsx")
    return understand(folder / "form.xlsx")


def facts(form: Form) -> dict[str, str]:
    """Return each heading with its facts."""
    return {
        re.sub(r"\s+", "", one.text): " ".join(one.fields) for one in form.headings if one.fields
    }


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
        (bytes.fromhex("d0cf11e0a1b11ae1"), "forms.old_or_locked"),
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
def test_real_forms_are_never_matched_wrongly() -> None:
    """The key holds 16 of them; a missed heading is allowed, a wrong one hardly."""
    right = wrong = due = shapes = 0
    for name, (shape, wanted) in KEY.items():
        form = understand(REAL / f"{name}.docx")
        told = facts(form)
        shapes += form.shape == shape
        due += len(wanted)
        right += sum(wanted.get(one) == field for one, field in told.items())
        wrong += sum(wanted.get(one) != field for one, field in told.items())
        print(name, form.shape, shape, set(wanted.items()) ^ set(told.items()))
    assert shapes >= 15
    print(f"shapes {shapes}/{len(KEY)}, right {right}/{due}, wrong {wrong}")
    assert wrong <= 0.02 * due


def test_a_sheet_too_wide_for_a_form_is_refused_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="400列"):
        a_form(tmp_path, [f"列{n}" for n in range(401)])
