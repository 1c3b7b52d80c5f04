"""`linli cases suggest` and `linli cases topics`: the advice, told to people and to programs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from linli.capabilities.cases.tests.builders import a_case, a_station
from linli.faces.cli.main import main

pytestmark = pytest.mark.django_db
Said = pytest.CaptureFixture[str]
LINES = "楼上半夜装修吵死了\n\n电梯坏了三天，老人下不了楼\n电梯坏了三天，没人来修\n"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_every_line_gets_one_line_of_advice(typed: Any, capsys: Said) -> None:
    typed(LINES)
    assert main(["cases", "suggest", "--json"]) == 0
    noise, empty, lift, again = map(json.loads, capsys.readouterr().out.splitlines())
    assert set(noise) == {
        "category",
        "code",
        "confidence",
        "runner_up",
        "unsure",
        "place",
        "similar",
    }
    assert (noise["category"], noise["unsure"]) == ("装修噪音", False)
    assert (empty["code"], empty["unsure"], empty["runner_up"]) == ("", True, None)
    assert lift["code"] == "010301"
    assert [one["line"] for one in again["similar"]] == [3]


def test_a_worker_hears_of_places_and_open_matters_of_their_own(typed: Any, capsys: Said) -> None:
    station = a_station()
    taken = a_case(station, "1幢电梯坏了三天，老人下不了楼")
    typed("1幢的电梯又坏了三天，老人下不了楼\n")
    assert main(["cases", "suggest", "--json", "--as", "zhouqiang"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["case"] for one in told["similar"]] == [taken.case.number]
    assert all(one["confidence"] > 0 for one in told["place"])
    typed("电梯坏了三天\n")
    assert main(["cases", "suggest", "--as", "zhouqiang"]) == 0
    assert "→" in capsys.readouterr().out


def test_a_list_is_grouped_into_topics(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "list.csv"
    rows = [
        "1,2026-11-20 08:00:00,丽发新城旁边的搅拌站整夜轰鸣",
        "2,2026-11-21,丽发新城搅拌站噪音太大",
        "3,2026-11-22,请拆除丽发新城的搅拌站",
        "4,2026-11-22,诚信路上路灯坏了",
        "5,2026-11-01,丽发新城搅拌站粉尘太大",
    ]
    file.write_text("\n".join(["编号,来件时间,内容", *rows]), encoding="utf-8")
    assert main(["cases", "topics", str(file), "--days", "14", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (topic,) = told["topics"]
    assert told["messages"] == 5
    assert (topic["size"], topic["before"], topic["change"]) == (3, 1, 2)
    assert topic["numbers"] == ["1", "2", "3"]
    assert "搅拌站" in topic["name"]
    assert main(["cases", "topics", str(file)]) == 0
    assert "搅拌站" in capsys.readouterr().out


def test_a_list_without_texts_or_with_odd_options_is_refused(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "list.csv"
    file.write_text("编号,来件时间\n1,2026-11-20\n", encoding="utf-8")
    assert main(["cases", "topics", str(file)]) == 2
    assert "内容" in capsys.readouterr().err
    for options in (["--days", "0"], ["--until", "哪天"]):
        file.write_text("编号,内容\n1,电梯坏了\n", encoding="utf-8")
        assert main(["cases", "topics", str(file), *options]) == 2
    assert main(["cases", "topics", str(tmp_path / "none.csv")]) == 2
