"""One, five, twenty and fifty at once, against the running server and against the way before it.

Two servers on two copies of the same data are asked in turns: the product as it starts by itself,
and one process that opens a new connection to the database for each request.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from bench.intake import _free_port, _signed_in, _wait_for
from bench.measuring import Section
from bench.sections import _built, _django

AT_ONCE = (1, 5, 20, 50)
LEAST = 20  # answers in a cell of the table
LONGEST_S = 60.0  # of a cell; what has not begun by then is left out
QUESTION = "/ask/?" + urlencode({"q": "殷家社区90岁以上独居老人"})
SERVE = "from linli.faces.cli.main import main; raise SystemExit(main())"
BEFORE = f"from linli.core import environment; environment.KEPT_SECONDS = 0; {SERVE}"
NOW, OLD = "as it starts by itself", "one process, a new connection for each request"
_addresses = count(2)


@dataclass
class Browser:
    """Somebody with cookies and an address of their own: one address may report only so often."""

    port: int
    cookies: dict[str, str]
    address: str = field(default_factory=lambda: f"127.0.1.{next(_addresses) % 250 + 2}")

    def ask(self, link: str, given: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, where it leads and the text of an answer."""
        connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=120, source_address=(self.address, 0)
        )
        said = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": said, "Referer": f"http://127.0.0.1:{self.port}/report/"}
        if given is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method, body = ("GET", None) if given is None else ("POST", urlencode(given))
        try:
            connection.request(method, link, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for one in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text


def _opened(link: str) -> Callable[[Browser, int], float]:
    def ask(browser: Browser, _n: int) -> float:
        began = time.perf_counter()
        status, _where, _text = browser.ask(link)
        taken = time.perf_counter() - began
        assert status == 200, f"{link}: {status}"
        return taken

    return ask


def _reported(browser: Browser, n: int) -> float:
    """Send a case as a resident does; only the sending is timed."""
    _status, _where, page = browser.ask("/report/")
    found = dict(re.findall(r'name="(csrfmiddlewaretoken|client_id)"[^>]*value="([^"]+)"', page))
    community = re.search(r'<option value="(\d+)"', page)
    assert community, "/report/ has no community to choose"
    given = {
        **found,
        "community": community[1],
        "text": f"第{n}件：路灯不亮，晚上看不见路",
        "join": "",
        "wants_answer": "page",
    }
    began = time.perf_counter()
    status, where, _text = browser.ask("/report/", given)
    taken = time.perf_counter() - began
    assert (status, where) == (302, "/report/sent/"), f"{status} {where}"
    return taken


PAGES: tuple[tuple[str, Callable[[Browser, int], float], bool], ...] = (
    ("a cheap page", _opened("/report/track/"), True),
    ("the inbox", _opened("/tasks/"), True),
    ("a question", _opened(QUESTION), True),
    ("a case sent by a resident", _reported, False),
)


def _together(
    port: int, cookies: dict[str, str], ask: Callable[[Browser, int], float], users: int
) -> list[float]:
    """Return how long every answer took; a wrong one ends the bench."""
    times: list[float] = []
    wrong: list[BaseException] = []
    each, give_up = max(1, LEAST // users), time.monotonic() + LONGEST_S

    def work() -> None:
        browser = Browser(port, dict(cookies))
        try:
            for n in range(each):
                if time.monotonic() < give_up:
                    times.append(ask(browser, n))
        except (OSError, AssertionError) as one:
            wrong.append(one)

    threads = [threading.Thread(target=work) for _n in range(users)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong or not times:
        raise RuntimeError(f"{len(times)} answers: {wrong[:3]}")
    return times


def _started(folder: Path, code: str, *words: str) -> tuple[int, subprocess.Popen[bytes]]:
    port = _free_port()
    command = [sys.executable, "-c", code, "serve", "--no-work", "--port", str(port), *words]
    quiet = subprocess.DEVNULL
    given = {**os.environ, "LINLI_DATA": str(folder)}
    return port, subprocess.Popen(command, env=given, stdout=quiet, stderr=quiet)


def together() -> Section:
    """Ask both servers the same in turns, and print what waits for what."""
    people = int(os.environ["BENCH_PEOPLE"])
    built = _built(people)
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place) / name for name in ("now", "old")]
        for folder in folders:
            folder.mkdir()
        for name in ("linli.sqlite3", "keys.json", "demo.json"):
            shutil.copy(built / name, folders[0] / name)
        os.environ["LINLI_DATA"] = str(folders[0])
        _django()
        from django.db import connection

        cookies = dict(one.split("=", 1) for one in _signed_in().split("; "))
        connection.close()
        for file in folders[0].iterdir():
            shutil.copy(file, folders[1] / file.name)
        now, old = _started(folders[0], SERVE), _started(folders[1], BEFORE, "--workers", "1")
        try:
            for port, _server in (now, old):
                _wait_for(port)
            return _measured(people, cookies, {NOW: now[0], OLD: old[0]})
        finally:
            for _port, server in (now, old):
                server.terminate()
                server.wait()


def _measured(people: int, cookies: dict[str, str], ports: dict[str, int]) -> Section:
    from linli.core.runtime.environment import web_workers

    section = Section(
        f"One, five, twenty and fifty at once ({people:,} residents, embedded SQLite, "
        f"{web_workers()} processes)"
    )
    lines = [
        "Each ÷ the median of one alone in the same run:",
        "",
        f"| what | how | | {' | '.join(map(str, AT_ONCE))} |",
        f"| --- | --- | --- | {' | '.join('---:' for _n in AT_ONCE)} |",
    ]
    for what, ask, signed_in in PAGES:
        given = cookies if signed_in else {}
        for port in ports.values():
            _together(port, given, ask, 2)  # warm
        taken = {
            (how, n): _together(port, given, ask, n) for n in AT_ONCE for how, port in ports.items()
        }
        for n in AT_ONCE:
            ours, theirs = (1000 * statistics.median(taken[how, n]) for how in (NOW, OLD))
            section.add(f"{what}, {n} at once, median", ours, "ms", OLD, theirs)
        alone = statistics.median(taken[NOW, 1])
        for how in ports:
            for name, of in (("p50", statistics.median), ("p95", _p95)):
                ratios = [f"{of(taken[how, n]) / alone:.1f}" for n in AT_ONCE]
                lines.append(f"| {what} | {how} | {name} | {' | '.join(ratios)} |")
    section.text = "\n".join(lines)
    return section


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, int(len(times) * 0.95) - 1)]


SECTIONS = {"together": together}
