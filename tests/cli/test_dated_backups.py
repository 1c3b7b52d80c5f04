"""Backups by a timer: dated, one at a time, the old ones removed by the grandfather rule."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from linli.core.database import backup, dated_backups, marks
from linli.core.database.dated_backups import BackupFolder, Keep, kept_of
from linli.core.errors import Refused
from linli.faces.cli import backup_check
from linli.faces.cli.main import main
from tests import prepared
from tests.examples import examples
from tests.scope.world import OURS, a_community, a_town

ROOT = Path(__file__).resolve().parents[2]
Rule = Callable[[Iterable[datetime], Keep], set[datetime]]
KEEPS = st.builds(Keep, st.integers(1, 9), st.integers(0, 6), st.integers(0, 8))
MOMENTS = st.lists(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 3, 1)).map(  # noqa: DTZ001 - local
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    max_size=60,
)


def made_and_removed(rule: Rule, moments: list[datetime], keep: Keep) -> set[datetime]:
    """What lies there after each backup was followed by retention."""
    there: set[datetime] = set()
    for moment in sorted(moments):
        there = rule({*there, moment}, keep)
        assert moment in there, "the newest always stays"
    return there


def holds(rule: Rule, moments: list[datetime], keep: Keep) -> None:
    there = made_and_removed(rule, moments, keep)
    assert len(there) <= keep.days + keep.weeks + keep.months
    days = sorted({moment.date() for moment in moments}, reverse=True)[: keep.days]
    for day in days:
        assert max(m for m in moments if m.date() == day) in there, "the last days"
    weeks = {m - timedelta(days=m.weekday()): m for m in sorted(moments)}
    newest = {monday.date(): m for monday, m in sorted(weeks.items(), key=lambda pair: pair[1])}
    for monday in sorted(newest, reverse=True)[: keep.weeks]:
        assert newest[monday] in there, "the last weeks"
    months = {(m.year, m.month): m for m in sorted(moments)}
    for month in sorted(months, reverse=True)[: keep.months]:
        assert months[month] in there, "the last months"
    assert there == rule(moments, keep), "removing step by step is removing at once"


@given(moments=MOMENTS, keep=KEEPS)
@hypothesis_settings(max_examples=examples(60), deadline=None)
def test_the_last_days_weeks_and_months_stay(moments: list[datetime], keep: Keep) -> None:
    holds(kept_of, moments, keep)


def _oldest_of_a_day(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    oldest: dict[Any, datetime] = {}
    for moment in sorted(moments):
        oldest.setdefault(moment.date(), moment)
    return set(sorted(oldest.values(), reverse=True)[: keep.days])


def _no_months(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    return kept_of(moments, Keep(keep.days, keep.weeks, 0))


def _all(moments: Iterable[datetime], _keep: Keep) -> set[datetime]:
    return set(moments)


@pytest.mark.parametrize("wrong", [_oldest_of_a_day, _no_months, _all])
def test_a_wrong_rule_is_found(wrong: Rule) -> None:
    begin = datetime(2026, 1, 1, 2, 10)  # noqa: DTZ001 - local
    year = [begin + timedelta(hours=12 * n) for n in range(500)]
    holds(kept_of, year, Keep(7, 4, 6))
    with pytest.raises(AssertionError):
        holds(wrong, year, Keep(7, 4, 6))


def test_a_year_of_nights() -> None:
    begin = datetime(2025, 12, 1, 2, 10)  # noqa: DTZ001 - local
    nights = [begin + timedelta(days=n) for n in range(366)]
    kept = sorted(made_and_removed(kept_of, nights, Keep(7, 4, 6)))
    assert [f"{m:%m-%d}" for m in kept] == [
        *("07-31", "08-31", "09-30", "10-31"),
        *("11-15", "11-22"),
        *("11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-01"),
    ]


@pytest.mark.parametrize("words", ["", "7", "7,4", "7,4,x", "0,4,6", "-1,4,6", "7,4,6,1"])
def test_what_cannot_be_read_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="--keep"):
        Keep.of(words)


class Place(NamedTuple):
    folder: Path
    said: Callable[[], str]

    def back_up(self, *words: str) -> int:
        return main(["backup", "--into", str(self.folder), *words])

    def names(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir() if file.name[0] != ".")


@pytest.fixture
def place(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str], transactional_db: None
) -> Place:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    a_community(a_town(), OURS, "殷家", 3)
    return Place(tmp_path / "safe", lambda: (read := capsys.readouterr()).out + read.err)


def aged(place: Place, days: int, code: str = "") -> Path:
    """A backup that this command made some days ago."""
    from django.utils import timezone

    folder = dated_backups.BackupFolder(place.folder, code or "330212007", marks.identity())
    place.folder.mkdir(exist_ok=True)
    file = folder.new_file(timezone.localtime() - timedelta(days=days))
    backup.back_up(file)
    return file


@pytest.mark.postgres
def test_dated_noted_and_never_written_over(place: Place) -> None:
    assert place.back_up() == 0
    [name] = place.names()
    assert dated_backups.NAME.fullmatch(name)
    whole = (place.folder / name).read_bytes()
    assert (place.folder / name).stat().st_mode & 0o077 == 0
    assert place.folder.stat().st_mode & 0o077 == 0
    assert backup_check.file_of_the_last() == place.folder / name
    assert "完好" in backup_check.look_at_the_last(marks.values())
    folder = BackupFolder(place.folder, name.split("-")[1], marks.identity())
    moment = folder.ours()[0].moment
    assert folder.new_file(moment).name == name.replace(".backup", "-2.backup")
    assert (place.folder / name).read_bytes() == whole


@pytest.mark.postgres
def test_only_our_own_old_ones_are_removed(place: Place) -> None:
    assert place.back_up() == 0
    [first] = place.names()
    code = first.split("-")[1]
    identity = marks.identity()
    old = [aged(place, days, code) for days in (400, 200, 40)]
    marks.keep(marks.INSTALLATION, "0" * 32)
    others = [aged(place, 300, code), aged(place, 301, "110101001")]
    marks.keep(marks.INSTALLATION, identity)
    by_hand = place.folder / f"linli-{code}-20200101-0000.backup"
    shutil.copyfile(old[0], by_hand)  # given its name by somebody
    broken = place.folder / f"linli-{code}-20200102-0000.backup"
    broken.write_bytes(old[0].read_bytes()[:100])
    place.said()
    assert place.back_up("--keep", "2,0,0", "--json") == 0
    told = json.loads(place.said())
    # Two of today: the newest of the day stays, with the newest of the day before.
    assert told["removed"] == [first, old[1].name, old[0].name], told
    assert all(file.exists() for file in (*others, by_hand, broken, old[2]))


def test_nothing_is_removed_when_the_new_one_fails(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.back_up() == 0
    [first] = place.names()
    aged(place, 300, first.split("-")[1])
    before = place.names()

    def damaged(*_given: Any) -> None:
        raise Refused("backup.differs", "与备份时不一致")

    monkeypatch.setattr(backup, "refuse_damage", damaged)
    assert place.back_up("--keep", "1,0,0") == 2
    assert place.names() == before


def test_a_second_one_at_the_same_time_is_refused(place: Place) -> None:
    folder = BackupFolder(place.folder, "330212007", marks.identity())
    with folder.alone(), pytest.raises(Refused, match="正在进行"), folder.alone():
        pass
    with folder.alone():
        pass


@pytest.mark.postgres
def test_little_room_is_said_before_anything_is_written(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.back_up() == 0
    before, usage = place.names(), shutil.disk_usage(place.folder)
    place.said()
    monkeypatch.setattr(shutil, "disk_usage", lambda _at: usage._replace(free=60 << 20))
    assert place.back_up() == 2
    assert "还差" in place.said()
    assert place.names() == before


@pytest.mark.parametrize(
    "words", [[], ["a.backup", "--into", "b"], ["a.backup", "--keep", "1,1,1"]]
)
def test_where_to_is_said_once(place: Place, words: list[str]) -> None:
    assert main(["backup", *words]) == 2
    assert not Path("a.backup").exists()


KILLED = """
import os, signal, sys
from linli.core.database import archive
import django
django.setup()
from linli.core.database import backup
whole = backup._written
def killed(table, rows, out):
    if table.name == "posts_user":
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(table, rows, out)
backup._written = killed
from linli.faces.cli.main import main
main(["backup", "--into", sys.argv[1]])
"""


def test_a_killed_one_leaves_the_old_ones_and_nothing_that_stays(tmp_path: Path) -> None:
    if not prepared.copy().is_file():
        pytest.skip("no migrated database was prepared")
    data, folder = tmp_path / "data", tmp_path / "safe"
    data.mkdir()
    shutil.copyfile(prepared.copy(), data / "linli.sqlite3")
    env = {name: text for name, text in os.environ.items() if not name.startswith("LINLI_")}
    env |= {"LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    env |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "linli.settings"}

    def names() -> list[str]:
        return sorted(file.name for file in folder.iterdir() if file.name[0] != ".")

    def call(*words: str) -> int:
        command = [sys.executable, *words, str(folder)]
        return subprocess.run(command, env=env, capture_output=True, check=False).returncode

    good = ("-m", "linli.faces.cli.main", "backup", "--into")
    assert call(*good) == 0
    [first] = names()
    whole = (folder / first).read_bytes()
    assert call("-c", KILLED) == -signal.SIGKILL
    assert (folder / first).read_bytes() == whole
    left = [name for name in names() if name != first]
    assert left, "it was killed in the middle"
    assert all((folder / name).stat().st_mode & 0o077 == 0 for name in left)
    assert call(*good) == 0
    assert all(dated_backups.NAME.fullmatch(name) for name in names()), names()
