"""`linli forms`: read a blank form, price it, fill it as somebody."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from linli.capabilities.form_filling.tests.builders import (
    PHONE,
    a_blank,
    a_town,
    cells_of,
    names_in,
)
from linli.capabilities.form_filling.tests.xlsx_forms import as_bytes, card
from linli.faces.cli.main import main

pytestmark = pytest.mark.django_db


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return what the command told a program."""
    said: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return said


@pytest.fixture
def open_question(tmp_path: Path) -> Path:
    """The department's form on disk."""
    a_town()
    file = tmp_path / "残疾人.xlsx"
    file.write_bytes(a_blank())
    return file


def test_reading_says_what_each_heading_asks(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "read", str(open_question), "--json"]) == 0
    said = told(capsys)
    assert said["subject"] == "person"
    asked = {one["text"]: one["field"] for one in said["headings"]}
    assert (asked["姓名"], asked["备注"]) == (["name"], [])
    assert said["rows"] == "残疾人"


def test_reading_proposes_no_rows_where_nothing_says_whom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(a_blank(["姓名", "联系电话"], title="一览表"))
    assert main(["forms", "read", str(file), "--json"]) == 0
    assert told(capsys)["rows"] is None


def test_a_worker_fills_within_their_place_and_phones_only_with_a_basis(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = open_question.parent / "filled.xlsx"
    order = ["forms", "fill", str(open_question), "--out", str(out), "--where", "残疾人"]
    assert main([*order, "--as", "worker", "--json"]) == 0
    assert told(capsys)["filled"][0]["rows"] == 3
    assert names_in(out.read_bytes()) == {"虞阿香", "邬根发", "陈德"}
    assert not any(PHONE in row for row in cells_of(out.read_bytes()))
    basis = ["--asked-by", "区残联", "--basis", "残疾人保障法第十二条"]
    assert main([*order, *basis, "--as", "worker"]) == 0
    assert any(PHONE in row for row in cells_of(out.read_bytes()))


def test_an_officer_fills_one_for_each_community(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = open_question.parent / "all"
    order = ["forms", "fill", str(open_question), "--out", str(out), "--where", "残疾人", "--each"]
    assert main([*order, "--as", "officer"]) == 0
    made = {one.name: names_in(one.read_bytes()) for one in out.iterdir()}
    assert made["潘火社区-残疾人.xlsx"] == {"隔壁人"}
    assert made["殷家社区-残疾人.xlsx"] == {"虞阿香", "邬根发", "陈德"}


def test_several_forms_for_each_of_two_communities(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list, one of the same name from another folder, and cards, which come as archives."""
    folder, out = open_question.parent, open_question.parent / "all"
    (folder / "other").mkdir()
    (folder / "other" / open_question.name).write_bytes(a_blank(["序号", "姓名", "性别"]))
    (folder / "卡.xlsx").write_bytes(as_bytes(card()))
    files = [
        str(one)
        for one in (open_question, folder / "other" / open_question.name, folder / "卡.xlsx")
    ]
    order = ["forms", "fill", *files, "--out", str(out), "--where", "残疾人", "--each", "--json"]
    assert main([*order, "--as", "officer"]) == 0
    assert len(told(capsys)["filled"]) == 6
    made = {one.name: one.read_bytes() for one in out.iterdir()}
    assert sorted(made) == sorted(
        [
            "殷家社区-残疾人.xlsx",
            "潘火社区-残疾人.xlsx",
            "殷家社区-残疾人-2.xlsx",
            "潘火社区-残疾人-2.xlsx",
            "殷家社区-卡.zip",
            "潘火社区-卡.xlsx",
        ]
    )
    assert names_in(made["潘火社区-残疾人-2.xlsx"]) == {"隔壁人"}
    with zipfile.ZipFile(io.BytesIO(made["殷家社区-卡.zip"])) as bundle:
        found = set[str]().union(*(names_in(bundle.read(one)) for one in bundle.namelist()))
    assert found == {"虞阿香", "邬根发", "陈德"}


def test_a_file_is_named_what_it_is_whatever_was_asked_for(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cards of three people are an archive, not a workbook."""
    open_question.write_bytes(as_bytes(card()))
    out = open_question.parent / "filled.xlsx"
    order = ["forms", "fill", str(open_question), "--out", str(out), "--where", "残疾人"]
    assert main([*order, "--as", "worker"]) == 0
    assert not out.exists()
    assert zipfile.is_zipfile(out.with_suffix(".zip"))
    assert "没有写成.xlsx" in capsys.readouterr().err


def test_the_price_is_said_without_leaving_anything(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from linli.capabilities.form_filling.models import FormInstance
    from linli.core.scope import system_scope

    order = ["forms", "price", str(open_question), "--where", "残疾人", "--as", "officer", "--json"]
    assert main(order) == 0
    said = told(capsys)
    assert (said["rows"], said["places"], said["answered"]) == (4, 2, False)
    assert said["by_hand"] == ["备注"]
    with system_scope("test"):
        assert not FormInstance.objects.exists()


def test_a_condition_nobody_understands_is_refused(
    open_question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["forms", "price", str(open_question), "--where", "会飞的人", "--as", "officer"]
    assert main(order) != 0
    assert "没有看懂" in capsys.readouterr().err
