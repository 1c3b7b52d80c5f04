"""民情日志：journal verify 核对整条链。"""

from __future__ import annotations

import argparse

from linli.core.errors import Refused
from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True

WHY = {
    "missing": "缺失",
    "out of order": "次序不对",
    "changed": "被改动",
    "redacted by nobody": "内容没了，却没有清空它的记录",
    "changed before it was sealed anew": "升级重新封存之前就已不符",
    "photo missing": "照片不见了",
    "photo changed": "照片被换过",
}
SHORTEST_HEAD = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the one thing it does, and what was written down the last time."""
    parser.add_argument("what", choices=["verify"], help="核对")
    parser.add_argument("--length", type=int, metavar="N", help="上次抄下的条数")
    parser.add_argument("--head", metavar="HASH", help="上次抄下的末条印记")


def run(given: CliContext) -> int:
    """Walk the chain; every break is named, exit code 1 when there is one."""
    from linli.workbench.journal.hash_chain import (
        acts,
        is_cut,
        is_older_than_seals,
        length_and_head,
        verify,
    )
    from linli.workbench.journal.queries import words_of_kind

    then, noted = given.options.length, (given.options.head or "").strip().lower()
    if (then is None) != (not noted) or (then is not None and then < 1):
        raise Refused("journal.both", "--length 和 --head 要一起给，条数从1起")
    if noted and len(noted) < SHORTEST_HEAD:
        raise Refused("journal.head", f"--head 至少{SHORTEST_HEAD}位，请照抄上次打印的印记")
    broken = list(verify())
    cut = bool(then and is_cut(then, noted))
    length, head = length_and_head()
    for breach in broken:
        given.say(f"第 {breach.seq} 条：{WHY.get(breach.why, breach.why)}")
    if cut and is_older_than_seals(then):
        given.say(f"第 {then} 条是升级重新封存之前抄的，无法核对；请改用最近抄下的一行")
    elif cut:
        given.say(f"和上次抄下的不符：第 {then} 条的印记应是 {noted[:16]}，末尾可能被截掉后重写")
    if broken:
        given.say(f"日志链有 {len(broken)} 处不符。")
    elif not cut:
        given.say(f"日志链完整：{length} 条，末条印记 {head[:16]}")
    emptied = acts()
    for seq, (kind, at, number) in emptied.items():
        given.say(f"其中{number}条的内容已清空：第 {seq} 条，{words_of_kind(kind)}，{at:%Y-%m-%d}")
    if not broken and not cut and length:
        given.say("请把下面一行抄在别处，下次核对时用，才看得出末尾有没有被截掉：")
        given.say(f"linli journal verify --length {length} --head {head}")
    given.answer(
        entries=length,
        head=head,
        broken=[vars(breach) for breach in broken],
        cut=cut,
        emptied=[
            {"by": seq, "kind": kind, "at": at.isoformat(), "entries": number}
            for seq, (kind, at, number) in emptied.items()
        ],
    )
    return 1 if broken or cut else 0
