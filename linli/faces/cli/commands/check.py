"""检查安装：设置、密钥、数据库、触发器、日志链、备份。"""

from __future__ import annotations

import argparse

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True

SIGNS = {"good": "✓", "warn": "!", "bad": "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether only what is stored is looked at."""
    words = "只看数据和表是否完好，不看备份、后台任务、通知（升级后、启动前）"
    parser.add_argument("--stored", action="store_true", help=words)


def run(given: CliContext) -> int:
    """Look at everything that must hold; exit code 1 when something does not."""
    from linli.faces.cli.health import look_at_everything

    findings = look_at_everything(only_stored=given.options.stored)
    for finding in findings:
        given.say(f"{SIGNS[finding.state]} {finding.what}：{finding.sentence}")
        if finding.hint:
            given.say(f"    {finding.hint}")
    given.answer(findings=[vars(finding) for finding in findings])
    return 1 if any(finding.state == "bad" for finding in findings) else 0
