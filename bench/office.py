"""Twenty people at their desks at once, as the product starts by itself, beside one alone.

Each signs in and goes round: home, the inbox, a case, somebody's page, the page where a case is
taken, and sends one; no pause between them, which is harder than any office. Alone and together
take turns in one run, against one server on one copy of the data.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from bench.intake import _wait_for
from bench.measuring import Section
from bench.sections import _built
from bench.together import SERVE, Browser, _p95, _started

DESKS = 20
ROUNDS = 5  # of each at their desk; one alone goes four times as many
TURNS = 2  # alone, together, alone, together
PAGES_MS, SENT_MS = 1000, 2000
PEOPLE = ("殷虹", "林芳", "周强", "何军")  # two secretaries, a worker, a grid worker
OLDER = "/ask/?q=70%E5%B2%81%E4%BB%A5%E4%B8%8A"
Times = dict[str, list[float]]


class Desk:
    """Somebody at work: what they look at, and how long each answer took."""

    def __init__(self, port: int, person: str, number: int) -> None:
        self.browser, self.number, self.taken = Browser(port, {}), number, 0
        self.times: Times = defaultdict(list)
        page = self.browser.ask("/sign-in/")[2]
        button = re.search(rf'name="post" value="(\d+)"(?:(?!name="post").)*?{person}', page, re.S)
        assert button, f"{person} is not on the sign-in page"
        token = self.browser.cookies["csrftoken"]
        given = {"post": button[1], "csrfmiddlewaretoken": token}
        status, where, _text = self.browser.ask("/sign-in/demonstration/", given)
        assert (status, where) == (302, "/"), f"{person} did not get in: {status} {where}"
        self.case = self._first("/cases/?state=all", r'href="(/cases/\d+/)') or self._sent()
        self.person = self._first(OLDER, r'href="(/people/\d+/)')

    def _first(self, link: str, pattern: str) -> str:
        found = re.search(pattern, self.browser.ask(link)[2])
        return found[1] if found else ""

    def go_round(self) -> None:
        """Look at everything once, and send a case."""
        for what, link in (
            ("home", "/"),
            ("the inbox", "/tasks/"),
            ("a case", self.case),
            ("a person", self.person),
            ("the page where a case is taken", "/cases/take/"),
        ):
            began = time.perf_counter()
            status, _where, _text = self.browser.ask(link)
            self.times[what].append(1000 * (time.perf_counter() - began))
            assert status == 200, f"{link}: {status}"
        began = time.perf_counter()
        self._sent()
        self.times["a case sent"].append(1000 * (time.perf_counter() - began))

    def _sent(self) -> str:
        self.taken += 1
        given = {
            "csrfmiddlewaretoken": self.browser.cookies["csrftoken"],
            "channel": "phone",
            "text": f"第{self.number}-{self.taken}件：楼下商铺油烟大，晚上睡不着，请来看看",
            "wants_answer": "none",
            "join": "",
        }
        status, where, _text = self.browser.ask("/cases/take/", given)
        assert re.fullmatch(r"/cases/\d+/", where), f"{status} {where}"
        return where


def _at_once(desks: list[Desk], rounds: int) -> Times:
    """Let all of them go round; a wrong answer ends the bench."""
    wrong: list[BaseException] = []
    for desk in desks:
        desk.times.clear()

    def work(desk: Desk) -> None:
        try:
            for _n in range(rounds):
                desk.go_round()
        except (OSError, AssertionError) as one:
            wrong.append(one)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(desks)} stopped: {wrong[:3]}")
    all_times: Times = defaultdict(list)
    for desk in desks:
        for what, taken in desk.times.items():
            all_times[what] += taken
    return all_times


def processor_s(parent: int) -> float:
    """Return the processor time of a process and of those it started, so far."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _paren, rest = file.read_text().rpartition(")")
        except OSError:  # it has ended meanwhile
            continue
        words = rest.split()
        if parent in (int(number.split()[0]), int(words[1])):
            ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def office() -> Section:
    """Go round alone and with twenty, in turns."""
    people = int(os.environ["BENCH_PEOPLE"])
    built = _built(people)
    with tempfile.TemporaryDirectory() as place:
        for name in ("linli.sqlite3", "keys.json", "demo.json"):
            shutil.copy(built / name, place)
        port, server = _started(Path(place), SERVE)
        try:
            _wait_for(port)
            return _measured(people, port, lambda: processor_s(server.pid))
        finally:
            server.terminate()
            server.wait()


def _measured(people: int, port: int, spent_s: Callable[[], float]) -> Section:
    from linli.core.runtime.environment import web_workers

    section = Section(
        f"{DESKS} people at their desks at once ({people:,} residents, embedded SQLite, "
        f"{web_workers()} processes)"
    )
    desks = [Desk(port, PEOPLE[n % len(PEOPLE)], n) for n in range(DESKS)]
    _at_once(desks, 1)  # warm
    alone: Times = defaultdict(list)
    together: Times = defaultdict(list)
    spent = began = 0.0
    for _turn in range(TURNS):
        for times, who, rounds in ((alone, desks[1:2], 4 * ROUNDS), (together, desks, ROUNDS)):
            spent, began = spent_s(), time.monotonic()
            for what, taken in _at_once(who, rounds).items():
                times[what] += taken
            spent, began = spent_s() - spent, time.monotonic() - began
    for what, taken in together.items():
        limit = SENT_MS if what == "a case sent" else PAGES_MS
        section.add(f"{what}, {DESKS} at once, p95", _p95(taken), "ms", limit=limit)
        section.add(
            f"{what}, median beside one alone",
            statistics.median(taken),
            "ms",
            "alone",
            statistics.median(alone[what]),
        )
    answers = sum(map(len, together.values())) / TURNS
    section.add("processor time of the server for one answer", 1000 * spent / answers, "ms")
    section.add("answers a second", answers / began, "")
    return section


SECTIONS = {"office": office}
