"""民情日志：journal verify 核对整条链。"""

from __future__ import annotations

import argparse

from linli.faces.cli.given import Given

WHY = {"missing": "缺失", "out of order": "次序不对", "changed": "被改动"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the one thing it does."""
    parser.add_argument("what", choices=["verify"], help="核对")


def run(given: Given) -> int:
    """Walk the chain; every break is named, exit code 1 when there is one."""
    from linli.workbench.journal.chain import length_and_head, verify

    broken = list(verify())
    length, head = length_and_head()
    for one in broken:
        given.say(f"第 {one.seq} 条：{WHY.get(one.why, one.why)}")
    if broken:
        given.say(f"日志链有 {len(broken)} 处不符。")
    else:
        given.say(f"日志链完整：{length} 条，末条印记 {head[:16]}")
    given.answer(entries=length, head=head, broken=[vars(one) for one in broken])
    return 1 if broken else 0
