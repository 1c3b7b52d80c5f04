"""The command line: found by folder, answers in words, never with a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.urls import resolve

from linli import __version__
from linli.faces.cli import main as cli
from linli.faces.cli.main import commands, main, sentence
from tests.scope.world import OURS, a_community, a_town
from tests.upgrades.stored_versions import versions


def test_every_command_has_a_sentence() -> None:
    assert {"check", "backup", "restore", "where", "docs", "migrate", "serve"} <= set(commands())
    for name, file in commands().items():
        assert sentence(file), name


def test_without_a_command_it_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "backup" in capsys.readouterr().out


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out
    release = ".".join(__version__.split(".")[:2])
    assert f"\n## {release} (" in (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    assert release in versions(), "tools/store_installation.py stores each release"


def test_an_unknown_command_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bakcup"]) == 2
    said = capsys.readouterr().err
    assert "没有“bakcup”这个命令" in said
    assert "Traceback" not in said


@pytest.mark.django_db
def test_an_unknown_user_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["where", "规则一览", "--as", "nobody"]) == 2
    assert "没有用户“nobody”" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_command_runs_in_the_scope_of_its_user(tmp_path: Path, monkeypatch) -> None:
    """A command found in any app's folder sees what --as sees."""
    a_community(town := a_town(), OURS, "殷家", 3)
    assert town
    folder = cli.PACKAGE / "core"
    seen = []

    class Command:
        @staticmethod
        def run(given) -> None:
            from linli.register.people.models import Person

            seen.append((given.user.username, Person.objects.count(), given.someone().pk))

    monkeypatch.setattr(cli, "commands", lambda: {"count": folder / "paths.py"})
    monkeypatch.setattr(cli, "import_module", lambda name: Command)
    assert main(["count", "--as", "009"]) == 0
    assert seen[0][:2] == ("009", 3)


@pytest.mark.django_db
@pytest.mark.postgres
def test_check_answers_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check"])
    assert "触发器" in capsys.readouterr().out
    main(["check", "--json"])
    found = {
        load["what"]: load["state"] for load in json.loads(capsys.readouterr().out)["findings"]
    }
    assert found["触发器"] == "good"
    assert found["归属"] == "good"
    assert found["日志链"] == "good"


@pytest.mark.django_db
@pytest.mark.postgres
def test_check_sees_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    from django.db import connection

    from linli.core.database import triggers

    triggers.take_down(connection)
    assert main(["check", "--json"]) == 1
    found = {
        load["what"]: load["state"] for load in json.loads(capsys.readouterr().out)["findings"]
    }
    assert found["触发器"] == "bad"


@pytest.mark.django_db
@pytest.mark.postgres
def test_check_sees_keys_that_do_not_fit(capsys: pytest.CaptureFixture[str], settings) -> None:
    """A restore with other keys: the rows are there and cannot be read."""
    from cryptography.fernet import Fernet

    from linli.register.people.models import Person
    from tests.scope.world import by_the_system

    a_community(a_town(), OURS, "殷家", 1)
    with by_the_system():
        Person.objects.update(phone="13900000000")

    def state() -> str:
        main(["check", "--json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        return next(one["state"] for one in found if one["what"] == "密钥与数据")

    assert state() == "good"
    settings.LINLI_FIELD_KEYS = [Fernet.generate_key().decode()]
    assert state() == "bad"


def test_where_finds_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert resolve("/rules/")
    assert main(["where", "/rules/"]) == 0
    said = capsys.readouterr().out
    assert "linli/faces/web/rules_page.py" in said
    assert "web/rules.html" in said
    assert "test_rules_page.py" in said


def test_where_finds_a_term_and_an_error_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["where", "登记居民"]) == 0
    assert "动作  linli/register/people/actions" in capsys.readouterr().out
    assert main(["where", "backup.not_empty"]) == 0
    assert "代码  linli/core/database/backup.py" in capsys.readouterr().out


def test_where_says_when_it_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["where", "没有这种词语"]) == 1
    assert "没有找到" in capsys.readouterr().out
