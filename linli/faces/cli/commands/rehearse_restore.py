"""演练恢复：把备份恢复到一个临时安装里，逐行核对，再清除；备份能不能用，这样才知道。"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True
SCRATCH = ".linli-rehearsal-"
LOCK = ".linli-rehearsal.lock"
LARGER = 2  # a database with its indexes beside the text it is made of
CODE = "from linli.faces.cli.main import main; raise SystemExit(main())"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, and where the scratch installation may lie."""
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="不写就是上次的备份")
    parser.add_argument(
        "--in", dest="folder", type=Path, metavar="FOLDER", help="临时安装放在哪里，默认在备份旁边"
    )
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="恢复到这个空的 PostgreSQL 数据库，默认 SQLite",
    )
    parser.add_argument("--inside", choices=("rehearse", "clear"), help=argparse.SUPPRESS)


def run(given: CliContext) -> int:
    """Restore into a scratch installation, look at it, remove it, and note how it went."""
    if given.options.inside:
        return _inside(given)
    from linli.faces.cli import rehearsal_check

    file, folder = _where(given)
    began, why, told = time.monotonic(), "", {}
    with _alone(folder) as lock:
        try:
            told = _rehearsed(file, folder, lock, given.options.database)
            why = "；".join(told.pop("bad"))
        except Exception as wrong:
            why = getattr(wrong, "sentence", type(wrong).__name__)
            raise
        finally:
            seconds = round(time.monotonic() - began, 1)
            is_good = bool(told) and not why
            told |= {"file": str(file), "seconds": seconds, "good": is_good, "why": why}
            # One that was interrupted says nothing of the backup.
            if not isinstance(sys.exc_info()[1], KeyboardInterrupt | SystemExit):
                rehearsal_check.note(**told)
    _tell(given, told)
    return 0 if is_good else 1


def _where(given: CliContext) -> tuple[Path, Path]:
    """Return the file to restore, the last backup without another word, and the scratch's place."""
    from linli.core.errors import Refused
    from linli.faces.cli import backup_check

    file: Path | None = given.options.file
    if file is None:
        file = backup_check.file_of_the_last()
    elif not file.is_file():
        raise Refused("backup.missing", f"备份文件不在：{file}")
    folder = given.options.folder or file.parent
    if not folder.is_dir():
        hint = "备份的盘可能没有挂上；也可以用 --in 指定临时安装放在哪里"
        raise Refused("rehearsal.no_folder", f"文件夹不在：{folder}", hint=hint)
    return file.resolve(), folder.resolve()


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Rehearse one at a time in a folder; remove what a killed rehearsal has left there."""
    from linli.core.errors import Refused

    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as wrong:
            sentence = f"{folder} 里另一次演练正在进行"
            raise Refused("rehearsal.busy", sentence, hint="等它做完再试") from wrong
        for left in folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(left)
        yield lock.fileno()


@dataclass(frozen=True)
class _Scratch:
    """The scratch installation: its folder, its settings, and the lock its processes hold."""

    folder: Path
    environment: dict[str, str]
    lock: int

    def call(self, file: Path, what: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", CODE, "rehearse-restore", str(file), "--json"]
        return subprocess.run(  # noqa: S603 - our own interpreter and our own code
            [*words, "--inside", what],
            env=self.environment,
            # It holds the lock as long as it lives, also without the one that started it.
            pass_fds=[self.lock],
            capture_output=True,
            text=True,
            check=False,
        )


def _rehearsed(file: Path, folder: Path, lock: int, database: str) -> dict[str, Any]:
    from linli.core.database import archive, dated_backups
    from linli.core.errors import Refused

    with archive.opened(file) as opened:
        text = sum(part.file_size for part in opened.infolist())
        with_keys = bool(archive.read_manifest(opened).get("keys"))
    dated_backups.refuse_little_room(folder, 0 if database else text * LARGER, "演练恢复")
    with _scratch(folder, lock, database) as scratch:
        done = scratch.call(file, "rehearse")
        if database:
            scratch.call(file, "clear")
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError as wrong:
        sentence = f"演练的进程中断了（{done.returncode}）"
        raise Refused("rehearsal.ended", sentence, hint=done.stderr[-600:]) from wrong
    if "refused" in told:
        raise Refused("rehearsal.failed", told["refused"], hint=told["hint"])
    return told | {"keys": with_keys}


@contextmanager
def _scratch(folder: Path, lock: int, database: str) -> Iterator[_Scratch]:
    """Make a folder for this user's eyes alone; remove it whatever happens."""
    before = signal.signal(signal.SIGTERM, _end)  # a stopped service cleans up, too
    made = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))  # 0700: it holds the register
    try:
        yield _Scratch(made, _environment(made, database), lock)
    finally:
        shutil.rmtree(made)
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _environment(folder: Path, database: str) -> dict[str, str]:
    """Return the settings of the scratch installation: today's keys, nothing else of ours."""
    from django.conf import settings

    return os.environ | {
        "LINLI_DATA": str(folder),
        "DATABASE_URL": database,
        "LINLI_MODE": settings.MODE,
        "LINLI_DEMO": "0",
        # By the environment and not as a file beside the restored register.
        "LINLI_SECRET_KEY": settings.SECRET_KEY,
        "LINLI_FIELD_KEYS": ",".join(settings.LINLI_FIELD_KEYS),
        "LINLI_INDEX_KEY": settings.LINLI_INDEX_KEY,
        "TMPDIR": str(folder),
    }


def _inside(given: CliContext) -> int:
    from linli.core.errors import Refused
    from linli.faces.cli import rehearsal

    if given.options.inside == "clear":
        rehearsal.clear()
        return 0
    try:
        given.answer(**rehearsal.rehearse(given.options.file))
    except Refused as wrong:
        given.answer(refused=wrong.sentence, hint=wrong.hint)
    return 0


def _tell(given: CliContext, told: dict[str, Any]) -> None:
    if told["good"]:
        given.say(f"恢复演练通过：{told['file']}，用时 {told['seconds']} 秒")
        given.say(f"  {told['tables']} 张表、{told['rows']} 行，哈希与备份一致")
        given.say(f"  {told['people']} 人；日志链 {told['journal']} 条，完整")
        given.say(f"  加密的内容 {told['sealed']} 处，用现在的密钥都打得开")
    else:
        given.warn(f"恢复演练没有通过：{told['why']}")
    given.say("临时安装已清除。")
    if told.get("keys"):
        given.say("这份备份里有密钥：拿到文件的人就能读，请锁好。")
    else:
        given.say(
            "这是用这台机器上的密钥打开的。备份里没有密钥，机器没了就读不出来：\n"
            "请确认密钥另有一份，存放在别的地方（不和备份放在一起）。"
        )
    given.answer(**told)
