"""Twenty workers take matters down at once, against the running server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.measuring import Section
from bench.sections import _built, _django

USERS, EACH = 20, 10
P95_LIMIT_MS = 2000


def intake() -> Section:
    """Open the page and send a matter, twenty at once; beside the same pages one at a time."""
    people = int(os.environ["BENCH_PEOPLE"])
    built = _built(people)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("linli.sqlite3", "keys.json", "demo.json"):
            if (built / name).exists():
                shutil.copy(built / name, Path(folder) / name)
        os.environ["LINLI_DATA"] = folder
        _django()
        cookie = _signed_in()
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "linli.faces.cli.main", "serve", "--port", str(port),
             "--no-work"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port)
            return _measured(f"http://127.0.0.1:{port}", cookie, people)
        finally:
            server.terminate()
            server.wait()


def _measured(address: str, cookie: str, people: int) -> Section:
    section = Section(f"Intake: {USERS} workers at once, {people:,} residents, one process")
    for what, ask in (("the intake page", _open), ("a matter sent and taken", _send)):
        alone = _p95(_together(1, address, cookie, ask))
        many = _p95(_together(USERS, address, cookie, ask))
        nothing = _p95(_together(USERS, address, cookie, _health))
        section.add(f"{what}, p95", many, "ms", limit=P95_LIMIT_MS)
        section.add(f"{what}, p95, beside one worker alone", many, "ms", "alone", alone)
        section.add(f"{what}, p95, beside a page that does nothing", many, "ms", "/healthz/",
                    nothing)  # fmt: skip
    return section


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


def _together(
    users: int, address: str, cookie: str, ask: Callable[[OpenerDirector, str, int], float]
) -> list[float]:
    times: list[float] = []

    def work(number: int) -> None:
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        browser.addheaders = [("Cookie", cookie), ("Referer", f"{address}/cases/take/")]
        for n in range(EACH):
            times.append(ask(browser, address, number * EACH + n))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(users)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)


def _open(browser: OpenerDirector, address: str, _n: int) -> float:
    return _timed(lambda: browser.open(f"{address}/cases/take/").read())


def _health(browser: OpenerDirector, address: str, _n: int) -> float:
    return _timed(lambda: browser.open(f"{address}/healthz/").read())


def _send(browser: OpenerDirector, address: str, n: int) -> float:
    cookie = next(value for name, value in browser.addheaders if name == "Cookie")
    given = {
        "csrfmiddlewaretoken": cookie.rpartition("csrftoken=")[2], "channel": "phone",
        "text": f"第{n}件：楼下商铺油烟大，晚上睡不着，请来看看", "wants_answer": "none",
    }  # fmt: skip
    body = urlencode(given).encode()
    return _timed(lambda: browser.open(f"{address}/cases/take/", body).read())


def _signed_in() -> str:
    """Return the cookie of a community worker who signed in a moment ago."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    from linli.core.scope import system_scope
    from linli.register.posts.models import User

    with system_scope("the bench"):
        user = User.objects.get(username="linfang")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return f"sessionid={session.session_key}; csrftoken={_get_new_csrf_string()}"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _time in range(120):
        try:
            build_opener().open(f"http://127.0.0.1:{port}/healthz/").read()
            return
        except URLError:
            time.sleep(0.5)
    raise RuntimeError("the server did not start")


SECTIONS = {"intake": intake}
