"""What the guides tell people to type works: every line is run here or in the rehearsal."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import xlsxwriter
from django.db import connection

from linli.faces.cli import main
from linli.faces.cli.main import commands as commands_of_the_product
from tests import postgres
from tests.guides import reading
from tests.guides.machine import Machine, WrongCommand, is_runnable
from tests.guides.reading import GuideCommand

# In the order in which an office reads them, on one machine.
ON_ONE_MACHINE = ("install", "first-week", "operations", "upgrade", "backup")
HEADINGS = ("姓名", "身份证号", "性别", "小区", "楼栋", "室号", "手机")
BY_DAY = ("install", "backup")
# One makes a whole installation anew; the other needs a site and a worker each time.
BY_NIGHT = {"linli rehearse-restore", "linli check"}
# What the first week does on a page of the register.
DAY_TWO = """
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.places.actions import add_place
with system_scope("the guide's second day"):
    community = Place.objects.get(name="殷家社区")
    add_place(parent=community, kind="estate", name="殷家新村", by=None)
"""
RESIDENTS = (
    ("虞阿香", "", "女", "殷家新村", "3幢", "1802", "14300000001"),
    ("柴根宝", "", "男", "殷家新村", "3幢", "101", "14300000002"),
)


def a_list(file: Path) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("居民")
        for number, row in enumerate((HEADINGS, *RESIDENTS)):
            sheet.write_row(number, 0, row)


def follow(machine: Machine, guide: list[GuideCommand], left_out: set[str]) -> dict[str, str]:
    """Type a guide as a reader would; return what each line printed."""
    rehearsed, printed = reading.rehearsed(), {}
    for command in guide:
        if command.on_new_machine and machine.root.name != "new":
            machine = machine.new_machine()
        if command.text not in rehearsed | left_out:
            printed[command.text] = machine.run(command)
    return printed


def a_machine_follows(folder: Path, names: tuple[str, ...], left_out: set[str]) -> dict[str, str]:
    """Follow guides on one machine; return what each line printed."""
    machine, printed = Machine(folder / "machine"), dict[str, str]()
    a_list(machine.work / "居民.xlsx")
    for name in names:
        if name == "first-week":
            machine.python(DAY_TWO)
        printed |= follow(machine, reading.commands_of(name), left_out)
    assert "密码只显示这一次" in printed["linli init 330212007 --officer 陆颖"]
    assert "周强" in printed["linli users list"], "the colleague came back on the new machine"
    restored = next(words for line, words in printed.items() if "--deleted" in line)
    assert "不一致" not in restored
    assert "一致" in restored
    return printed


@pytest.mark.django_db
def test_a_machine_is_installed_and_restored_by_the_guides(tmp_path: Path) -> None:
    a_machine_follows(tmp_path, BY_DAY, BY_NIGHT)


@pytest.mark.nightly
@pytest.mark.django_db
def test_a_machine_follows_every_line(tmp_path: Path) -> None:
    printed = a_machine_follows(tmp_path, ON_ONE_MACHINE, set())
    assert "新增：2" in printed["linli imports apply 居民.xlsx --as yinhong --build"]


@pytest.mark.nightly
@pytest.mark.postgres
@pytest.mark.django_db
def test_a_server_follows_production(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine", database := _an_empty_database())
    guide = reading.commands_of("production")
    moves = {one.text for one in guide if "linli move-database" in one.text}
    printed = follow(machine, guide, set() if database else moves)
    keys = printed["linli keys"].strip().splitlines()
    assert [line.partition("=")[0] for line in keys if line.startswith("LINLI_")] == [
        "LINLI_SECRET_KEY",
        "LINLI_FIELD_KEYS",
        "LINLI_INDEX_KEY",
    ]


def is_understood(line: str) -> bool:
    """Does the product know this command and its options? It is not run."""
    words = [word for word in shlex.split(line) if not re.match(r"[A-Z_]+=", word)][1:]
    if words == ["--version"]:
        return True
    file = commands_of_the_product().get(words[0])
    if file is None:
        return False
    parser = main._parser(words[0], file, main._load(file))
    try:
        parser.parse_args(words[1:])
    except SystemExit:
        return False
    return True


@pytest.mark.parametrize("language", [".zh", ""])
@pytest.mark.parametrize("name", reading.NAMES)
def test_the_product_understands_every_line(name: str, language: str) -> None:
    typed = [one.text for one in reading.commands_of(name, language) if "linli " in one.text]
    of_the_product = [line for line in typed if is_runnable(line) and "curl" not in line]
    said = [line for line in reading.inline_commands(name, language) if len(line.split()) > 2]
    wrong = [
        line
        for line in (*of_the_product, *said)
        if not line.startswith("cp ") and not is_understood(line)
    ]
    assert not wrong


def test_a_wrong_option_is_not_understood() -> None:
    assert is_understood("linli backup --into /var/backups/linli")
    assert not is_understood("linli backup --unto /var/backups/linli")
    assert not is_understood("linli innit 330212007")


def _an_empty_database() -> str:
    """Return the address of an empty database where this run has a server."""
    if connection.vendor != "postgresql":
        return ""
    host, name = postgres.url().rpartition("host=")[2], "guides_move"
    tools = postgres.binaries()
    subprocess.run(
        [tools / "dropdb", "-h", host, "-U", "postgres", "--if-exists", name], check=True
    )
    owner = ("-U", "postgres", "-O", postgres.OWNER, "-T", "template0")
    subprocess.run([tools / "createdb", "-h", host, *owner, name], check=True)
    return f"postgresql://{postgres.OWNER}@/{name}?host={host}"


@pytest.mark.parametrize("name", reading.NAMES)
def test_both_languages_type_the_same(name: str) -> None:
    chinese = [(one.text, one.on_new_machine) for one in reading.commands_of(name)]
    english = [(one.text, one.on_new_machine) for one in reading.commands_of(name, "")]
    assert chinese
    assert english == chinese


def test_every_line_is_run_here_or_rehearsed() -> None:
    rehearsed = reading.rehearsed()
    said = [one for name in reading.NAMES for one in reading.commands_of(name)]
    nobody = [str(one) for one in said if not is_runnable(one.text) and one.text not in rehearsed]
    assert not nobody, f"nobody runs {nobody}"
    unsaid = rehearsed - {one.text for one in said}
    assert not unsaid, f"no guide says {unsaid}"


def test_every_guide_is_followed() -> None:
    files = {file.name.partition(".")[0] for file in reading.GUIDES.glob("*.zh.md")}
    assert files == set(reading.NAMES) == {*ON_ONE_MACHINE, "production"}


@pytest.mark.parametrize(
    "line",
    [
        "linli innit 330212007",
        "linli backup --unto /var/backups/linli",
        "cp /mnt/keys/no-such-file /var/lib/linli/keys.json",
        "rm -rf /var/lib/linli",
    ],
)
def test_a_wrong_line_turns_red(tmp_path: Path, line: str) -> None:
    wrong = reading.commands("wrong.md", f"# A guide\n\n```bash\n{line}\n```\n")
    with pytest.raises(WrongCommand, match=r"wrong.md:4"):
        follow(Machine(tmp_path / "machine"), wrong, set())


def test_a_block_says_whether_it_is_typed() -> None:
    with pytest.raises(ValueError, match=r"wrong.md:1"):
        reading.commands("wrong.md", "```\nlinli check\n```\n")


def test_what_a_guide_names_is_there() -> None:
    """Files of the project that a guide names exist, and so do the links between guides."""
    for file in reading.GUIDES.glob("*.md"):
        text = file.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (file.parent / link).exists(), f"{file.name}: {link}"
        for path in re.findall(r"`((?:deploy|tools|linli)/[\w./-]+)`", text):
            assert (reading.ROOT / path).exists(), f"{file.name}: {path}"
