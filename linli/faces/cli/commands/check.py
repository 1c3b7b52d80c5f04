"""检查安装：设置、密钥、数据库、触发器、日志链、备份。"""

from __future__ import annotations

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True

SIGNS = {"good": "✓", "warn": "!", "bad": "✗"}


def run(given: CliContext) -> int:
    """Look at everything that must hold; exit code 1 when something does not."""
    from linli.faces.cli.health import look_at_everything

    findings = look_at_everything()
    for finding in findings:
        given.say(f"{SIGNS[finding.state]} {finding.what}：{finding.sentence}")
        if finding.hint:
            given.say(f"    {finding.hint}")
    given.answer(findings=[vars(finding) for finding in findings])
    return 1 if any(finding.state == "bad" for finding in findings) else 0
