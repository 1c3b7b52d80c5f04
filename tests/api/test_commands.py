"""`linli ask` and `linli init`: the same scope and covers as the pages, told in words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from linli.core.interface.terminal_table import table, width_of
from linli.faces.cli.main import main
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import Neighbourhood, a_user, by_the_system, someone, working_as

pytestmark = [pytest.mark.django_db]
PHONE, ELSEWHERE = "13812345678", "戚无名"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def lin(here: Neighbourhood) -> User:
    """A community worker, with twelve old neighbours and one who lives elsewhere."""
    with working_as("community_worker"):
        for n in range(12):
            someone(here.homes[n % 6], f"虞阿{n}", birth_date=date(1932, 3, 1), phone=PHONE)
    with working_as("community_worker", here.other.path):
        someone(here.elsewhere, ELSEWHERE, birth_date=date(1930, 3, 1))
    return a_user("lin", "community_worker", here.community)


def test_a_question_is_answered_with_its_condition_a_number_and_first_lines(
    lin: User, capsys: Said
) -> None:
    assert main(["ask", "90岁以上会飞的人", "--as", "lin"]) == 2
    said = capsys.readouterr()
    assert "共 12 人" not in said.out
    assert "看懂了：年龄≥90岁" in said.err
    assert "没有看懂" in said.err
    assert "飞" in said.err
    assert "--only-understood" in said.err
    assert main(["ask", "90岁以上会飞的人", "--as", "lin", "--only-understood"]) == 0
    said = capsys.readouterr()
    assert "年龄" in said.out.splitlines()[0]
    assert "只按看懂的算，没看懂：" in said.out.splitlines()[0]
    assert "共 12 人" in said.out
    assert "还有 2 行" in said.out
    assert PHONE not in said.out
    assert ELSEWHERE not in said.out


def test_only_the_number_or_the_whole_list(lin: User, capsys: Said) -> None:
    assert main(["ask", "90岁以上的人", "--as", "lin", "--count"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["共 12 人"]
    assert main(["ask", "90岁以上的人", "--as", "lin", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()[3:]
    assert len(lines) == 2 + 12
    starts = {width_of(line[: line.index("2026-10-01")]) for line in lines[2:]}
    assert len(starts) == 1, "the columns stand below one another"


def test_programs_get_one_line_of_json(lin: User, capsys: Said) -> None:
    asked = ["ask", "90岁以上会飞的人", "--as", "lin", "--json"]
    assert main(asked) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["chips"][0]["text"], told["again"]) == ("年龄≥90岁", {"only_understood": True})
    assert "count" not in told
    assert main([*asked, "--only-understood"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["count"], len(told["rows"])) == (12, 10)
    assert told["unknown"]
    assert said.err == ""


def test_a_spread_is_answered_as_a_table(lin: User, capsys: Said) -> None:
    assert main(["ask", "各年龄段有多少人", "--as", "lin", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["count"] == 12


def test_a_list_is_taken_away_with_a_purpose_and_an_entry(
    lin: User, capsys: Said, tmp_path: Path
) -> None:
    file = tmp_path / "老人.xlsx"
    asked = ["ask", "90岁以上的人", "--as", "lin", "--xlsx", str(file)]
    assert main(asked) == 2
    assert "写清用途" in capsys.readouterr().err
    assert not file.exists()
    assert main([*asked, "--purpose", "重阳节上门慰问", "--for", "visit"]) == 0
    book = openpyxl.load_workbook(file)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 1 + 12
    assert PHONE not in str(rows)
    assert "重阳节上门慰问" in str(list(book["用途"].iter_rows(values_only=True)))
    with by_the_system():
        assert JournalEntry.objects.filter(kind="export.taken").count() == 1
    assert main([*asked, "--purpose", "重阳节上门慰问"]) == 2
    assert "已经有了" in capsys.readouterr().err


def test_whoever_has_no_post_or_no_name_gets_no_answer(here: Neighbourhood, capsys: Said) -> None:
    assert main(["ask", "老人"]) == 2
    assert "--as" in capsys.readouterr().err
    a_user("shen", "auditor", here.town)
    assert main(["ask", "老人", "--as", "shen"]) == 2
    assert "没有可以查底册的岗位" in capsys.readouterr().err


def test_a_real_subdistrict_is_set_up_with_its_first_officer(db: None, capsys: Said) -> None:
    assert main(["init", "330212007", "--officer", "陆颖"]) == 0
    said = capsys.readouterr().out
    assert "19个社区" in said
    with by_the_system():
        post = Post.objects.select_related("user", "place").get()
        assert (post.user.username, post.place.name) == ("luying", "潘火街道")
        assert post.user.must_change_password
        password = said.split("初始密码 ")[1].split()[0]
        assert post.user.check_password(password)
    assert main(["init", "330212007"]) == 0
    said = capsys.readouterr().out
    assert "原来就建好了：潘火街道" in said
    assert "陆颖" in said


def test_an_unknown_code_is_answered_with_the_nearest_and_nothing_is_made(
    db: None, capsys: Said
) -> None:
    assert main(["init", "330212077", "--officer", "陆颖"]) == 2
    said = capsys.readouterr().err
    assert "没有区划代码“330212077”" in said
    assert "330212007" in said
    with by_the_system():
        assert not Place.objects.exists()
    assert not User.objects.exists()


def test_an_officer_that_cannot_be_made_leaves_no_subdistrict(
    here: Neighbourhood, capsys: Said
) -> None:
    a_user("luying", "auditor", here.town)
    assert main(["init", "330212005", "--officer", "陆颖"]) == 2
    assert "用户名“luying”是“用户luying”的" in capsys.readouterr().err
    with by_the_system():
        assert not Place.objects.filter(code="330212005").exists()


def test_columns_of_a_table_count_as_the_terminal_does() -> None:
    assert width_of("ab邻里é") == 7
    assert table(["名", "n"], [["张三", "1"], ["a\x1b[2J", "2"]]) == [
        "名     n",
        "-----  -",
        "张三   1",
        "a [2J  2",
    ]
