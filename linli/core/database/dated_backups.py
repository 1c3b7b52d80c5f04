"""A folder of dated backups: their names, which of them are kept, room and one at a time.

Retention is the grandfather rule: of each of the last so many days, weeks (Monday to Sunday) and
months that have a backup, the newest stays; the newest of all always does. Periods without a backup
do not count, so that a machine that stood still, or a clock that jumped, removes nothing more.
"""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from linli.core.database import archive
from linli.core.database.size import database_bytes
from linli.core.errors import Refused

NAME = re.compile(r"linli-(\d{9})-(\d{8})-(\d{4})(?:-(\d+))?\.backup")
NO_CODE = "0" * 9  # of an installation that is not set up yet
LEFT_FREE = 64 << 20  # so that the database itself can go on writing
GROWTH = 1.25  # by how much one backup may be larger than the one before


@dataclass(frozen=True)
class Keep:
    """Of how many days, weeks and months the newest backup stays."""

    days: int
    weeks: int
    months: int

    @classmethod
    def of(cls, words: str) -> Keep:
        """Read ``7,4,6``; a day at least is kept."""
        numbers = [word.strip() for word in words.split(",")]
        if len(numbers) != len(cls.__annotations__) or not all(
            word.isdecimal() and len(word) <= 4 for word in numbers
        ):
            hint = "写成三个数：天,周,月，例如 --keep 7,4,6"
            raise Refused("backup.keep", f"看不懂 --keep {words}", hint=hint)
        days, weeks, months = map(int, numbers)
        if not days:
            hint = "第一个数（天）至少是 1"
            raise Refused("backup.keep", f"--keep {words} 一天也不留", hint=hint)
        return cls(days, weeks, months)


def _day(moment: datetime) -> tuple[int, ...]:
    return (moment.toordinal(),)


def _week(moment: datetime) -> tuple[int, ...]:
    return tuple(moment.isocalendar())[:2]


def _month(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month)


def kept_of(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    """Return which moments stay: the newest of each of the last days, weeks and months."""
    newest_first = sorted(set(moments), reverse=True)
    kept = set(newest_first[:1])
    periods: list[tuple[int, Callable[[datetime], tuple[int, ...]]]]
    periods = [(keep.days, _day), (keep.weeks, _week), (keep.months, _month)]
    for number, period_of in periods:
        newest_of: dict[tuple[int, ...], datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(period_of(moment), moment)
        kept.update(list(newest_of.values())[:number])
    return kept


@dataclass(frozen=True)
class DatedBackup:
    """One backup of a folder, with the moment in its name."""

    file: Path
    moment: datetime


@dataclass(frozen=True)
class BackupFolder:
    """The backups of one installation in a folder that others may use, too."""

    folder: Path
    code: str
    identity: str

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Make backups here one at a time; sweep away what a killed one has left."""
        # Nobody else may read what will lie here.
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / f".linli-{self.code}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as wrong:
                hint = "等它做完再试；没有写入任何文件"
                sentence = f"{self.folder} 里另一个备份正在进行"
                raise Refused("backup.busy", sentence, hint=hint) from wrong
            self._sweep()
            yield

    def _sweep(self) -> None:
        # Nobody writes them any more: whoever does holds the lock.
        for ending in ("part", "copy*"):
            for left in self.folder.glob(f"linli-{self.code}-*.backup.{ending}"):
                left.unlink(missing_ok=True)

    def new_file(self, moment: datetime) -> Path:
        """Return a name by the local time that nothing has yet."""
        begin = f"linli-{self.code}-{moment:%Y%m%d-%H%M}"
        names = (f"{begin}{'' if n == 1 else f'-{n}'}.backup" for n in range(1, 1000))
        return next(file for name in names if not (file := self.folder / name).exists())

    def ours(self) -> list[DatedBackup]:
        """Return the backups of this installation that were made under their name, newest first."""
        listed = [one for file in self.folder.iterdir() if (one := self._dated(file)) is not None]
        return sorted(listed, key=lambda one: one.moment, reverse=True)

    def _dated(self, file: Path) -> DatedBackup | None:
        named = NAME.fullmatch(file.name)
        if named is None or named[1] != self.code or file.is_symlink():
            return None
        try:
            moment = datetime.strptime(named[2] + named[3], "%Y%m%d%H%M")  # noqa: DTZ007 - local
            with archive.opened(file) as opened:
                manifest = archive.read_manifest(opened)
        except (Refused, *archive.BROKEN):
            return None  # what cannot be told to be ours is left alone
        if not self.identity or not _is_of(manifest, file.name, self.identity):
            return None
        return DatedBackup(file, moment + timedelta(seconds=int(named[4] or 0)))

    def refuse_little_room(self) -> None:
        """Refuse before anything is written when the disk has too little room for it."""
        from django.db import connection

        size = database_bytes()
        last = next((one.file.stat().st_size for one in self.ours()), None)
        estimate = size if last is None else min(int(last * GROWTH), size)
        wanted = estimate + LEFT_FREE + (size if connection.vendor == "sqlite" else 0)
        refuse_little_room(self.folder, wanted, "这次备份")

    def retain(self, keep: Keep, newest: Path) -> tuple[list[Path], list[Path]]:
        """Remove what is past its days; return what was kept and what was removed."""
        listed = self.ours()
        if newest not in [one.file for one in listed]:
            return [one.file for one in listed], []  # the new one is not to be trusted
        moments = kept_of([one.moment for one in listed], keep)
        kept = [one.file for one in listed if one.moment in moments or one.file == newest]
        removed = [one.file for one in listed if one.file not in kept]
        for file in removed:
            file.unlink()
        return kept, removed


def _is_of(manifest: dict[str, Any], name: str, identity: str) -> bool:
    marks = manifest.get("marks", {})
    return manifest.get("name") == name and marks.get("installation") == identity


def refuse_little_room(folder: Path, wanted: int, what: str) -> None:
    """Refuse when a folder's disk has less room than wanted; say how much is missing."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        sentence = (
            f"{folder} 放不下{what}：要约 {wanted / 1e6:.0f} MB，只有 {free / 1e6:.0f} MB，"
            f"还差 {(wanted - free) / 1e6:.0f} MB"
        )
        hint = "请清出地方或换一个盘；没有写入任何文件，原来的备份都在"
        raise Refused("backup.no_room", sentence, hint=hint)
