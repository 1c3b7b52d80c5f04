"""启动网站（默认 http://127.0.0.1:8000；--office 给办公室的电脑和手机用）。"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import socket
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from linli.faces.cli.context import CliContext

if TYPE_CHECKING:
    from linli.core.runtime.supervision import Part

PORT = 8000
# Of one process: while one waits for the disk or for its turn to write, another answers.
THREADS = 2
# A thread keeps its connection to the database; the longest that the server allows.
IDLE_SECONDS = 600
# So long may a process finish what it has begun.
WAIT_SECONDS = 20
# So long may a server that was killed take to let go of the port.
PORT_SECONDS = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to listen and with how many processes."""
    parser.add_argument("--host", help="监听地址（默认 127.0.0.1）")
    parser.add_argument("--port", type=int, help="端口（默认 8000；办公室 8443）")
    parser.add_argument("--workers", type=int, default=0, help="网页进程数（默认 LINLI_WORKERS）")
    parser.add_argument("--no-work", action="store_true", help="不启动后台任务（另有 linli work）")
    office = parser.add_argument_group("办公室自己的网络（写过一次就记住）")
    office.add_argument("--office", action="store_true", help="用 HTTPS 给办公室的电脑和手机用")
    office.add_argument("--name", help="大家打开的名字，例如 linli.local；没有就用数字地址")
    office.add_argument("--certificate", metavar="FILE", help="自己申请的证书（PEM）")
    office.add_argument("--key", metavar="FILE", help="它的密钥（PEM，不带口令）")
    office.add_argument("--steps-port", type=int, help="教手机装证书的页面的端口（默认 8080）")


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
    if given.options.office or settings.LINLI_OFFICE is not None:
        return _serve_office(given)
    _check_mark()
    host, port = given.options.host or "127.0.0.1", given.options.port or PORT
    if host not in ("127.0.0.1", "::1", "localhost") and settings.MODE != "production":
        raise Refused(
            "serve.not_production",
            "对外服务要用生产模式",
            hint="办公室自己的网络：linli serve --office。别的：LINLI_MODE=production 和自己的"
            "密钥，见 docs/settings.md",
        )
    # The processes that answer must not inherit an open connection.
    connection.close()
    _begin(host, port)
    given.say(f"邻里：http://{host}:{port}/ （Ctrl+C 停止）")
    _serve(given, host, port)
    return 0


def _serve_office(given: CliContext) -> int:
    """Serve an office's own network over HTTPS, with the page where phones learn to trust it."""
    from django.db import connection

    from linli.faces.cli import office_server

    office, tls = office_server.prepare(given, _wait_for_the_port)
    connection.close()
    beside = office_server.parts(office)
    host = office.host or office_server.EVERY_ADDRESS
    if beside:
        _wait_for_the_port(host, office.steps_port)
    _begin(host, office.port)
    office_server.say(given, office)
    _serve(given, host, office.port, beside, **tls)
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


def _begin(host: str, port: int) -> None:
    """Have everything ready but the processes themselves."""
    from linli.core.runtime import metric_files

    _wait_for_the_port(host, port)
    metric_files.begin_anew()
    _load()


def _serve(
    given: CliContext, host: str, port: int, beside: Sequence[Part] = (), **more: Any
) -> None:
    """Answer until stopped, with the worker beside; what dies is started again."""
    from linli.core.runtime import log_file
    from linli.core.runtime.environment import web_workers
    from linli.core.runtime.supervision import Part, Supervisor

    workers = given.options.workers or web_workers()
    sys.stdout.flush()
    parts = [Part("web", partial(_answer, server_arguments(host, port, workers, **more))), *beside]
    if not given.options.no_work:
        parts.append(Part("worker", _work))
    # Longer than the web server waits for its own processes.
    Supervisor(parts, tick=log_file.rotate, patience=WAIT_SECONDS + 2).run()


def _wait_for_the_port(host: str, port: int) -> None:
    """Refuse a port that another program listens on; one that was killed leaves it in a moment."""
    from linli.core.errors import Refused

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
            except OSError as wrong:
                if wrong.errno != errno.EADDRINUSE:
                    raise Refused(
                        "serve.cannot_listen",
                        f"不能监听 {host}:{port}：{wrong.strerror}",
                        hint="换一个 --host 或 --port；1024 以下的端口要另外授权",
                    ) from wrong
            else:
                return
        if time.monotonic() > until:
            raise Refused(
                "serve.port_taken",
                f"端口 {port} 已被别的程序占用",
                hint=f"先停下它（ss -ltnp | grep {port} 可以看到是谁），或换一个 --port",
            )
        time.sleep(0.1)


def _load() -> None:
    """Load the product before dividing: every web process has it at once, and shares its memory."""
    from django.urls import get_resolver

    import linli.wsgi  # noqa: F401 - what is loaded stays for the processes to come

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def server_arguments(host: str, port: int, workers: int, **more: Any) -> dict[str, Any]:
    """Return what the web server is told; ``more`` for example its certificate (ssl_cert…)."""
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from linli.core.runtime import logs

    return {
        "address": host,
        "port": port,
        "interface": Interfaces.WSGI,
        "workers": workers,
        # One that is killed is replaced; the others answer meanwhile.
        "respawn_failed_workers": True,
        "blocking_threads": THREADS,
        "blocking_threads_idle_timeout": IDLE_SECONDS,
        "workers_kill_timeout": WAIT_SECONDS,
        "log_access": False,
        "log_level": LogLevels.warning,
        "log_dictconfig": logs.FOR_GRANIAN,
        **more,
    }


def _answer(arguments: dict[str, Any]) -> int:
    """Be the web server's main process, which starts those that answer."""
    from granian import Granian

    Granian("linli.wsgi:application", **arguments).serve(
        target_loader=partial(_application, os.getpid()), wrap_loader=False
    )
    return 0


def _application(parent: int) -> Any:
    """Return the product in a web process of its own, which ends with the one that started it.

    Ctrl+C at a terminal goes to a whole group of processes. The server would end its web processes
    a second time, and one that is told twice waits for ever: so each is a group of its own.
    """
    from linli.core.runtime import metric_files
    from linli.core.runtime.supervision import end_with_parent

    os.setpgid(0, 0)
    end_with_parent(parent)
    metric_files.take_part()
    from linli.wsgi import application

    # What is loaded stays: looking for garbage among it again and again slows every page.
    gc.collect()
    gc.freeze()
    return application


def _work() -> int:
    """Become the worker: what happens by itself beside the pages; it ends with them."""
    code = "from linli.faces.cli.main import main; raise SystemExit(main())"
    os.execv(  # noqa: S606 - our own interpreter and our own code
        sys.executable, [sys.executable, "-c", code, "work", "--with-parent"]
    )
