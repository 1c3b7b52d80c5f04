"""Going live: the first day, an upgrade, backups while people work, five hundred at once.

python -m bench --only going_live_first      from nothing to a second colleague's sign-in
python -m bench --only going_live_upgrade    how long nobody gets in
python -m bench --only going_live_backup     backup idle and with twenty at work, restore, rehearsal
python -m bench --only going_live_load       five hundred at once on PostgreSQL, four processes

People, servers and the database share the cores of one machine, so what is waited for here
includes what the people themselves cost.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.intake import _free_port, _wait_for
from bench.measuring import Section, once_s
from bench.office import PEOPLE, Desk, processor_s
from bench.sections import _built, _django
from bench.together import SERVE, Browser, _p95, _started

ROOT = Path(__file__).resolve().parents[1]
LINLI = [sys.executable, "-m", "linli.faces.cli.main"]
KEPT = ("linli.sqlite3", "keys.json", "demo.json")
LONGEST_FIRST_S = 600
# Of somebody who has not done it before: reading and typing one command, one form of the pages.
COMMAND_S, FORM_S = 20, 30
FORMS = 4  # sign in and own password, twice
DESKS, TURNS = 20, 2
OLD = "0.2"
CALM = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
WORKERS = 4
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "500"))
CLICKS = 6  # of each of them
BETWEEN_S = 30.0  # on average between an answer and the next click
LONGEST_S = 120.0  # that anybody waits for an answer
ALONE_ROUNDS = 20


def first() -> Section:
    """Type the guide's own commands on an empty machine, then sign two people in."""
    from tests.guides import reading
    from tests.guides.machine import Machine

    section = Section("From nothing to the first sign-in of a second colleague (SQLite)")
    typed = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        spent = _installed(section, root / "installed")
        typed += 1
        machine = Machine(root / "machine", is_migrated=False)
        printed = {}
        for command in reading.commands_of("install"):
            words = command.text.split()
            if words[1:2] not in (["init"], ["users"]) or words[2] == "reset-password":
                continue
            seconds, printed[" ".join(words[1:3])] = once_s(lambda said=command: machine.run(said))
            section.add(f"`{command.text}`", seconds, "s")
            spent, typed = spent + seconds, typed + 1
        seconds, signed = once_s(lambda: _both_sign_in(machine, printed))
        section.add("`linli serve`, and both sign in", seconds, "s", note=signed)
    spent += seconds
    typed += 1
    section.add("the machine, together", spent, "s")
    hands = typed * COMMAND_S + FORMS * FORM_S
    note = f"{typed} commands of {COMMAND_S} s, {FORMS} forms of {FORM_S} s, as assumed"
    section.add("reading and typing", hands, "s", note=note)
    section.add("both", spent + hands, "s", limit=LONGEST_FIRST_S)
    return section


def _installed(section: Section, root: Path) -> float:
    """Install the newest wheel of dist/ by deploy/install, where there is one."""
    if not list((ROOT / "dist").glob("linli-*.whl")):
        section.add("`deploy/install`: no wheel in dist/, not measured", 0, "s")
        return 0.0
    command = [str(ROOT / "deploy" / "install"), "--root", str(root)]
    seconds, _ = once_s(lambda: subprocess.run(command, check=True, stdout=sys.stderr))
    section.add("`deploy/install`", seconds, "s", note="Python packages from the registry included")
    return seconds


def _both_sign_in(machine: Any, printed: dict[str, str]) -> str:
    """Serve, and let the officer and the colleague sign in with what the commands printed."""
    port = _free_port()
    command = ["linli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=machine.environment, stdout=sys.stderr)
    try:
        _wait_for(port)
        for said in (printed["init 330212007"], printed["users add"]):
            found = re.search(r"用户名 (\S+?)，(?:初始)?密码 (\S+)", said)
            assert found, said
            _signs_in(Browser(port, {}), *found.groups())
    finally:
        server.terminate()
        server.wait()
    return "passwords changed, 今日 is open"


def _signs_in(browser: Browser, username: str, password: str) -> None:
    """Sign in, choose an own password, and see today."""
    own = f"Linli-{username}-2026"
    browser.ask("/sign-in/")
    given = {"login": username, "password": password}
    status, where, _text = browser.ask("/sign-in/", given | _token(browser))
    assert status == 302, f"{username}: {status} {where}"
    browser.ask("/account/password/change/")
    given = {"oldpassword": password, "password1": own, "password2": own}
    status, where, text = browser.ask("/account/password/change/", given | _token(browser))
    assert status == 302, f"{username}: {status} {text[:300]}"
    status, where, text = browser.ask("/")
    assert (status, "今日" in text) == (200, True), f"{username}: {status} {where}"


def _token(browser: Browser) -> dict[str, str]:
    return {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}


@contextmanager
def _a_copy(people: int) -> Iterator[Path]:
    """Copy the built register to a data folder of its own."""
    built = _built(people)
    with tempfile.TemporaryDirectory() as place:
        for name in KEPT:
            shutil.copy(built / name, place)
        yield Path(place)


def _linli(folder: Path, *words: str) -> tuple[float, dict[str, Any]]:
    """Run a command on a data folder; return how long it took and what it answered."""
    given = {**os.environ, "LINLI_DATA": str(folder), "DATABASE_URL": ""}
    command = [*LINLI, *words, "--json"]
    seconds, done = once_s(
        lambda: subprocess.run(command, env=given, check=True, stdout=subprocess.PIPE, text=True)
    )
    lines = done.stdout.strip().splitlines()
    return seconds, json.loads(lines[-1]) if lines else {}


GO_BACK = """
import json, sys, django
django.setup()
from linli.core.actions import writes_allowed
from linli.core.database import backup, triggers
from django.db import connection
with writes_allowed("bench: the tables of an older version"):
    triggers.take_down(connection)
    backup._same_shape(json.load(open(sys.argv[1]))["migrations"], is_of_today=False)
"""


def upgrade() -> Section:
    """Take the register back to the tables of the oldest stored version, and upgrade it."""
    people = int(os.environ["BENCH_PEOPLE"])
    section = Section(
        f"An upgrade from {OLD}: how long nobody gets in ({people:,} residents, SQLite)"
    )
    with _a_copy(people) as folder:
        expected = ROOT / "tests" / "upgrades" / "stored" / OLD / "sqlite" / "expected.json"
        # As the old version does it, which is gone by now: with today's rows and tables.
        backup, _ = _linli(folder, "backup", str(folder / "before.backup"))
        given = {**os.environ, "LINLI_DATA": str(folder), "DATABASE_URL": ""}
        command = [sys.executable, "-c", GO_BACK, str(expected)]
        subprocess.run(command, env=given, check=True, stdout=sys.stderr)
        steps = len(json.loads(expected.read_text())["migrations"])
        migrate, _ = _linli(folder, "migrate")
        again, _ = _linli(folder, "migrate")
        check, _ = once_s(lambda: _checked(folder))
        start, _ = once_s(lambda: _first_page(folder))
    section.add("`linli backup`, before", backup, "s")
    section.add("`linli migrate`", migrate, "s", note=f"from {steps} steps of then to today's")
    section.add("of that, finding that nothing is left to do", again, "s")
    section.add("`linli check`", check, "s")
    section.add("`linli serve` until the first page", start, "s")
    section.add("nobody gets in, together", backup + migrate + check + start, "s")
    section.text = (
        f"The rows are those of today's demonstration, taken back to the tables of {OLD} step by "
        "step: what a later version added is empty there."
    )
    return section


def _checked(folder: Path) -> None:
    """Look at everything; that no worker runs here is no fault of the upgrade."""
    given = {**os.environ, "LINLI_DATA": str(folder), "DATABASE_URL": ""}
    subprocess.run([*LINLI, "check"], env=given, check=False, stdout=sys.stderr)


def _first_page(folder: Path) -> None:
    port, server = _started(folder, SERVE)
    try:
        _wait_for(port)
    finally:
        server.terminate()
        server.wait()


def backups() -> Section:
    """Back up idle and while twenty work, restore, and rehearse."""
    people = int(os.environ["BENCH_PEOPLE"])
    section = Section(f"Backup and restore ({people:,} residents, embedded SQLite)")
    with _a_copy(people) as folder:
        file = folder / "idle.backup"
        idle, told = _linli(folder, "backup", str(file))
        section.add("`linli backup`, nobody at work", idle, "s", note=f"{told['rows']:,} rows")
        section.add("its size", file.stat().st_size / 1e6, "MB")
        section.add("the database's size", (folder / KEPT[0]).stat().st_size / 1e6, "MB")
        _while_they_work(section, folder, idle)
        with tempfile.TemporaryDirectory() as empty:
            shutil.copy(folder / "keys.json", empty)
            seconds, told = _linli(Path(empty), "restore", str(file))
        note = f"{told['rows']:,} rows, every table's hash equal"
        section.add("`linli restore` into nothing, verified", seconds, "s", note=note)
        rehearsed, _ = _linli(folder, "rehearse-restore", str(file))
        section.add("`linli rehearse-restore`", rehearsed, "s", "`linli restore`", seconds)
    return section


def _while_they_work(section: Section, folder: Path, idle: float) -> None:
    """Let twenty go round without a backup and with one, in turns."""
    port, server = _started(folder, SERVE)
    without: list[float] = []
    within: list[float] = []
    taken: list[float] = []
    try:
        _wait_for(port)
        desks = [Desk(port, PEOPLE[n % len(PEOPLE)], n) for n in range(DESKS)]
        _going_round(desks, lambda: time.sleep(1))  # warm
        for turn in range(TURNS):
            without += _going_round(desks, lambda: time.sleep(max(20.0, idle)))[1]
            file = str(folder / f"busy-{turn}.backup")
            seconds, times = _going_round(desks, lambda to=file: _linli(folder, "backup", to))
            taken.append(seconds)
            within += times
    finally:
        server.terminate()
        server.wait()
    what = f"`linli backup` with {DESKS} at work"
    section.add(what, sum(taken) / TURNS, "s", "nobody at work", idle)
    what = f"their pages and cases while it is made, p95 of {len(within)}"
    section.add(what, _p95(within), "ms", f"without it, p95 of {len(without)}", _p95(without))


def _going_round(desks: list[Desk], meanwhile: Callable[[], Any]) -> tuple[float, list[float]]:
    """Let all go round until something else has ended; a wrong answer ends the bench."""
    ended, wrong = threading.Event(), []

    def work(desk: Desk) -> None:
        desk.times.clear()
        try:
            while not ended.is_set():
                desk.go_round()
        except (OSError, AssertionError) as one:
            wrong.append(one)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for one in threads:
        one.start()
    try:
        seconds, _ = once_s(meanwhile)
    finally:
        ended.set()
        for one in threads:
            one.join()
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(desks)} stopped: {wrong[:3]}")
    return seconds, [ms for desk in desks for taken in desk.times.values() for ms in taken]


def load() -> Section:
    """Sign five hundred in on PostgreSQL, and let them work: over time, then in one moment."""
    people = int(os.environ["BENCH_PEOPLE"])
    os.environ["LINLI_DATA"] += "-going-live"
    shutil.rmtree(os.environ["LINLI_DATA"], ignore_errors=True)
    os.environ["DATABASE_URL"] = _a_server()
    command = [*LINLI, "demo", "--no-serve", "--people", str(people)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    _django()
    from django.db import connection

    workers = _workers(AT_ONCE)
    connection.close()
    port = _free_port()
    command = [*LINLI, "serve", "--no-work", "--workers", str(WORKERS), "--port", str(port)]
    server = subprocess.Popen(command, stdout=sys.stderr, stderr=sys.stderr)
    try:
        _wait_for(port)
        for one in workers:
            one.browser.port = port
        return _loaded(people, workers, lambda: processor_s(server.pid))
    finally:
        server.terminate()
        server.wait()


def _a_server() -> str:
    """Start a PostgreSQL that waits for its disk as an office's does; return an empty database."""
    from tests import postgres

    postgres.FAST |= CALM
    address = postgres.url()
    host = address.rpartition("host=")[2]
    command = [str(postgres.binaries() / "createdb"), "-h", host, "-U", postgres.OWNER]
    subprocess.run([*command, "-T", postgres.TEMPLATE, "linli"], check=True)
    return address


class Worker:
    """A community worker who is signed in, with somebody of the own community to look up."""

    def __init__(self, number: int, cookies: dict[str, str], person: int) -> None:
        self.number, self.person, self.sent = number, person, 0
        address = f"127.0.{2 + number // 250}.{number % 250 + 2}"
        self.browser = Browser(0, cookies, address)

    def does(self) -> tuple[tuple[str, Callable[[], int]], ...]:
        """Return what a worker does, each with the status it must end with."""
        question = "/ask/?" + urlencode({"q": "80岁以上独居老人"})
        return (
            ("今日", lambda: self._opens("/")),
            ("a question", lambda: self._opens(question)),
            ("a person's page", lambda: self._opens(f"/people/{self.person}/")),
            ("the list of cases", lambda: self._opens("/cases/")),
            ("a case sent", self._sends),
        )

    def _opens(self, link: str) -> int:
        status = self.browser.ask(link)[0]
        return 0 if status == 200 else status

    def _sends(self) -> int:
        self.sent += 1
        given = {
            **_token(self.browser),
            "channel": "phone",
            "text": f"第{self.number}-{self.sent}件：单元门关不上，请来看看",
            "wants_answer": "none",
            "join": "",
        }
        status, where, _text = self.browser.ask("/cases/take/", given)
        return 0 if re.fullmatch(r"/cases/\d+/", where) else status


def _workers(number: int) -> list[Worker]:
    """Make so many community workers, spread over the communities, each with a session."""
    from linli.core.actions import writes_allowed
    from linli.core.scope import system_scope
    from linli.core.time import today
    from linli.register.people.models import Person
    from linli.register.places.models import Place
    from linli.register.posts.actions import give_post
    from linli.register.posts.models import User
    from linli.register.posts.terms import Role

    made = []
    with system_scope("bench: five hundred at once"):
        communities = list(Place.objects.filter(kind="community").order_by("path"))
        living = {
            place.pk: list(
                Person.objects.filter(status="current", scope_path__startswith=place.path)
                .order_by("pk")
                .values_list("pk", flat=True)[:50]
            )
            for place in communities
        }
        communities = [place for place in communities if living[place.pk]]
        for n in range(number):
            place = communities[n % len(communities)]
            with writes_allowed("bench: a worker without a password"):
                user = User(username=f"worker{n}", name=f"工作者{n}", must_change_password=False)
                user.set_unusable_password()
                user.save()
            role = Role.COMMUNITY_WORKER
            give_post(user=user, role=role, place=place, from_date=today(), by=None)
            made.append(Worker(n, _session(user), living[place.pk][n % len(living[place.pk])]))
    return made


def _session(user: Any) -> dict[str, str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.middleware.csrf import _get_new_csrf_string

    from linli.faces.web.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return {"sessionid": session.session_key, "csrftoken": _get_new_csrf_string()}


Times = dict[str, list[float]]


class Crowd:
    """Some workers who click: how long each answer took, and every wrong one."""

    def __init__(self) -> None:
        self.times: Times = defaultdict(list)
        self.wrong: list[str] = []

    def click(self, what: str, does: Callable[[], int]) -> None:
        """Do one thing and note how it went."""
        began = time.perf_counter()
        try:
            status = does()
        except OSError as one:
            self.wrong.append(f"{what}: {one}")
            return
        self.times[what].append(1000 * (time.perf_counter() - began))
        if status:
            self.wrong.append(f"{what}: {status}")

    def all(self) -> list[float]:
        """Return all answers' times."""
        return [ms for taken in self.times.values() for ms in taken]


def _alone(crowd: Crowd, worker: Worker, rounds: int) -> None:
    for _n in range(rounds):
        for what, does in worker.does():
            crowd.click(what, does)


def _spread(workers: list[Worker], *, between_s: float, clicks: int) -> Crowd:
    """Let everybody click so often, with pauses of chance (always the same ones)."""
    crowd, begin = Crowd(), threading.Barrier(len(workers))

    def work(worker: Worker) -> None:
        chance = random.Random(worker.number)
        begin.wait()
        for n in range(clicks):
            if between_s:
                time.sleep(chance.uniform(0, 2 * between_s))
            doings = worker.does()
            crowd.click(*doings[(worker.number + n) % len(doings)])

    threading.stack_size(512 << 10)
    threads = [threading.Thread(target=work, args=(one,)) for one in workers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return crowd


def _loaded(people: int, workers: list[Worker], spent_s: Callable[[], float]) -> Section:
    section = Section(
        f"{len(workers)} people at once ({people:,} residents, PostgreSQL, {WORKERS} processes, "
        f"{os.cpu_count()} cores for all of it)"
    )
    alone = Crowd()
    _alone(Crowd(), workers[0], 3)  # warm: each process loads what it needs
    _spread(workers[: 8 * WORKERS], between_s=0, clicks=5)
    _alone(alone, workers[0], ALONE_ROUNDS // 2)
    spent, began = spent_s(), time.monotonic()
    spread = _spread(workers, between_s=BETWEEN_S, clicks=CLICKS)
    spent, took = spent_s() - spent, time.monotonic() - began
    _alone(alone, workers[0], ALONE_ROUNDS - ALONE_ROUNDS // 2)
    moment = _spread(workers, between_s=0, clicks=1)
    wrong = [*alone.wrong, *spread.wrong, *moment.wrong]
    answers = len(spread.all())
    asked = 5 * ALONE_ROUNDS + len(workers) * (CLICKS + 1)
    section.add(f"errors of {asked:,} clicks", len(wrong), "", limit=0, note="; ".join(wrong[:3]))
    section.add("answers a second while they work", answers / took, "")
    section.add("processor time of the web processes for one", 1000 * spent / max(answers, 1), "ms")
    for name, crowd in (("at work", spread), ("all in one moment", moment)):
        what = f"{len(workers)} {name}, p95"
        section.add(what, _p95(crowd.all()), "ms", "one alone, p95", _p95(alone.all()))
        for doing, taken in crowd.times.items():
            beside = _p95(alone.times[doing])
            section.add(f"{name}: {doing}, p95", _p95(taken), "ms", "one alone, p95", beside)
    section.text = (
        f"At work: each clicks {CLICKS} times, {BETWEEN_S:.0f} s apart on average. At the same "
        "moment: each clicks once, and the last of them waits for the others. The people, the "
        "web processes and PostgreSQL share the same cores; PostgreSQL waits for its disk."
    )
    return section


SECTIONS = {
    "going_live_first": first,
    "going_live_upgrade": upgrade,
    "going_live_backup": backups,
    "going_live_load": load,
}
