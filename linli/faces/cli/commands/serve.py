"""启动网站（默认 http://127.0.0.1:8000）。"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from linli.faces.cli.given import Given


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to listen and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1", help="监听地址")
    parser.add_argument("--port", type=int, default=8000, help="端口")
    parser.add_argument("--workers", type=int, default=0, help="进程数（默认：嵌入式 1，生产 2）")
    parser.add_argument("--no-work", action="store_true", help="不启动后台任务（另有 linli work）")


def run(given: Given) -> int:
    """Serve pages, files and the API from one command until stopped."""
    from django.conf import settings
    from django.db import connection

    from linli.core.errors import Refused
    from linli.faces.cli.health import unapplied_migrations

    if waiting := unapplied_migrations():
        raise Refused(
            "serve.not_migrated",
            f"数据库还没有升级（{len(waiting)} 步）",
            hint="先运行 linli migrate",
        )
    _check_mark()
    host, port = given.options.host, given.options.port
    if host not in ("127.0.0.1", "::1", "localhost") and settings.MODE != "production":
        raise Refused(
            "serve.not_production",
            "对外服务要用生产模式",
            hint="设置 LINLI_MODE=production 和自己的密钥，见 docs/settings.md",
        )
    connection.close()
    _serve(given, host, port)
    return 0


def _check_mark() -> None:
    """Refuse to open real data as a demonstration; say loudly when it is made-up data."""
    from django.conf import settings

    from linli.core.errors import Refused
    from linli.core.marks import bears_the_mark

    marked = bears_the_mark()
    if settings.DEMO and not marked:
        raise Refused(
            "serve.not_demonstration",
            "LINLI_DEMO=1，但这里的数据不是 linli demo 建的演示数据，不能打开",
            hint="去掉 LINLI_DEMO；要看演示，给一个空的 LINLI_DATA，再运行 linli demo",
        )
    if marked and settings.MODE == "production":
        words = "注意：这是演示数据，不能用来办真事。请另建安装（linli init）"
        print(words, file=sys.stderr)


def _serve(given: Given, host: str, port: int) -> None:
    """Answer until stopped, with the worker beside."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    workers = given.options.workers or (2 if settings.MODE == "production" else 1)
    given.say(f"邻里：http://{host}:{port}/ （Ctrl+C 停止）")
    worker = None if given.options.no_work else _worker()
    try:
        Granian(
            "linli.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=max(2, os.cpu_count() or 2),
            log_access=False,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        if worker is not None:
            worker.terminate()


def _worker() -> subprocess.Popen[bytes]:
    """Start what happens by itself beside the pages; it ends with them."""
    code = "from linli.faces.cli.main import main; raise SystemExit(main())"
    words = [sys.executable, "-c", code, "work", "--with-parent"]
    return subprocess.Popen(words)  # noqa: S603 - our own interpreter and our own code
