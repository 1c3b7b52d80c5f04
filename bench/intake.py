"""Twenty workers take cases down at once, against the running server."""

from __future__ import annotations

import os
import re
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
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.measuring import Section
from bench.sections import _built, _django

USERS, EACH = 20, 10
P95_LIMIT_MS = 2000


def intake() -> Section:
    """Open the page and send a case, twenty at once; beside the same pages one at a time."""
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
            [
                sys.executable,
                "-m",
                "linli.faces.cli.main",
                "serve",
                "--port",
                str(port),
                "--no-work",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            return _measured(f"http://127.0.0.1:{port}", cookie, people)
        finally:
            server.terminate()
            server.wait()


def _measured(address: str, cookie: str, people: int) -> Section:
    section = Section(f"Intake: {USERS} workers at once, {people:,} residents, all cores")
    for what, ask, each in (
        ("the intake page", _open, EACH),
        ("a case sent and taken", _send, EACH),
        ("the residents' page", _open_report, EACH),
        ("a resident's case sent", _report, 1),
    ):
        # One address may report thirty times an hour: ten alone, then twenty at once.
        alone = _p95(_together(1, address, cookie, ask, EACH))
        many = _p95(_together(USERS, address, cookie, ask, each))
        nothing = _p95(_together(USERS, address, cookie, _plain, EACH))
        section.add(f"{what}, p95", many, "ms", limit=P95_LIMIT_MS)
        section.add(f"{what}, p95, beside one worker alone", many, "ms", "alone", alone)
        section.add(
            f"{what}, p95, beside an answer without the database",
            many,
            "ms",
            "/open311/discovery.json",
            nothing,
        )
    return section


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


def _together(
    users: int,
    address: str,
    cookie: str,
    ask: Callable[[OpenerDirector, str, int], float],
    each: int,
) -> list[float]:
    """Return how long every answer took; one that is missing or another page ends the bench."""
    times: list[float] = []
    wrong: list[Exception] = []

    def work(number: int) -> None:
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        browser.addheaders = [("Cookie", cookie), ("Referer", f"{address}/cases/take/")]
        if ask in (_open_report, _report):
            browser.addheaders = [("Referer", f"{address}/report/")]
        try:
            for n in range(each):
                times.append(ask(browser, address, number * each + n))
        except (OSError, AssertionError) as one:
            wrong.append(one)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(users)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong or len(times) != users * each:
        raise RuntimeError(f"{len(times)} of {users * each} answers: {wrong[:3]}")
    return times


def _timed(browser: OpenerDirector, link: str, ends: str, body: bytes | None = None) -> float:
    """Time one answer, and look whether it is the page that was asked for."""
    began = time.perf_counter()
    with browser.open(link, body) as answer:
        answer.read()
        seconds = time.perf_counter() - began
        there = urlsplit(answer.url).path
        assert answer.status == 200, f"{link}: {answer.status}"
        assert re.fullmatch(ends, there), f"{link} ended at {there}"
    return 1000 * seconds


def _open(browser: OpenerDirector, address: str, _n: int) -> float:
    return _timed(browser, f"{address}/cases/take/", "/cases/take/")


def _open_report(browser: OpenerDirector, address: str, _n: int) -> float:
    return _timed(browser, f"{address}/report/", "/report/")


def _plain(browser: OpenerDirector, address: str, _n: int) -> float:
    return _timed(browser, f"{address}/open311/discovery.json", "/open311/discovery.json")


def _report(browser: OpenerDirector, address: str, n: int) -> float:
    """Send a case as a resident does: the page first, then what was typed."""
    page = browser.open(f"{address}/report/").read().decode()

    def value(name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
        assert found, f"/report/ has no {name}"
        return found[1]

    community = re.search(r'<option value="(\d+)"', page)
    assert community, "/report/ has no community to choose"
    given = {
        "csrfmiddlewaretoken": value("csrfmiddlewaretoken"),
        "client_id": value("client_id"),
        "community": community[1],
        "text": f"第{n}件：路灯不亮，晚上看不见路",
        "join": "",
        "wants_answer": "page",
    }
    return _timed(browser, f"{address}/report/", "/report/sent/", urlencode(given).encode())


def _send(browser: OpenerDirector, address: str, n: int) -> float:
    cookie = next(value for name, value in browser.addheaders if name == "Cookie")
    given = {
        "csrfmiddlewaretoken": cookie.rpartition("csrftoken=")[2],
        "channel": "phone",
        "text": f"第{n}件：楼下商铺油烟大，晚上睡不着，请来看看",
        "wants_answer": "none",
        "join": "",
    }
    body = urlencode(given).encode()
    return _timed(browser, f"{address}/cases/take/", r"/cases/\d+/", body)


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
            build_opener().open(f"http://127.0.0.1:{port}/open311/discovery.json").read()
            return
        except URLError:
            time.sleep(0.5)
    raise RuntimeError("the server did not start")


SECTIONS = {"intake": intake}
