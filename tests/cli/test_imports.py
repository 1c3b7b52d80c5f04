"""`linli imports`: what becomes of every row, a JSON line a row, and importing like the page."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.core.personal_data.identity import make_identity_number
from linli.core.scope import system_scope
from linli.faces.cli.main import main
from linli.register.people.models import Person
from linli.workbench.imports.models import Batch
from tests.imports.files import xlsx
from tests.people import a_person, a_subdistrict, a_user

pytestmark = pytest.mark.django_db
NUMBER = make_identity_number("990000", date(1941, 3, 5), 2)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """A list with somebody known, somebody new with a bad cell, and an unknown address."""
    town = a_subdistrict()
    a_person(town.home("1", "101"), identity_number=NUMBER)
    a_user("worker", "community_worker", town.community)
    a_user("grid", "grid_worker", town.community)
    file = tmp_path / "居民.xlsx"
    file.write_bytes(
        xlsx(
            [
                ["姓名", "身份证号码", "学历", "家庭住址", "门洞牌"],
                ["虞阿香", NUMBER, None, "东方丽都1幢101室", None],
                ["洪小满", None, "研究生", "东方丽都1幢101室", None],
                ["周大", None, None, "某某苑2幢202室", None],
            ]
        )
    )
    return file


def lines_of(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """Run the command and return its lines of JSON."""
    assert main([*words, "--as", "worker", "--json"]) == 0
    out = capsys.readouterr().out.strip().splitlines()
    return [json.loads(line) for line in out if line.startswith("{")]


def test_a_preview_says_every_row_and_writes_nothing(
    names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(capsys, "imports", "preview", str(names))
    assert [(one["row"], one["fate"]) for one in lines] == [(2, "same"), (3, "new"), (4, "refused")]
    assert lines[0] == {"row": 2, "fate": "same", "doubts": [], "reason": ""}
    assert lines[1]["doubts"][0]["cell"] == "C3"
    assert "硕士、博士" in lines[1]["doubts"][0]["why"]
    assert "某某苑" in lines[2]["reason"]
    with system_scope("the test looks"):
        assert not Batch.objects.exists()
        assert Person.objects.count() == 1


def test_applying_imports_what_can_be(names: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, "imports", "apply", str(names))
    assert [one["fate"] for one in lines] == ["same", "new", "refused"]
    with system_scope("the test looks"):
        assert Person.objects.filter(name="洪小满").exists()
        assert Batch.objects.get().state == "applied"


def test_a_column_can_be_named(names: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, "imports", "preview", str(names), "--map", "学历=", "--map", "E=室号")
    assert lines[1]["doubts"] == []
    assert main(["imports", "preview", str(names), "--as", "worker", "--map", "无此列=name"]) == 2
    assert "学历" in capsys.readouterr().err


def test_who_may_not_import_may_not_here(names: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imports", "preview", str(names), "--as", "grid", "--json"]) == 2
    assert "岗位" in capsys.readouterr().err
