"""A backup that would not help is found by `linli check`, not at the restore."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.core.database import marks
from linli.faces.cli import backup_check, health
from linli.faces.cli.main import main
from linli.register.people.models import Person
from tests import prepared
from tests.scope.world import OURS, a_community, a_town, by_the_system

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def file(tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Path:
    """A backup of a small town, made by the command."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    a_community(a_town(), OURS, "殷家", 3)
    with by_the_system():
        Person.objects.update(phone="13800000000")
    made = tmp_path / "safe" / "linli.backup"
    assert main(["backup", str(made)]) == 0
    capsys.readouterr()
    return made


def found() -> tuple[str, str]:
    """What the check says of the backup: its state and its words."""
    finding = health.last_backup(marks.values())
    assert finding.state == "good" or "linli backup" in finding.hint, "what to do"
    return finding.state, finding.sentence


def note_says(**changed: Any) -> None:
    told = json.loads(backup_check.note_file().read_text())
    backup_check.note_file().write_text(json.dumps(told | changed))


def rewritten(file: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def test_a_good_one_is_good(file: Path) -> None:
    assert found() == ("good", f"上次在 0 天 0 小时前（{file}），完好")


def test_every_flipped_byte_is_found(file: Path) -> None:
    whole = file.read_bytes()
    for place in range(0, len(whole), max(len(whole) // 60, 1)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        state, words = found()
        assert (state, str(file) in words) == ("bad", True), (place, words)
    file.write_bytes(whole)
    assert found()[0] == "good"


def test_one_that_is_gone_is_found(file: Path) -> None:
    (file.parent / "other.txt").write_text("x")
    file.unlink()
    assert found() == ("bad", f"备份文件不在：{file}（文件夹里有别的文件）")
    (file.parent / "other.txt").unlink()
    assert found() == ("bad", f"备份文件不在：{file}（文件夹是空的）")
    file.parent.rmdir()
    state, words = found()
    assert (state, words.endswith("也不在，盘可能没有挂上）")) == ("bad", True)
    file.mkdir(parents=True)
    assert found() == ("bad", f"{file} 不是文件，请给出备份文件")


@pytest.mark.parametrize("kept", [0, 100, -100, -1])
def test_one_that_is_cut_off_is_found(file: Path, kept: int) -> None:
    file.write_bytes(file.read_bytes()[:kept])
    state, words = found()
    assert (state, str(file) in words) == ("bad", True)


def test_age_counts_by_the_setting(file: Path, settings: Any) -> None:
    day_ago = datetime.now(UTC) - timedelta(hours=25)
    note_says(at=day_ago.isoformat())
    assert found()[0] == "good"
    note_says(at=(day_ago - timedelta(hours=2)).isoformat())
    state, words = found()
    assert (state, words) == ("bad", f"太旧了：上次在 1 天 3 小时前（{file}），完好")
    settings.LINLI_BACKUP_HOURS = 24 * 7
    assert found()[0] == "good"
    note_says(at=(datetime.now(UTC) + timedelta(hours=2)).isoformat())
    assert "上次备份的时间在将来" in found()[1]
    backup_check.note_file().write_text("{")
    assert found() == ("bad", f"备份的记录读不出来：{backup_check.note_file()}")


def test_one_of_another_installation_is_found(file: Path) -> None:
    marks.keep(marks.INSTALLATION, "0" * 32)
    assert found() == ("bad", f"这是另一个安装的备份，恢复不了这里的数据：{file}")


def test_one_of_other_keys_is_found(file: Path, settings: Any) -> None:
    settings.LINLI_INDEX_KEY = "another index key, long enough to be one"
    assert found() == ("bad", f"备份用的密钥这里没有，恢复以后读不出来：{file}")


def test_one_that_was_made_anew_by_hand_is_found(file: Path) -> None:
    """Zipped again with another name in it: every checksum of the zip holds."""
    table = "tables/people_person.jsonl"
    rewritten(file, table, lambda text: text.replace("殷家0".encode(), "殷家9".encode()))
    assert found() == ("bad", f"备份文件损坏，people_person 与备份时不一致：{file}")


def test_a_note_from_before_there_were_hashes_still_serves(file: Path) -> None:
    told = json.loads(backup_check.note_file().read_text())
    del told["sha256"]
    backup_check.note_file().write_text(json.dumps(told))
    old: Callable[[bytes], bytes] = lambda text: json.dumps(  # noqa: E731
        {name: value for name, value in json.loads(text).items() if name != "marks"}
    ).encode()
    rewritten(file, "manifest.json", old)
    assert found()[0] == "good"


def test_none_at_all_is_found_after_a_day(
    file: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from linli.core.models import InstallationMark

    backup_check.note_file().unlink()

    def state() -> str:
        main(["check", "--json"])
        findings = json.loads(capsys.readouterr().out)["findings"]
        return next(one["state"] for one in findings if one["what"] == "备份")

    assert state() == "warn", "installed today"
    since = InstallationMark.objects.filter(name=marks.INSTALLATION)
    since.update(at=datetime.now(UTC) - timedelta(hours=27))
    assert state() == "bad"
    marks.set_mark()
    assert state() == "warn", "what was made up needs no backup"


@pytest.mark.nightly
def test_the_command_says_it_by_its_exit_code(tmp_path: Path) -> None:
    """An installation of its own on a disk: all is well, then one thing after another is not."""
    data, made = tmp_path / "data", tmp_path / "linli.backup"
    data.mkdir()
    env = {name: text for name, text in os.environ.items() if not name.startswith("LINLI_")}
    env |= {"LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}

    def linli(*words: str, **more: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "linli.faces.cli.main", *words]
        done = subprocess.run(command, env=env | more, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    if prepared.copy().is_file():
        shutil.copyfile(prepared.copy(), data / "linli.sqlite3")
    assert linli("migrate")[0] == 0
    assert linli("init", "330212007")[0] == 0
    assert linli("backup", str(made))[0] == 0
    code, said = linli("check")
    assert code == 0, said
    whole = made.read_bytes()
    middle = len(whole) // 2
    made.write_bytes(whole[:middle] + bytes([whole[middle] ^ 8]) + whole[middle + 1 :])
    code, said = linli("check")
    assert (code, "✗ 备份：备份文件" in said, str(made) in said) == (1, True, True)
    code, said = linli("restore", "--force", str(made))
    assert (code, "Traceback" in said) == (2, False), said
    made.write_bytes(whole)
    code, said = linli("check", LINLI_BACKUP_HOURS="0")
    assert (code, "✗ 备份：太旧了" in said) == (1, True)
    code, said = linli("alerts", "list", LINLI_INDEX_KEY="x" * 40)
    assert (code, "LINLI_INDEX_KEY 不是这个数据库原来用的密钥" in said) == (2, True), said
    made.unlink()
    code, said = linli("check")
    assert (code, "✗ 备份：备份文件不在" in said) == (1, True)
