"""`linli fuse`: a department's list against the register, only looked at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from linli.core.personal_data.identity import make_identity_number
from linli.faces.cli.main import main
from tests.imports.files import xlsx
from tests.people import a_person, a_subdistrict, a_user

pytestmark = pytest.mark.django_db

NUMBER = make_identity_number("990000", date(1941, 3, 5), 2)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """A list about 虞阿香, about somebody of the next community, and about nobody known."""
    town = a_subdistrict()
    a_person(town.home("1", "101"), identity_number=NUMBER)
    elsewhere = make_identity_number("990000", date(1950, 1, 2), 3)
    a_person(town.home("9", "101"), "邬根发", identity_number=elsewhere)
    a_user("worker", "community_worker", town.community)
    file = tmp_path / "残联名单.xlsx"
    file.write_bytes(
        xlsx(
            [
                ["姓名", "身份证号码", "家庭住址"],
                ["虞阿香", NUMBER, "东方丽都1幢101室"],
                ["邬根发", elsewhere, ""],
                ["洪小满", "", "东方丽都2幢202室"],
            ]
        )
    )
    return file


def test_a_dry_run_tells_the_heaps_and_writes_nothing(
    names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fuse", str(names), "--dry-run", "--as", "worker", "--json"]) == 0
    said = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert said["counts"] == {"sure": 1, "decide": 0, "new": 1, "elsewhere": 1, "unusable": 0}
    assert [row["bucket"] for row in said["rows"]] == ["sure", "elsewhere", "new"]
    assert said["rows"][1]["candidates"] == []


def test_without_a_dry_run_it_says_where_writing_is_done(
    names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fuse", str(names), "--as", "worker"]) == 2
    assert "--dry-run" in capsys.readouterr().err
