"""表格：看懂一张空白表要什么，哪些底册里已有。"""

from __future__ import annotations

import argparse
from pathlib import Path

from linli.capabilities.forms.reading.understand import understand
from linli.core.commands import Given


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and the file."""
    parser.add_argument("what", choices=["read"], help="read：看懂表格")
    parser.add_argument("file", type=Path, help=".docx 或 .xlsx")


def run(given: Given) -> int:
    """Say the shape, the subject and each heading's fact."""
    form = understand(given.options.file)
    given.say(f"形式：{form.shape}　对象：{form.subject or '无'}")
    for one in form.headings:
        given.say(f"  {one.text} → {'、'.join(one.fields) or '无'}")
    given.answer(
        title=form.title, shape=form.shape, subject=form.subject, unknown=list(form.unknown),
        headings=[
            {"text": one.text, "field": list(one.fields), "confidence": one.confidence,
             "runner_up": one.runner_up}
            for one in form.headings
        ],
    )  # fmt: skip
    return 0
