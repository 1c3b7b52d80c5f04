"""Settings from the environment: LINLI_…, one DATABASE_URL, generated keys for one machine."""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    # FULL: an acknowledged commit survives a power cut. IMMEDIATE: no refused upgrades of locks.
    # secure_delete: what was deleted is written over.
    # Without them, as tried: commits lost in power cuts, one scan in five refused, and deleted
    # words still in the file.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA secure_delete=ON;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}

# How long a connection outlives the request that opened it.
KEPT_SECONDS = 60

# Web processes: so many without being told, so many at most.
MOST_BY_ITSELF, MOST_WORKERS = 4, 32

# Who may use Open311: nobody; programs with a key; anybody to read; anybody to read and report.
OPEN311 = ("keys", "off", "read", "write")

# This machine and networks that no packet from the internet can come from.
INNER_NETWORKS = (
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
)

THIS_MACHINE = ("127.0.0.0/8", "::1/128")

# Every setting, for docs/settings.md: name, default, what it is.
SETTINGS = (
    ("DATABASE_URL", "SQLite 文件 <数据目录>/linli.sqlite3", "postgresql://用户:口令@主机/库名"),
    (
        "LINLI_MODE",
        "embedded；开过 linli serve --office 的是 office",
        "embedded 一台机器一条命令；office 给办公室自己的网络；production 对外服务；test 测试",
    ),
    ("LINLI_DATA", "./var", "数据目录：数据库、密钥、备份记录"),
    ("LINLI_SECRET_KEY", "首次运行生成（生产必填）", "签名会话，32 个字符以上"),
    ("LINLI_FIELD_KEYS", "首次运行生成（生产必填）", "加密个人信息；逗号分隔，用第一把加密"),
    ("LINLI_INDEX_KEY", "首次运行生成（生产必填）", "盲索引：相等的号码互相找得到"),
    (
        "LINLI_BACKUP_HOURS",
        "26",
        "上次备份超过几小时，linli check 就不通过；每天一次，多留两小时给备份本身",
    ),
    ("LINLI_DATABASE_ROLE", "linli_app", "PostgreSQL 上产品使用的角色，不拥有表，受行级安全约束"),
    ("LINLI_HOSTS", "localhost,127.0.0.1,[::1],testserver", "允许的主机名，逗号分隔"),
    ("LINLI_ORIGINS", "", "允许提交表单的来源（https://…），逗号分隔；第一个是通知里链接的网址"),
    ("LINLI_HTTPS", "生产 1，其余 0", "在 HTTPS 之后：安全 cookie、跳转、HSTS；office 总是"),
    (
        "LINLI_PROXIES",
        "HTTPS 之后 1，其余 0",
        "前面有几层自己的反向代理；多写的 X-Forwarded-For 不算",
    ),
    (
        "LINLI_PROXY_NETWORKS",
        "本机和内网",
        "反向代理从哪些网段连来，逗号分隔；别处连来的不信 X-Forwarded-For",
    ),
    ("LINLI_DEMO", "0", "1 为演示：登录页列出演示人员，每页有横幅；只对 linli demo 建的库有效"),
    (
        "LINLI_OPEN311",
        "keys",
        "Open311 接口：off 关闭；keys 只凭令牌；read 任何人可查；write 任何人可查可报",
    ),
    (
        "LINLI_INNER_HOSTS",
        "",
        "短信网关、邮件、事件推送可以发往的内网主机，写作 主机:端口，逗号分隔",
    ),
    ("LINLI_WEBHOOK_INNER_HOSTS", "", "LINLI_INNER_HOSTS 的旧名，仍可用"),
    (
        "LINLI_WORKERS",
        "处理器核数，最多 4",
        "linli serve 的网页进程数，1–32；每个约占 200 MB 内存，后台任务另有一个进程",
    ),
    ("LINLI_LANG", "zh-hans", "命令行的语言：zh-hans、zh-hant、en"),
    ("LINLI_LOG_LEVEL", "warning", "日志级别"),
    ("LINLI_LOG_FORMAT", "生产 json，其余 words", "日志给程序看还是给人看"),
    ("LINLI_LOG_FILE", "", "日志写到哪个文件（只有本用户可读）；不写就到标准错误，由 systemd 收走"),
    ("LINLI_LOG_MEGABYTES", "10", "日志文件到多少 MB 换新的；0 不换。linli serve 负责换"),
    ("LINLI_LOG_FILES", "5", "留几个换下来的日志文件"),
    (
        "LINLI_MONITOR_NETWORKS",
        "本机",
        "哪些网段可以看 /health/ 和 /metrics，逗号分隔；别处来的一律 404",
    ),
)


class BadSetting(RuntimeError):
    """A setting is missing or wrong; the message says which and what to do."""


def text(name: str, default: str = "") -> str:
    """Return LINLI_<name> or the default."""
    return os.environ.get(f"LINLI_{name}", default)


def word_list(name: str, default: str = "") -> list[str]:
    """Return a comma-separated setting as a list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, known: tuple[str, ...]) -> str:
    """Return a setting that is one of a few words; the first is the default."""
    value = text(name, known[0])
    if value not in known:
        raise BadSetting(f"LINLI_{name}: {', '.join(known)}")
    return value


def number(name: str, default: int, *, most: int) -> int:
    """Return a setting that is a whole number from 0."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) > most:
        raise BadSetting(f"LINLI_{name}: 0–{most}")
    return int(value)


def networks(name: str, default: tuple[str, ...]) -> list[str]:
    """Return a comma-separated setting of networks like 10.0.0.0/8."""
    listed = word_list(name) or list(default)
    try:
        return [str(ipaddress.ip_network(network, strict=False)) for network in listed]
    except ValueError as wrong:
        raise BadSetting(f"LINLI_{name}: 10.0.0.0/8,…") from wrong


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's database settings for DATABASE_URL; empty means the embedded SQLite."""
    if not url or url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:///") if url else str(data_dir / "linli.sqlite3")
        return {
            "ENGINE": "linli.core.sqlite",
            "NAME": name,
            "CONN_MAX_AGE": KEPT_SECONDS,
            "OPTIONS": SQLITE_OPTIONS,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadSetting("DATABASE_URL: use sqlite:///path or postgresql://user:password@host/name")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_SECONDS,
        # Whoever comes after a restart of the server finds no connection that has been cut.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def new_keys() -> dict[str, str]:
    """Return three keys that nobody has had before."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": secrets.token_urlsafe(32),
    }


def keys(mode: str, data_dir: Path) -> dict[str, str]:
    """Return the three keys: given in production, fixed in tests, made once otherwise.

    Made keys lie in ``<data>/keys.json``, readable by the owner alone; a backup without them
    cannot be read.
    """
    from_environment = {name: text(name) for name in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")}
    if mode == "test":
        fixed = base64.urlsafe_b64encode(b"linli-test-key-not-for-real-use!").decode()
        fixed_keys = {"SECRET_KEY": "test", "FIELD_KEYS": fixed, "INDEX_KEY": "test"}
        return {name: from_environment[name] or fixed_keys[name] for name in from_environment}
    if mode == "production":
        weak = [n for n, v in from_environment.items() if len(v) < 32 or "change" in v.lower()]
        if weak:
            names = ", ".join(f"LINLI_{name}" for name in weak)
            raise BadSetting(f"production needs its own {names} (32 characters or more)")
        return from_environment
    if all(from_environment.values()):
        return from_environment
    return {name: from_environment[name] or value for name, value in kept_keys(data_dir).items()}


def kept_keys(data_dir: Path) -> dict[str, str]:
    """Read the keys of this installation, making them the first time."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / "keys.json"
    if not file.exists():
        _make_keys(file)
    stored: dict[str, str] = json.loads(file.read_text())
    return stored


def _make_keys(file: Path) -> None:
    """Write new keys whole or not at all; of several processes that start at once one makes them.

    A file that a killed process left empty would end every later start.
    """
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(new_keys(), out)
            out.flush()
            os.fsync(out.fileno())
        # Unlike a new name for it, a link never takes the place of a file that is there.
        with suppress(FileExistsError):
            os.link(part, file)
    finally:
        part.unlink(missing_ok=True)


def web_workers() -> int:
    """Return how many processes answer pages: as many as this process may use cores, if few."""
    value = text("WORKERS")
    if not value:
        return min(len(os.sched_getaffinity(0)), MOST_BY_ITSELF)
    if not value.isdecimal() or not 1 <= int(value) <= MOST_WORKERS:
        raise BadSetting(f"LINLI_WORKERS: 1–{MOST_WORKERS}")
    return int(value)


def log_file() -> Path | None:
    """Return the file that logs go to; None where they go to standard error."""
    return Path(name) if (name := text("LOG_FILE")) else None


def log_bounds() -> tuple[int, int]:
    """Return at how many megabytes a log file is put aside, and how many of those are kept."""
    return number("LOG_MEGABYTES", 10, most=10_000), number("LOG_FILES", 5, most=1_000)
