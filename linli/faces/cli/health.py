"""Is this installation sound? What `linli check` looks at, one function per question.

The quick ones are also asked by /health/ and /metrics (``linli/faces/monitoring``), which tell
their state and their ``facts`` and none of their words.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from linli import __version__
from linli.core.database import marks, raw_sql, row_security, triggers
from linli.core.database.size import database_bytes
from linli.core.errors import Refused
from linli.core.office import certificates
from linli.core.personal_data import key_fingerprints, sealed_values
from linli.faces.cli import backup_check, rehearsal_check
from linli.workbench.jobs import queries as jobs_queries
from linli.workbench.jobs import rules as jobs_rules
from linli.workbench.jobs.rules import WorkerState
from linli.workbench.journal import hash_chain
from linli.workbench.notices.queries.unsent import waiting_messages

# Below the first it is time to act, below the second writing may end any moment.
LITTLE_SPACE, LITTLE_SHARE, NO_SPACE = 1 << 30, 0.05, 100 << 20
# 2 is FULL: with NORMAL 294 of 300 simulated power cuts lost an acknowledged commit.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


NEVER = ("还没有备份过", "在做备份的那台机器上运行：linli backup 文件名")


@dataclass(frozen=True)
class Finding:
    """One answer: good, warn or bad, in a sentence, with what to do."""

    what: str
    state: str
    sentence: str
    hint: str = ""
    facts: Mapping[str, float | None] = field(default_factory=dict)


def look_at_everything(*, only_stored: bool = False) -> list[Finding]:
    """Ask every question; without a database the ones about it are left out.

    With ``only_stored`` what is asked is whether the data and its guards are sound, as between an
    upgrade and the start: not how it runs, which no upgrade could have broken yet.
    """
    findings = [installation(), keys(), space()]
    if settings.LINLI_OFFICE is not None:
        findings.append(Finding("办公室的证书", *certificates.outlook(settings.LINLI_OFFICE)))
    try:
        connection.ensure_connection()
    except DatabaseError as wrong:
        findings.append(Finding("数据库", "bad", str(wrong).strip(), "见 docs/settings.md"))
        return [*findings, last_backup({})]
    if refusal := row_security.what_is_open(connection):
        findings.append(Finding("行级安全", "bad", refusal.sentence, refusal.hint))
    # The product would be refused there; whoever looks at the installation is answered.
    with row_security.as_owner() if refusal else nullcontext():
        return [*findings, database(), *_about_the_tables(only_stored=only_stored)]


def _about_the_tables(*, only_stored: bool) -> list[Finding]:
    # All further questions read tables that may not be there yet.
    if waiting := unapplied_migrations():
        sentence = f"还有 {len(waiting)} 步没有升级"
        return [Finding("表", "bad", sentence, "先运行 linli migrate"), last_backup({})]
    stored: list[Callable[[], Finding]] = [
        demonstration,
        durability,
        key_marks,
        keys_fit,
        database_guards,
        placement,
        journal,
    ]
    running: list[Callable[[], Finding]] = [
        backups,
        lambda: Finding("恢复演练", *rehearsal_check.look_at_the_last()),
        worker,
        failing_jobs,
        messages,
        disk_outlook,
    ]
    ask = stored if only_stored else [*stored, *running]
    return [Finding("表", "good", "是这个版本的"), *(question() for question in ask)]


def installation() -> Finding:
    """In which mode, and where does the data lie?"""
    modes = {
        "embedded": "嵌入式（一台机器）",
        "office": "办公室（自己的网络）",
        "production": "生产",
        "test": "测试",
    }
    return Finding(
        "安装", "good", f"邻里 {__version__}，{modes[settings.MODE]}，数据目录 {settings.DATA_DIR}"
    )


def demonstration() -> Finding:
    """Is made-up data taken for real, or real data opened as a demonstration?"""
    marked = marks.bears_the_mark()
    if settings.DEMO and not marked:
        sentence = "LINLI_DEMO=1，但数据没有演示的标记：一点即登录等都没有打开，也不能 linli serve"
        return Finding("演示", "bad", sentence, "去掉 LINLI_DEMO")
    if marked and settings.MODE == "production":
        sentence = "生产模式打开的是演示数据，不能用来办真事"
        return Finding("演示", "warn" if settings.DEMO else "bad", sentence, "另建安装：linli init")
    return Finding("演示", "good", "是演示数据" if marked else "不是演示")


def keys() -> Finding:
    """Are the keys there, and does nobody else read them?"""
    file = settings.DATA_DIR / "keys.json"
    if not file.exists():
        return Finding("密钥", "good", "由环境变量给出")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("密钥", "bad", "别的用户也能读密钥文件", f"chmod 600 {file}")
    return Finding("密钥", "good", f"在 {file}，只有本用户可读", "备份里没有密钥：另外保管一份")


def space() -> Finding:
    """Is there room on the disk, and soon still?"""
    folder = settings.DATA_DIR if settings.DATA_DIR.exists() else Path("/")
    disk = shutil.disk_usage(folder)
    sentence = f"还有 {disk.free / 1e9:.1f} GB（{disk.free * 100 // max(disk.total, 1)}%）"
    facts = {"free_bytes": float(disk.free), "total_bytes": float(disk.total)}
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_RDONLY:
        return Finding("磁盘", "bad", f"{folder} 现在只能读", "写不进去：检查磁盘和挂载", facts)
    if disk.free < NO_SPACE:
        return Finding("磁盘", "bad", sentence, "快要写不进去了：先清出地方，再做别的", facts)
    if disk.free < LITTLE_SPACE or disk.free < disk.total * LITTLE_SHARE:
        hint = "少于 1 GB 或 5%：请清理旧备份或扩容"
        return Finding("磁盘", "warn", sentence, hint, facts)
    return Finding("磁盘", "good", sentence, facts=facts)


def disk_outlook() -> Finding:
    """Is there room for two more backups, and for what the data will grow?"""
    free = shutil.disk_usage(settings.DATA_DIR).free
    size = database_bytes()
    outlook = jobs_rules.disk_outlook(
        free=free, database=size, backup=_size_of_a_backup(size), sizes=jobs_queries.sizes()
    )
    facts = {"database_bytes": float(size), "days_left": outlook.days}
    days = "" if outlook.days is None else f"，照现在的增长还够 {outlook.days} 天"
    sentence = f"数据库 {size / 1e6:.0f} MB，空余 {free / 1e6:.0f} MB{days}"
    if outlook.is_short:
        hint = "放不下两份备份和以后的增长：清理旧备份，或扩容"
        return Finding("地方够多久", "bad", sentence, hint, facts)
    return Finding("地方够多久", "good", sentence, facts=facts)


def _size_of_a_backup(database: int) -> int:
    """Return how large the last backup is; without one, as large as the database."""
    file = backup_check.last_file()
    try:
        return file.stat().st_size if file else database
    except OSError:  # gone or on another disk: linli check says so elsewhere
        return database


def backups() -> Finding:
    """Is the last backup there, whole, of this installation, and young enough?"""
    if not backup_check.has_note():
        age = datetime.now(UTC) - marks.installed_at()
        is_due = age > backup_check.oldest() and not marks.bears_the_mark()
        return Finding("备份", "bad" if is_due else "warn", *NEVER)
    return last_backup(marks.values())


def last_backup(ours: dict[str, str]) -> Finding:
    """Look at the last backup, also where the database cannot be asked who it is."""
    if not backup_check.has_note():
        return Finding("备份", "warn", *NEVER)
    try:
        return Finding("备份", "good", backup_check.look_at_the_last(ours))
    except Refused as wrong:
        return Finding("备份", "bad", wrong.sentence, wrong.hint)


def backup_age() -> Finding:
    """How old is the last backup by its note? Quick: the file itself is read by `linli check`."""
    age = backup_check.age()
    if age is None:
        is_due = datetime.now(UTC) - marks.installed_at() > backup_check.oldest()
        state = "bad" if is_due and not marks.bears_the_mark() else "warn"
        return Finding("备份", state, *NEVER, {"age_seconds": None})
    is_old = age > backup_check.oldest()
    sentence = f"上次在 {age.days} 天 {age.seconds // 3600} 小时前"
    facts = {"age_seconds": age.total_seconds()}
    return Finding("备份", "bad" if is_old else "good", sentence, facts=facts)


def worker() -> Finding:
    """Is somebody there who does what happens by itself, and does it go on?"""
    seen = jobs_queries.seen_workers()
    alive = [one for one in seen if one.state != WorkerState.SILENT]
    facts = {
        "workers": float(len(alive)),
        "hanging": float(sum(one.state == WorkerState.HANGING for one in alive)),
        "silent_seconds": float(seen[0].silent_seconds) if seen else None,
    }
    hint = "通知不会发出，到期的不会提醒：启动 linli serve 或 linli work"
    if not seen:  # never begun, or stopped as it should be: for an upgrade for example
        return Finding("后台任务", "warn", "没有启动", hint, facts)
    if not alive:
        last = seen[0]
        sentence = f"没有动静了，最近一次在 {last.silent_seconds} 秒前（{last.host}）"
        return Finding("后台任务", "bad", sentence, hint, facts)
    if stuck := [one for one in alive if one.state == WorkerState.HANGING]:
        one = stuck[0]
        sentence = f"{one.host} 上的卡住了：{one.job or '两轮之间'}，从 {_clock(one.since)} 起"
        return Finding("后台任务", "bad", sentence, "结束那个进程，它会自动再启动", facts)
    silent = [one for one in seen if one.state == WorkerState.SILENT]
    if silent:
        sentence = f"{len(alive)} 个在运行，{silent[0].host} 上的一个没有动静了"
        return Finding("后台任务", "warn", sentence, "看看那台机器；一天后不再提", facts)
    doing = next((f"，正在做 {one.job}（{_clock(one.since)} 起）" for one in alive if one.job), "")
    return Finding("后台任务", "good", f"{len(alive)} 个在运行{doing}", facts=facts)


def worker_beside() -> Finding:
    """Is somebody at work while pages are served? Where nobody is, nothing happens by itself."""
    found = worker()
    return found if found.facts["workers"] else replace(found, state="bad")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%m-%d %H:%M}"


def failing_jobs() -> Finding:
    """Does a job fail again and again?"""
    failed = jobs_queries.failed_jobs()
    lasting = [job for job in failed if job.keeps_failing]
    facts = {"failed": float(len(failed)), "keep_failing": float(len(lasting))}
    if not failed:
        return Finding("每项任务", "good", "上一次都做完了", facts=facts)
    listed = "；".join(f"{job.key}（{job.error}）" for job in (lasting or failed)[:3])
    if lasting:
        sentence = f"{len(lasting)} 项一直做不成：{listed}"
        return Finding("每项任务", "bad", sentence, "看日志里的 job failed", facts)
    return Finding("每项任务", "warn", f"{len(failed)} 项上一次没做成，会再试：{listed}", "", facts)


def messages() -> Finding:
    """Did messages not go out in time, or does nobody know whether they did?"""
    waiting = waiting_messages()
    facts = {"overdue": float(waiting.overdue), "unknown": float(waiting.unknown)}
    unknown = f"，{waiting.unknown} 条不确定发没发出" if waiting.unknown else ""
    if waiting.overdue:
        sentence = f"{waiting.overdue} 条一小时还没发出{unknown}"
        hint = "看 我的 › 通知通道 里哪个不通；后台任务要在运行"
        return Finding("通知", "bad", sentence, hint, facts)
    if waiting.unknown:
        hint = "请发的人在通知里逐条决定：再发，还是算已发出"
        return Finding("通知", "warn", unknown.removeprefix("，"), hint, facts)
    return Finding("通知", "good", "该发的都发了", facts=facts)


def key_marks() -> Finding:
    """Are the keys those that this database was written with?"""
    if wrong := key_fingerprints.wrong_keys():
        refused = key_fingerprints.refusal(wrong)
        return Finding("密钥的指纹", "bad", refused.sentence, refused.hint)
    return Finding("密钥的指纹", "good", "与数据库里记下的一致")


def database() -> Finding:
    """Which database answers?"""
    if connection.vendor == "sqlite":
        version = raw_sql.run("SELECT sqlite_version()", reason="check")[0][0]
        return Finding("数据库", "good", f"SQLite {version}")
    version = raw_sql.run("SHOW server_version", reason="check")[0][0]
    return Finding("数据库", "good", f"PostgreSQL {version}")


def unapplied_migrations() -> list[str]:
    """Return the migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def durability() -> Finding:
    """Does an acknowledged commit survive a power cut, and is the file sound?"""
    if connection.vendor == "postgresql":
        names = ("fsync", "synchronous_commit", "full_page_writes")
        off = [n for n in names if raw_sql.run(f"SHOW {n}", reason="check")[0][0] == "off"]
        state = "bad" if off else "good"
        return Finding("落盘", state, f"关闭了 {', '.join(off)}" if off else "提交即落盘")
    wrong = [
        name
        for name, value in PRAGMAS.items()
        if raw_sql.run(f"PRAGMA {name}", reason="check")[0][0] != value
    ]
    if wrong:
        return Finding("落盘", "bad", f"PRAGMA {', '.join(wrong)} 不对")
    sound = raw_sql.run("PRAGMA quick_check", reason="check")[0][0] == "ok"
    sentence = "提交即落盘，文件完好" if sound else "数据库文件损坏"
    return Finding("落盘", "good" if sound else "bad", sentence)


def keys_fit() -> Finding:
    """Do the keys of this installation open every sealed value that lies in the database?"""
    looked = sealed_values.look_at_all()
    if not looked.unreadable:
        return Finding("密钥与数据", "good", f"加密的内容 {looked.seen} 处，都打得开")
    places = "；".join(
        f"{column.label} {column.count} 处（{'、'.join(f'#{key}' for key in column.keys)}"
        f"{'…' if column.count > len(column.keys) else ''}）"
        for column in looked.unreadable
    )
    count = sum(column.count for column in looked.unreadable)
    sentence = f"{looked.seen} 处加密的内容里有 {count} 处打不开：{places}"
    return Finding("密钥与数据", "bad", sentence, "少了密钥就补进 LINLI_FIELD_KEYS；否则从备份恢复")


def database_guards() -> Finding:
    """Are the triggers there, and on PostgreSQL the row-level security?"""
    missing = sorted(
        set(triggers.expected_triggers(connection)) - set(triggers.present(connection))
    )
    if missing:
        return Finding("触发器", "bad", f"少了 {len(missing)} 个", "linli migrate 会重建")
    if open_tables := row_security.unprotected_tables(connection):
        sentence = f"行级安全没有约束 {len(open_tables)} 张表"
        return Finding("行级安全", "bad", sentence, "用不拥有表的角色连接，见 docs/settings.md")
    if hashes := row_security.readable_hashes(connection):
        sentence = f"产品的角色读得到密码散列：{'、'.join(hashes)}"
        return Finding("行级安全", "bad", sentence, "linli migrate 会收回")
    more = "，行级安全已生效" if connection.vendor == "postgresql" else ""
    return Finding("触发器", "good", f"{len(triggers.expected_triggers(connection))} 个都在{more}")


def placement() -> Finding:
    """Does every row lie where the row it points at lies?"""
    if lost := triggers.misplaced(connection):
        return Finding("归属", "bad", "、".join(f"{k} {n} 行" for k, n in lost.items()))
    return Finding("归属", "good", "每一行都在它的地方")


def journal() -> Finding:
    """Does the chain of the journal hold?"""
    broken = list(hash_chain.verify())
    if broken:
        return Finding("日志链", "bad", f"{len(broken)} 处不符，首处第 {broken[0].seq} 条")
    return Finding("日志链", "good", f"完整，{hash_chain.length_and_head()[0]} 条")
