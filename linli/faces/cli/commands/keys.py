"""给环境变量文件的三行密钥：新的，或（--of-data）这个安装正在用的。"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from linli.core.errors import Refused
from linli.core.runtime import environment

NAMES = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whose keys, and where they go."""
    parser.add_argument("--of-data", action="store_true", help="数据目录里 keys.json 的，不是新的")
    parser.add_argument("--to", type=Path, metavar="FILE", help="写进这个新文件，只有本用户可读")


def run_alone(options: argparse.Namespace) -> int:
    """Print or write the keys; needs no settings, which without keys would be refused."""
    keys = _of_data() if options.of_data else environment.new_keys()
    lines = {f"LINLI_{name}": keys[name] for name in NAMES}
    if options.to:
        _write_new(options.to, lines)
        if not options.json:
            print(f"已写入 {options.to}，只有本用户可读。另外保管一份：没有它，备份读不出来。")
            return 0
        lines = {"file": str(options.to)}
    if options.json:
        print(json.dumps(lines))
        return 0
    print("".join(_line(*pair) for pair in lines.items()), end="")
    if sys.stdout.isatty():
        print("# 另外保管一份：没有它，备份读不出来。", file=sys.stderr)
    return 0


def _line(name: str, value: str) -> str:
    return f"{name}={value}\n"


def _of_data() -> dict[str, str]:
    file = Path(environment.text("DATA", str(Path.cwd() / "var"))) / "keys.json"
    if not file.is_file():
        raise Refused(
            "keys.none_here",
            f"这里没有 {file}",
            hint="用 LINLI_DATA 指出数据目录；还没有安装过就不要写 --of-data",
        )
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in NAMES}
    except (ValueError, KeyError, TypeError) as wrong:
        sentence = f"{file} 读不出三把密钥，可能损坏了"
        raise Refused("keys.damaged", sentence, hint="用另外保管的那一份") from wrong


def _write_new(file: Path, lines: dict[str, str]) -> None:
    text = "".join(_line(*pair) for pair in lines.items())
    try:
        # Never over a file that is there: it may hold the only keys of somebody's data.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as wrong:
        raise Refused(
            "keys.file_exists", f"{file} 已经在了，没有改动", hint="换一个文件名"
        ) from wrong
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        file.unlink()
        raise
