"""到期删除：retention plan 看谁到期、为什么等；run 现在做一遍；certificates 列出删除证明。"""

from __future__ import annotations

import argparse

from linli.core.interface.commands import CommandContext
from linli.core.scope import scope_or_none, system_scope
from linli.workbench.retention import jobs, queries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and whose deletion to prove."""
    parser.add_argument("what", choices=["plan", "run", "certificates"], help="做什么")
    parser.add_argument(
        "--person", type=int, metavar="KEY", help="certificates：这个编号的人删除了没有"
    )


def run(given: CommandContext) -> int:
    """Plan and certificates under the scope of ``--as``; a run is the installation's."""
    if given.options.what == "run":
        return _run(given)
    show = _plan if given.options.what == "plan" else _certificates
    if scope_or_none() is None:
        with system_scope("whose time is over, asked at the machine itself"):
            return show(given)
    return show(given)


def _plan(given: CommandContext) -> int:
    lines = queries.plan()
    for line in lines:
        why = "；".join(line.why) or ("可以删除" if line.is_ready else "等公布期满或到期")
        given.say(f"{line.name}  {line.place}  保存到{line.due.kept_until}  {line.rows}行  {why}")
        given.answer(
            due=line.due.pk,
            name=line.name,
            kept_until=str(line.due.kept_until),
            shown_on=str(line.due.shown_on),
            rows=line.tables,
            why=line.why,
            ready=line.is_ready,
        )
    if without := queries.left_without_a_day().count():
        given.warn(f"{without}人已迁出或去世，但没有写日期，不会到期")
    given.say(f"名单上{len(lines)}人，{sum(line.is_ready for line in lines)}人可以删除")
    return 0


def _run(given: CommandContext) -> int:
    """Do what the job does each day; exit code 1 when something is left to do."""
    ran = jobs.run_now()
    given.say(f"新列入{ran.listed}人，删除{ran.deleted}人，没删成{ran.failed}人")
    for certificate in ran.certificates:
        given.say(
            f"删除证明第{certificate.pk}号：{certificate.people}人，摘要{certificate.digest[:16]}"
        )
    if not ran.clean:
        given.warn("还有程序在读旧的数据，文件没有清理干净：下次接着做")
    given.answer(
        listed=ran.listed,
        deleted=ran.deleted,
        failed=ran.failed,
        clean=ran.clean,
        certificates=[certificate.pk for certificate in ran.certificates],
    )
    return 0 if ran.clean and not ran.failed else 1


def _certificates(given: CommandContext) -> int:
    if given.options.person is not None:
        return _proof(given)
    for certificate in queries.certificates():
        ended = f"{certificate.ended_at:%Y-%m-%d %H:%M}"
        given.say(f"第{certificate.pk}号  {ended}  {certificate.people}人  {certificate.digest}")
        given.answer(
            certificate=certificate.pk,
            ended_at=str(certificate.ended_at),
            people=certificate.people,
            rows=certificate.rows,
            digest=certificate.digest,
            keys=queries.hashes_of(certificate),
        )
    return 0


def _proof(given: CommandContext) -> int:
    """Say whether the data of a key was deleted; exit code 1 when it was not."""
    proof = queries.proof_of(given.options.person)
    if proof is None:
        given.say("没有删除过这个编号的人")
        given.answer(deleted=False)
        return 1
    number = f"，证明第{proof.certificate_id}号" if proof.certificate_id else ""
    given.say(f"{proof.at:%Y-%m-%d %H:%M}已删除{number}：{proof.hash}")
    given.answer(
        deleted=True,
        at=str(proof.at),
        certificate=proof.certificate_id,
        hash=proof.hash,
        salt=proof.salt,
    )
    return 0
