"""恢复：把备份文件写回来，逐表核对哈希。"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file and whether it may write over what is here."""
    parser.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    parser.add_argument("--force", action="store_true", help="覆盖这里已有的数据")
    parser.add_argument(
        "--deleted", type=Path, metavar="LIST", help="另一台机器上的删除名单 deleted-keys.jsonl"
    )


def run(given: CliContext) -> int:
    """Restore as a whole or not at all, and show each table's hash before and after."""
    from linli.core.database.backup import restore
    from linli.core.personal_data.key_fingerprints import refusal, wrong_keys
    from linli.workbench.conditions.snapshot.files import snapshot_folder
    from linli.workbench.retention.deleted_list import keep, lines

    if given.options.deleted:
        # First, because the restore deletes again whoever is on the list (decision 0026).
        keep(lines(given.options.deleted))
    compared = restore(given.options.file, force=given.options.force, tell=given.say)
    # The snapshot knows what the database was before: the next question makes it anew.
    shutil.rmtree(snapshot_folder(), ignore_errors=True)
    for before, after in compared:
        if before.rows:
            same = "一致" if before.sha256 == after.sha256 else "不一致"
            given.say(f"  {before.name:<36} {after.rows:>8} 行  {after.sha256[:16]}  {same}")
    rows = sum(after.rows for _, after in compared)
    given.say(f"已恢复 {rows} 行，{len(compared)} 张表的哈希与备份一致。")
    wrong = wrong_keys()
    if wrong:
        refused = refusal(wrong)
        given.warn(f"注意：{refused.sentence}。换好之前不能启动。\n{refused.hint}")
    else:
        given.say("这里的密钥就是备份时的密钥，加密的个人信息读得出来。")
    given.answer(
        rows=rows, tables={after.name: after.sha256 for _, after in compared}, wrong_keys=wrong
    )
    return 0
