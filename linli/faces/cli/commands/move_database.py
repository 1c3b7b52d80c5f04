"""把数据搬到另一个数据库（SQLite 和 PostgreSQL 之间），逐表核对每一行。"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linli.core.errors import Refused
from linli.faces.cli.context import CliContext

if TYPE_CHECKING:
    from linli.core.database.archive import ArchiveTable

# Looked at here: a database that moved would be refused before it can be opened again.
KEYS_MAY_DIFFER = True
TARGET = "LINLI_TARGET_URL"
FOLDER = "moving-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to, or that it is taken back."""
    parser.add_argument(
        "--to", metavar="URL", help=f"新数据库，不写口令；- 从标准输入读；不写就用环境变量 {TARGET}"
    )
    parser.add_argument("--undo", action="store_true", help="让人重新在这个库里工作")
    # What the command asks of itself, with the settings of the new database.
    parser.add_argument("--arrive", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--arrived", action="store_true", help=argparse.SUPPRESS)


def run(given: CliContext) -> int:
    """Close this database, bring its rows there, compare each table, open the new one."""
    if given.options.undo:
        return _undo(given)
    if given.options.arrive:
        return _arrive(given.options.arrive)
    if given.options.arrived:
        return _arrived()
    return _move_to(given, _target(given.options.to))


def _target(typed: str | None) -> str:
    """Return the address; one with a password on the command line is refused: others see it."""
    if typed and typed != "-" and urlsplit(typed).password:
        raise Refused(
            "move.password_seen",
            "口令写在命令行里，这台机器上的别人看得见，请换掉这个口令",
            hint=f"用环境变量 {TARGET}，或 --to - 从标准输入给出，或不写口令而用 PGPASSFILE",
        )
    url = sys.stdin.readline().strip() if typed == "-" else typed or os.environ.get(TARGET, "")
    if not url:
        raise Refused(
            "move.no_target", "没有说搬到哪里", hint=f"写 --to postgresql://…，或设 {TARGET}"
        )
    return url


def _move_to(given: CliContext, url: str) -> int:
    from django.conf import settings

    from linli.core.database import relocation
    from linli.core.runtime import environment

    there = environment.database(url, settings.DATA_DIR)
    _refuse_what_cannot_move(there)
    where = _in_words(url)
    for left in settings.DATA_DIR.glob(f"{FOLDER}*"):
        shutil.rmtree(left, ignore_errors=True)  # of a move that was killed
    given.say(f"搬到 {where}。从现在起这里只能看，不能改。")
    relocation.close_for(where)
    try:
        written = _carry(given, url)
        _call(url, "--arrived")
    except BaseException:
        # Whatever stopped it: nothing has been served there, so work goes on here.
        relocation.open_again()
        given.warn("没有搬成，这里照旧可以工作。")
        raise
    rows = sum(table.rows for table in written)
    given.say(f"搬完了：{len(written)} 张表，{rows} 行，每张表的哈希都与原来一致。")
    given.say(
        f"现在把设置改成 DATABASE_URL={where}（口令照旧放在设置文件或 PGPASSFILE 里），再启动。"
    )
    given.say(
        "原来的库没有动，只是做了“已搬走”的标记，不能再启动；要回去：linli move-database --undo"
    )
    given.answer(moved_to=where, rows=rows, tables={t.name: t.sha256 for t in written})
    return 0


def _refuse_what_cannot_move(there: dict[str, Any]) -> None:
    from django.db import connection

    from linli.core.personal_data.key_fingerprints import refusal, wrong_keys
    from linli.faces.cli.health import unapplied_migrations

    here = connection.settings_dict
    if all(str(here[one] or "") == str(there.get(one) or "") for one in ("NAME", "HOST", "PORT")):
        raise Refused("move.same", "新的和现在的是同一个数据库")
    if unapplied_migrations():
        raise Refused("move.not_migrated", "这里的数据库还没有升级", hint="先运行 linli migrate")
    if wrong := wrong_keys():
        raise refusal(wrong)


def _carry(given: CliContext, url: str) -> list[ArchiveTable]:
    """Back up to a folder that nobody else may open, restore there, and compare."""
    from django.conf import settings

    from linli.core.database.backup import back_up

    with TemporaryDirectory(prefix=FOLDER, dir=settings.DATA_DIR) as folder:
        file = Path(folder) / "all.zip"
        written = back_up(file)
        size = file.stat().st_size / 1e6
        given.say(f"已取出 {len(written)} 张表、{sum(t.rows for t in written)} 行（{size:.1f} MB）")
        given.say("正在写进新的数据库并核对……")
        found = json.loads(_call(url, "--arrive", str(file)).splitlines()[-1])
    differing = [one.name for one in written if found.get(one.name) != one.sha256]
    if differing:
        sentence = f"搬过去后与原来不一致：{'、'.join(differing[:3])}"
        raise Refused("move.differs", sentence, hint="新的库没有打开，可以重试")
    for one in written:
        if one.rows:
            given.say(f"  {one.name:<36} {one.rows:>8} 行  {one.sha256[:16]}  一致")
    return written


def _call(url: str, *words: str) -> str:
    """Run a part of this with the settings of the new database, told by the environment alone."""
    command = [sys.executable, "-m", "linli.faces.cli.main", "move-database", *words]
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own code
        command,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sentence, _, hint = done.stderr.strip().partition("\n")
        raise Refused("move.refused_there", f"新的数据库：{sentence}", hint=hint)
    return done.stdout


def _arrive(file: Path) -> int:
    """Fill the new database, which may hold nothing but what an earlier try left."""
    from linli.core.database import archive, backup, marks, relocation

    with archive.opened(file) as opened:
        identity = archive.read_manifest(opened)["marks"].get("installation")
    is_a_try = bool(relocation.moved_to()) and marks.identity() == identity
    if not is_a_try and (rows := backup.holdings()):
        raise Refused(
            "move.not_empty", f"里面已有 {rows} 行数据，没有改动", hint="给一个空的数据库"
        )
    compared = backup.restore(file, force=is_a_try)
    print(json.dumps({after.name: after.sha256 for _before, after in compared}))
    return 0


def _arrived() -> int:
    from linli.core.database import relocation
    from linli.workbench.conditions.snapshot.files import snapshot_folder

    # It knows what the old database was: the next question makes it anew.
    shutil.rmtree(snapshot_folder(), ignore_errors=True)
    relocation.open_again()
    return 0


def _undo(given: CliContext) -> int:
    from linli.core.database import relocation

    where = relocation.moved_to()
    if not where:
        raise Refused("move.not_moved", "这里的数据没有搬走，不用撤销")
    relocation.open_again()
    given.say(f"这里又可以工作了。搬到 {where} 以后在那边填的，这里没有；那边不要再用。")
    given.answer(open=True)
    return 0


def _in_words(url: str) -> str:
    """Return the address without its password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}@{host}").geturl()
