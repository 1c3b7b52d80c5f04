"""启动网站（默认 http://127.0.0.1:8000）。"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

from linli.faces.cli.context import CliContext

# Of one process: while one waits for the disk or for its turn to write, another answers.
THREADS = 2
# A thread keeps its connection to the database; the longest that the server allows.
IDLE_SECONDS = 600
# So long may a process finish what it has begun.
WAIT_SECONDS = 20
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to listen and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1", help="监听地址")
    parser.add_argument("--port", type=int, default=8000, help="端口")
    parser.add_argument("--workers", type=int, default=0, help="网页进程数（默认 LINLI_WORKERS）")
    parser.add_argument("--no-work", action="store_true", help="不启动后台任务（另有 linli work）")


def run(given: CliContext) -> int:
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
    # The processes that answer must not inherit an open connection.
    connection.close()
    _serve(given, host, port)
    return 0


def _check_mark() -> None:
    """Refuse to open real data as a demonstration; say loudly when it is made-up data."""
    from django.conf import settings

    from linli.core.database.marks import bears_the_mark
    from linli.core.errors import Refused

    marked = bears_the_mark()
    if settings.DEMO and not marked:
        raise Refused(
            "serve.not_demonstration",
            "LINLI_DEMO=1，但这里的数据不是 linli demo 建的演示数据，不能打开",
            hint="去掉 LINLI_DEMO；要看演示，给一个空的 LINLI_DATA，再运行 linli demo",
        )
    if marked and settings.MODE == "production":
        warning = "注意：这是演示数据，不能用来办真事。请另建安装（linli init）"
        print(warning, file=sys.stderr)


def _serve(given: CliContext, host: str, port: int) -> None:
    """Answer until stopped, with the worker beside."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from linli.core.runtime import logs
    from linli.core.runtime.environment import web_workers

    workers = given.options.workers or web_workers()
    given.say(f"邻里：http://{host}:{port}/ （Ctrl+C 停止）")
    worker = None if given.options.no_work else _worker()
    try:
        Granian(
            "linli.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            # One that is killed is replaced; the others answer meanwhile.
            respawn_failed_workers=True,
            blocking_threads=THREADS,
            blocking_threads_idle_timeout=IDLE_SECONDS,
            workers_kill_timeout=WAIT_SECONDS,
            log_access=False,
            log_level=LogLevels.warning,
            log_dictconfig=logs.FOR_GRANIAN,
        ).serve(target_loader=_application, wrap_loader=False)
    finally:
        if worker is not None:
            worker.terminate()
            with suppress(subprocess.TimeoutExpired):
                worker.wait(WAIT_SECONDS)


def _application() -> Any:
    """Load the product in a web process of its own, which ends with the one that started it.

    Ctrl+C at a terminal goes to a whole group of processes. The server would end its web processes
    a second time, and one that is told twice waits for ever: so each is a group of its own.
    """
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGTERM)
    from linli.wsgi import application

    # What is loaded stays: looking for garbage among it again and again slows every page.
    gc.collect()
    gc.freeze()
    return application


def _worker() -> subprocess.Popen[bytes]:
    """Start what happens by itself beside the pages; it ends with them."""
    code = "from linli.faces.cli.main import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, "work", "--with-parent"]
    return subprocess.Popen(command)  # noqa: S603 - our own interpreter and our own code
