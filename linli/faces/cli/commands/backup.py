"""备份：把整个安装写成一个可移植的文件。"""

from __future__ import annotations

import argparse
from pathlib import Path

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file and whether the keys go along."""
    parser.add_argument("file", type=Path, metavar="FILE", help="写到哪个文件")
    parser.add_argument("--with-keys", action="store_true", help="连同密钥（拿到文件的人就能读）")


def run(given: CliContext) -> int:
    """Write the archive, say what is in it and what is not."""
    from linli.core.database.backup import back_up
    from linli.faces.cli import backup_check

    file: Path = given.options.file
    written = back_up(file, with_keys=given.options.with_keys)
    rows, size = sum(table.rows for table in written), file.stat().st_size
    backup_check.note(file, rows)
    given.say(f"已备份 {len(written)} 张表、{rows} 行 → {file}（{size / 1e6:.1f} MB）")
    if given.options.with_keys:
        given.say("密钥在内：拿到这个文件的人就能读出个人信息，请锁好。")
    else:
        given.say(
            "密钥不在内：没有密钥就读不出加密的个人信息，请另外保管（数据目录的 keys.json）。"
        )
    given.answer(
        file=str(file),
        rows=rows,
        bytes=size,
        keys=given.options.with_keys,
        tables={table.name: {"rows": table.rows, "sha256": table.sha256} for table in written},
    )
    return 0
