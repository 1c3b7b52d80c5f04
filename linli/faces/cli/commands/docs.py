"""写出由代码生成的文档：规则、权限、词汇、设置、数据字典。"""

from __future__ import annotations

import argparse
from pathlib import Path

from linli.faces.cli.checkout import refuse_without_checkout
from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to write, and whether only to compare."""
    parser.add_argument("--to", type=Path, help="写到哪个文件夹（默认源代码的 docs）")
    parser.add_argument("--check", action="store_true", help="只核对是否最新")


def run(given: CliContext) -> int:
    """Write the pages, or say which are out of date (exit code 1)."""
    from linli.faces.cli.documents import all_pages

    if given.options.to is None:
        refuse_without_checkout("docs")
    folder: Path = given.options.to or Path("docs")
    stale = []
    for name, text in all_pages().items():
        file = folder / name
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not given.options.check:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    done = "需要更新" if given.options.check else "已写"
    given.say(f"{done}：{'、'.join(stale)}" if stale else "都是最新的")
    given.answer(stale=stale)
    return 1 if stale and given.options.check else 0
