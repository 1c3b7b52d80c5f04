"""比对部门名单：认准、待判断、底册没有的各几人（--dry-run 只看，不写入）。"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from linli.capabilities.record_linkage.outcomes import ComparedRow, compared
from linli.capabilities.record_linkage.terms import Bucket
from linli.capabilities.record_linkage.uploaded_table import ReadList, read_list
from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext
from linli.core.personal_data.masking import mask_name

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the list."""
    parser.add_argument("file", type=Path, help="部门的名单：.xlsx、.xls或.csv")
    parser.add_argument("--dry-run", action="store_true", help="只比对，底册不变")


def run(given: CommandContext) -> int:
    """Match the list as somebody would see it; writing is done on the page, choice by choice."""
    given.someone()
    if not given.options.dry_run:
        raise Refused(
            "record_linkage.on_the_page",
            "命令行只比对，不写入",
            "dry-run",
            "请加 --dry-run；要写入，请在页面“名单合并”里逐项选定",
        )
    file: Path = given.options.file
    read = read_list(file.read_bytes(), file.name)
    result = compared(read.table.rows, read.columns())
    for bucket, count in result.counts.items():
        given.say(f"{Bucket(bucket).label}：{count}")
    for row in [row for row in result.rows if row.bucket != Bucket.SURE][:SHOWN]:
        given.say(
            f"  第{row.row.number}行 {mask_name(row.row.name)} {Bucket(row.bucket).label}"
            f"{'：' + row.why if row.why else ''}"
        )
    given.answer(
        file=file.name,
        counts=result.counts,
        columns=_columns(read),
        rows=[_told(row) for row in result.rows],
    )
    return 0


def _columns(read: ReadList) -> list[dict[str, str]]:
    return [{"heading": guess.heading.text, "field": guess.target} for guess in read.guesses]


def _told(row: ComparedRow) -> dict[str, Any]:
    """Say a row without the name: the caller has the list, the register keeps its own."""
    return {
        "row": row.row.number,
        "bucket": row.bucket,
        "why": row.why,
        "doubts": row.row.doubts,
        "same_as": row.match.same_as,
        "candidates": [
            {"person": rival.key, "bits": rival.bits, "facts": dict(rival.levels)}
            for rival in row.match.rivals
        ],
    }
