"""备份：把整个安装写成一个可移植的文件；--into 按日期存放，过期的清理掉。"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from linli.faces.cli.context import CliContext

if TYPE_CHECKING:
    from linli.core.database.archive import ArchiveTable
    from linli.core.database.dated_backups import BackupFolder

KEYS_MAY_DIFFER = True
KEEP = "7,4,6"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file or the folder, and whether the keys go along."""
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="写到哪个文件")
    parser.add_argument(
        "--into", type=Path, metavar="FOLDER", help="写进文件夹，文件名带日期时间（定时备份用）"
    )
    parser.add_argument(
        "--keep",
        metavar="天,周,月",
        help=f"与 --into 同用：最近几天、几周、几个月各留最新的一份，默认 {KEEP}",
    )
    parser.add_argument("--with-keys", action="store_true", help="连同密钥（拿到文件的人就能读）")


def run(given: CliContext) -> int:
    """Write one file, or one more into a folder; say what is in it and what is not."""
    from linli.core.errors import Refused

    options = given.options
    if (options.file is None) == (options.into is None):
        hint = "linli backup 文件名，或 linli backup --into 文件夹"
        raise Refused("backup.where", "写到哪里：给文件名或 --into，只给一个", hint=hint)
    if options.into is not None:
        return _into_folder(given)
    if options.keep is not None:
        raise Refused("backup.keep", "--keep 只和 --into 同用：单独的文件从不清理")
    written = _made(given, options.file)
    _answer(given, options.file, written, [], [])
    return 0


def _into_folder(given: CliContext) -> int:
    from django.utils import timezone

    from linli.core.database.dated_backups import Keep

    keep = Keep.of(given.options.keep or KEEP)
    folder = _folder(given.options.into.resolve())
    with folder.alone():
        folder.refuse_little_room()
        file = folder.new_file(timezone.localtime())
        written = _made(given, file)
        kept, removed = folder.retain(keep, file)
    given.say(f"留 {keep.days} 天、{keep.weeks} 周、{keep.months} 个月，现有 {len(kept)} 份：")
    for one in kept:
        given.say(f"  保留 {one.name}")
    for one in removed:
        given.say(f"  已删 {one.name}")
    _answer(given, file, written, kept, removed)
    return 0


def _folder(path: Path) -> BackupFolder:
    from linli.core.database import backup, marks
    from linli.core.database.dated_backups import NO_CODE, BackupFolder
    from linli.core.errors import Refused
    from linli.core.scope import system_scope
    from linli.register.places.models import Place

    if not backup.tables():
        raise Refused("backup.no_tables", "这里还没有数据库", hint="先运行 linli migrate")
    with system_scope("linli backup"):
        town = Place.objects.filter(kind="subdistrict").order_by("pk").first()
    code = town.code if town is not None and len(town.code) == len(NO_CODE) else NO_CODE
    return BackupFolder(path, code, marks.identity())


def _made(given: CliContext, file: Path) -> list[ArchiveTable]:
    from linli.core.database.backup import back_up
    from linli.faces.cli import backup_check

    written = back_up(file, with_keys=given.options.with_keys)
    rows, size = sum(table.rows for table in written), file.stat().st_size
    backup_check.note(file, rows)
    told = f"已备份 {len(written)} 张表、{rows} 行 → {file}（{size / 1e6:.1f} MB），读回核对一致"
    given.say(told)
    if given.options.with_keys:
        given.say("密钥在内：拿到这个文件的人就能读出个人信息，请锁好。")
    else:
        given.say(
            "密钥不在内：没有密钥就读不出加密的个人信息，请另外保管（数据目录的 keys.json）。"
        )
    return written


def _answer(
    given: CliContext,
    file: Path,
    written: list[ArchiveTable],
    kept: list[Path],
    removed: list[Path],
) -> None:
    given.answer(
        file=str(file),
        rows=sum(table.rows for table in written),
        bytes=file.stat().st_size,
        keys=given.options.with_keys,
        tables={table.name: {"rows": table.rows, "sha256": table.sha256} for table in written},
        kept=[one.name for one in kept],
        removed=[one.name for one in removed],
    )
