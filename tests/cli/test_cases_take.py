"""`linli cases take`: looking is the default, taking is an order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.tests.builders import a_station
from linli.core.scope import system_scope
from linli.faces.cli.main import main
from linli.integrations.hotline_lists.tests.lists import a_row, as_csv

pytestmark = pytest.mark.django_db
LIFT = "2幢电梯停在三楼三天了，老人下不了楼"


def how_many() -> int:
    with system_scope("test"):
        return Case.objects.count()


def test_looking_changes_nothing_and_taking_twice_takes_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_station()
    file, left = tmp_path / "工单.csv", tmp_path / "left.csv"
    file.write_bytes(as_csv([a_row("A1", LIFT), a_row("", LIFT)]))
    assert main(["cases", "take", str(file), "--as", "luying"]) == 0
    said = capsys.readouterr()
    assert "新来件1件" in said.out
    assert "什么都没有动" in said.out
    assert "第3行“工单号”：没有编号" in said.err
    assert how_many() == 0
    order = ["cases", "take", str(file), "--as", "luying", "--apply", "--dispatch", "all"]
    assert main([*order, "--left", str(left)]) == 0
    said = capsys.readouterr()
    assert "受理1件，之前收过0件" in said.out
    assert "分派1件" in said.out
    assert "没有编号" in left.read_text(encoding="utf-8-sig")
    assert main([*order, "--json"]) == 0
    told = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert (told["did_new"], told["did_again"], told["did_dispatched"]) == (0, 1, 0)
    assert how_many() == 1


def test_a_place_is_named_by_its_path_or_by_what_people_call_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = a_station()
    file = tmp_path / "工单.csv"
    file.write_bytes(as_csv([a_row("B1", "路灯坏了，天黑看不见路")]))
    order = ["cases", "take", str(file), "--as", "luying", "--json"]
    for asked in (station.town.estate.path, "东方丽都"):
        assert main([*order, "--place", asked]) == 0
        assert "东方丽都" in json.loads(capsys.readouterr().out)["place"]
    assert main([*order, "--place", "没有这个地方"]) == 2
    assert "没有找到“没有这个地方”" in capsys.readouterr().err


def test_who_does_not_dispatch_cannot_and_a_missing_file_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_station()
    file = tmp_path / "工单.csv"
    file.write_bytes(as_csv([a_row("C1", LIFT)]))
    assert main(["cases", "take", str(file), "--as", "linfang"]) == 2
    assert "没有可以批量受理的岗位" in capsys.readouterr().err
    assert main(["cases", "take", str(file)]) == 2
    assert "--as" in capsys.readouterr().err
    assert main(["cases", "take", str(tmp_path / "none.csv"), "--as", "luying"]) == 2
    assert "none.csv" in capsys.readouterr().err
