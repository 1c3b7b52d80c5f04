"""The last backup: noted down when it is made, looked at again by every `linli check`.

A backup that nobody has looked at since may be gone, cut off, or another installation's.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.core.database import archive, marks
from linli.core.errors import Refused
from linli.core.personal_data import key_fingerprints

LAST_BACKUP = "last_backup.json"  # beside the data: when and what
AGAIN = "现在就重新备份：linli backup 文件名；从别处拷回来的也可以，再运行 linli check"
# Of two machines' clocks one may be a little ahead.
AHEAD = timedelta(minutes=10)


def note_file() -> Path:
    """Return where the note of the last backup lies."""
    return settings.DATA_DIR / LAST_BACKUP


def has_note() -> bool:
    """Was a backup ever made from here?"""
    return note_file().exists()


def oldest() -> timedelta:
    """Return how old the last backup may be."""
    return timedelta(hours=settings.LINLI_BACKUP_HOURS)


def age() -> timedelta | None:
    """Return how old the last backup is by its note; None without one that can be read."""
    try:
        return datetime.now(UTC) - datetime.fromisoformat(_note()["at"]).astimezone()
    except (OSError, Refused):
        return None


def last_file() -> Path | None:
    """Return where the last backup was written to, if that is known."""
    try:
        return Path(_note()["file"])
    except (OSError, Refused):
        return None


def note(file: Path, rows: int) -> None:
    """Write down when the backup was made, where it is and by what it is known."""
    told = {
        "at": datetime.now(UTC).isoformat(),
        "file": str(file.resolve()),
        "rows": rows,
        "sha256": archive.sha256_of(file),
    }
    part = note_file().with_suffix(".part")
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(note_file())


def file_of_the_last() -> Path:
    """Return where the last backup was written; refuse when there was none."""
    if not has_note():
        raise Refused("backup.none", "还没有备份过", hint="先备份：linli backup --into 文件夹")
    return Path(_note()["file"])


def look_at_the_last(ours: dict[str, str]) -> str:
    """Return in words how old the last backup is; refuse one that would not help.

    ``ours`` are the marks of this database, none where it cannot be asked.
    """
    told = _note()
    file, moment = Path(told["file"]), datetime.fromisoformat(told["at"]).astimezone()
    age = datetime.now(UTC) - moment
    try:
        _refuse_what_does_not_help(file, told, ours)
    except Refused as wrong:
        raise Refused(wrong.code, wrong.sentence, hint=AGAIN) from wrong
    sentence = f"上次在 {age.days} 天 {age.seconds // 3600} 小时前（{file}），完好"
    if age > oldest():
        hint = f"超过了 LINLI_BACKUP_HOURS={settings.LINLI_BACKUP_HOURS} 小时。{AGAIN}"
        raise Refused("backup.old", f"太旧了：{sentence}", hint=hint)
    if age < -AHEAD:
        sentence = f"上次备份的时间在将来（{moment:%Y-%m-%d %H:%M}，{file}），不知道有多旧"
        raise Refused("backup.future", sentence, hint=f"请核对这台机器的时钟。{AGAIN}")
    return sentence


def _note() -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(note_file().read_text(encoding="utf-8"))
        datetime.fromisoformat(told["at"]), Path(told["file"])
    except (ValueError, KeyError, TypeError) as wrong:
        sentence = f"备份的记录读不出来：{note_file()}"
        raise Refused("backup.note", sentence, hint=AGAIN) from wrong
    return told


def _refuse_what_does_not_help(file: Path, told: dict[str, Any], ours: dict[str, str]) -> None:
    """Refuse a file that is gone, cut off, changed, another installation's or of other keys."""
    with archive.opened(file) as opened:
        manifest = archive.read_manifest(opened)
        _refuse_others(file, manifest.get("marks", {}), ours)
        archive.refuse_damage(opened, archive.tables_of(manifest))
    # A byte may be flipped where no table lies; backups until 0.2 were noted without a hash.
    if "sha256" in told and archive.sha256_of(file) != told["sha256"]:
        sentence = f"备份文件与写好时不同，被改动、损坏或换过：{file}"
        raise Refused("backup.changed", sentence)


def _refuse_others(file: Path, theirs: dict[str, str], ours: dict[str, str]) -> None:
    if {marks.INSTALLATION} <= theirs.keys() & ours.keys() and (
        theirs[marks.INSTALLATION] != ours[marks.INSTALLATION]
    ):
        raise Refused("backup.of_another", f"这是另一个安装的备份，恢复不了这里的数据：{file}")
    if key_fingerprints.missing_from(theirs):
        sentence = f"备份用的密钥这里没有，恢复以后读不出来：{file}"
        raise Refused("backup.other_keys", sentence)
