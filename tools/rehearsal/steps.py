"""The steps of the rehearsal, in order; each says in its return value what was seen."""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection

from tools.rehearsal import people
from tools.rehearsal.machine import Machine
from tools.rehearsal.phones import Phone
from tools.rehearsal.scratch import PROJECT, run
from tools.rehearsal.servers import NAME
from tools.rehearsal.units import Unit

SUBDISTRICT, OFFICER, OWN_PASSWORD = "330212007", "陆颖", "Yinzhou-panhuo-2026"
OWNER_PASSWORD = "the-owner-of-linli"
WORDS = "3幢2单元的路灯坏了三天，晚上看不见台阶"
LONGEST_BACK_S = 5.0
STORED = PROJECT / "tests" / "upgrades" / "stored" / "0.2"
KILLS = 6


def install(machine: Machine) -> str:
    """Install the wheel and all of deploy/ from nothing."""
    root = machine.scratch.root
    script = str(PROJECT / "deploy" / "install")
    run(script, "--root", str(root), "--wheel", str(machine.wheel))
    run(script, "--root", str(root), "--wheel", str(machine.wheel))  # twice is as good as once
    said = run(str(root / "opt/linli/bin/linli"), "--version").strip()
    size = sum(one.stat().st_size for one in (root / "opt/linli").rglob("*") if one.is_file())
    return f"{said}, {size / 1e6:.0f} MB in /opt/linli"


def database(machine: Machine) -> str:
    """Start PostgreSQL and make the two roles."""
    machine.database.start()
    make_database(machine, "linli")
    set_up(machine, "linli")
    version = machine.database.as_administrator("-At", "-c", "SHOW server_version").strip()
    return f"PostgreSQL {version}"


def make_database(machine: Machine, name: str) -> None:
    """Make a database by deploy/postgresql/roles.sql, twice: the second changes nothing."""
    for _twice in range(2):
        machine.database.as_administrator(
            "-d",
            "postgres",
            "-v",
            f"database={name}",
            "-f",
            str(ROLES),
            LINLI_OWNER_PASSWORD=OWNER_PASSWORD,
        )


def set_up(machine: Machine, name: str) -> None:
    """Write the database's address and the name that people open into the settings."""
    file, https = machine.scratch.at("/etc/linli/linli.env"), machine.scratch.https
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"^LINLI_ORIGINS=(\S+)", rf"LINLI_ORIGINS=\1:{https}", text, flags=re.M)
    text = re.sub(r"^#DATABASE_URL=.*", f"DATABASE_URL={address(machine, name)}", text, flags=re.M)
    file.write_text(text, encoding="utf-8")


def address(machine: Machine, name: str) -> str:
    """Return the address of a database as its owner."""
    owner = f"linli_owner:{OWNER_PASSWORD}"
    return f"postgresql://{owner}@127.0.0.1:{machine.scratch.database}/{name}"


def first_office(machine: Machine) -> str:
    """Make the subdistrict and its first officer."""
    said = json.loads(machine.scratch.linli("init", SUBDISTRICT, "--officer", OFFICER, "--json"))
    machine.known |= {name: said["officer"][name] for name in ("username", "password")}
    return f"{said['name']}, {said['communities']} communities"


def start(machine: Machine) -> str:
    """Start the units and nginx."""
    machine.web.start()
    machine.worker.start()
    machine.nginx.start()
    return f"sound after {machine.wait_until_sound():.1f} s"


def doors(machine: Machine) -> str:
    """What nginx shows outside, and what it keeps inside."""
    with people.a_browser(machine.scratch.https) as visits:
        page = visits.page(people.PHONE)
        for inner in ("/health/", "/metrics", "/metrics/"):
            status = page.goto(inner).status
            assert status == 404, f"{inner} answers {status} outside"
        answer = page.goto("/sign-in/")
        headers = answer.headers
        assert "strict-transport-security" in headers, "no HSTS"
    status, said = Phone(machine.scratch.https, "127.0.0.1").announce(151_000_000)
    assert (status, "文件太大" in said) == (413, True), f"{status} {said[:200]}"
    plain = HTTPConnection("127.0.0.1", machine.scratch.http, timeout=10)
    plain.request("GET", "/sign-in/", headers={"Host": NAME})
    answered = plain.getresponse()
    where = answered.headers["Location"]
    assert (answered.status, where[:8]) == (308, "https://"), f"{answered.status} {where}"
    return "HTTPS only, HSTS, health and metrics inside only, 151 MB refused in words"


def sign_in(machine: Machine) -> str:
    """The first officer signs in: own password, second factor."""
    known = machine.known
    with people.a_browser(machine.scratch.https) as visits:
        page = visits.page()
        known["secret"] = people.first_sign_in(
            page, known["username"], known["password"], OWN_PASSWORD
        )
        page.goto("/")
        assert "今日" in page.inner_text("body"), page.inner_text("body")[:300]
        assert not page.url.endswith("/second-factor/"), "asked for the second factor again"
    return "今日 is open"


def question_and_case(machine: Machine) -> str:
    """A resident reports on a phone; the officer asks a question and finds the case."""
    with people.a_browser(machine.scratch.https) as visits:
        said = people.report(visits.page(people.PHONE), WORDS)
        number = re.search(r"\b\d{4}-?\d{4}\b|[A-Z0-9]{6,}", said)
        page = visits.page()
        wait_for_next_code()
        known = machine.known
        people.sign_in(page, known["username"], OWN_PASSWORD, secret=known["secret"])
        page.goto("/ask/?q=90岁以上独居老人")
        assert "人" in page.inner_text("main")
        page.goto("/cases/?state=all")
        assert WORDS[:12] in page.inner_text("main"), "the officer does not see the case"
        assert number, f"the resident got no number: {said[:200]}"
    return "the case is in the officer's list, the resident has a number"


def wait_for_next_code() -> None:
    """A code counts once: wait for the next half minute."""
    time.sleep(30 - time.time() % 30 + 0.5)


def kills(machine: Machine) -> str:
    """kill -9 of each kind of process while residents report: nothing lost, nothing double."""
    reports = Reporting(machine)
    reports.start()
    longest = 0.0
    try:
        for turn in range(KILLS):
            time.sleep(1.5)
            longest = max(longest, kill_one(machine, turn))
    finally:
        sent = reports.stop()
    stored = stored_reports(machine)
    lost = [key for key in sent if stored.count(key) == 0]
    double = [key for key in set(stored) if stored.count(key) > 1]
    assert not lost, f"lost {lost}"
    assert not double, f"double {double}"
    assert longest <= LONGEST_BACK_S, f"away for {longest:.1f} s"
    return (
        f"{KILLS} kills, {len(sent)} reports acknowledged: 0 lost, 0 double;"
        f" the longest without an answer {longest:.1f} s"
    )


def kill_one(machine: Machine, turn: int) -> float:
    """Kill a web process, the head of the web unit or the worker; return how long it was away."""
    unit = machine.worker if turn % 3 == 2 else machine.web
    assert unit.running is not None
    others = [pid for pid in unit.members() if pid != unit.running.pid]
    victim = unit.running.pid if turn % 3 or not others else others[turn % len(others)]
    os.kill(victim, signal.SIGKILL)
    time.sleep(0.05)
    began = time.monotonic()
    machine.wait_until_sound(LONGEST_BACK_S * 4)
    return time.monotonic() - began


class Reporting:
    """A resident's phone that reports, and sends again what was not acknowledged, with its key."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.goes_on = machine, True
        self.sent: list[str] = []
        self.wrong: list[Exception] = []
        self.thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> list[str]:
        """Send what is under way to its end; return the words of what was acknowledged."""
        self.goes_on = False
        self.thread.join(60)
        assert not self.thread.is_alive(), "a report was never acknowledged"
        if self.wrong:
            raise self.wrong[0]
        return self.sent

    def _work(self) -> None:
        try:
            self._report_all()
        except (RuntimeError, OSError) as wrong:
            self.wrong.append(wrong)

    def _report_all(self) -> None:
        number = 0
        while self.goes_on:
            number += 1
            words = f"第{number:04}件：电梯里的灯不亮，请来看看"
            Phone(self.machine.scratch.https, f"127.0.1.{number % 250 + 2}").report(words)
            self.sent.append(words[:6])


def stored_reports(machine: Machine) -> list[str]:
    """Return the beginnings of all reports as the database has them."""
    return machine.database.as_administrator(
        "-d",
        "linli",
        "-At",
        "-c",
        "SELECT left(text, 6) FROM cases_report WHERE text LIKE '第%件：%'",
    ).split()


def database_restart(machine: Machine) -> str:
    """PostgreSQL restarts under the running product, which comes back by itself."""
    began = time.monotonic()
    machine.database.start_again()
    away = time.monotonic() - began
    back = machine.wait_until_sound(20)
    assert back <= LONGEST_BACK_S, f"back after {back:.1f} s"
    return f"away for {away:.1f} s, back {back:.1f} s later"


def backup(machine: Machine) -> str:
    """The units of the night: backup, check, restore elsewhere."""
    Unit(machine.scratch, "linli-backup").once()
    files = sorted(machine.scratch.at("/var/backups/linli").glob("linli-*.backup"))
    assert files, "no backup was written"
    assert files[-1].stat().st_mode & 0o077 == 0, "others can read the backup"
    machine.known["backup"] = str(files[-1])
    Unit(machine.scratch, "linli-rehearsal").once()
    Unit(machine.scratch, "linli-check").once()
    return f"{files[-1].name}, {files[-1].stat().st_size / 1e3:.0f} kB; restored, checked"


def restore(machine: Machine) -> str:
    """Restore into an empty database of another name."""
    make_database(machine, "linli_restored")
    given = {"DATABASE_URL": address(machine, "linli_restored")}
    elsewhere = machine.scratch.at("/var/lib/linli-restored")
    elsewhere.mkdir(parents=True)
    given["LINLI_DATA"] = str(elsewhere)
    said = json.loads(
        machine.scratch.linli("restore", machine.known["backup"], "--json", **given).splitlines()[
            -1
        ]
    )
    assert not said["wrong_keys"], said["wrong_keys"]
    return f"{said['rows']} rows, {len(said['tables'])} tables with the hashes of the archive"


def upgrade(machine: Machine) -> str:
    """What version 0.2 stored is upgraded and served by its own keys."""
    make_database(machine, "linli_old")
    dump = machine.scratch.at("/var/old.sql")
    text = lzma.decompress((STORED / "postgresql" / "database.xz").read_bytes())
    # Written by a newer server, which sets one thing that an older one does not know.
    text = text.replace(b"SET transaction_timeout = 0;\n", b"")
    dump.write_bytes(text.replace(b"OWNER TO postgres;", b"OWNER TO linli_owner;"))
    run(
        str(machine.database.tools / "psql"),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        address(machine, "linli_old"),
        "-f",
        str(dump),
    )
    folder = machine.scratch.at("/var/lib/linli-old")
    folder.mkdir(parents=True)
    keys = json.loads((STORED / "postgresql" / "keys.json").read_text())
    given = {"DATABASE_URL": address(machine, "linli_old"), "LINLI_DATA": str(folder)}
    given |= {f"LINLI_{name}": key for name, key in keys.items()}
    given["LINLI_MODE"] = "embedded"  # the keys are those of an office on one machine
    shutil.copyfile(STORED / "postgresql" / "deleted-keys.jsonl", folder / "deleted-keys.jsonl")
    began = time.monotonic()
    machine.scratch.linli("migrate", **given)
    taken = time.monotonic() - began
    journal = json.loads(machine.scratch.linli("journal", "verify", "--json", **given))
    return f"migrated in {taken:.1f} s, journal of {journal.get('entries')} entries verified"


def end(machine: Machine) -> str:
    """Everything stops, and nothing is left over."""
    machine.web.stop()
    machine.worker.stop()
    left = {**machine.web.members(), **machine.worker.members()}
    assert not left, f"left over: {left}"
    return "no process left"


ROLES = PROJECT / "deploy" / "postgresql" / "roles.sql"
# What the guides say that needs a machine of its own, and which step does it here. systemd's own
# words are done by ``units.py``, apt's and useradd's by nobody: a scratch root has no users.
DRIVEN: dict[str, Callable[[Machine], str]] = {
    "make wheel": install,  # before the first step
    "deploy/install": install,
    "deploy/install --with-postgresql": database,
    "LINLI_OWNER_PASSWORD=PASSWORD runuser -u postgres -- psql -X -d postgres"
    " < deploy/postgresql/roles.sql": database,
    "sed -i 's/linli.example.cn/linli.example.cn/' /etc/nginx/sites-available/linli.conf": start,
    "ln -sf /etc/nginx/sites-available/linli.conf /etc/nginx/sites-enabled/linli.conf": start,
    "nginx -t": start,
    "systemctl reload nginx": start,
    "systemctl start linli-web linli-worker": start,
    "systemctl status linli-web linli-worker": start,
    "systemctl restart linli-web linli-worker": kills,
    "journalctl -u linli-web -u linli-worker --since today": kills,
    "systemctl list-timers 'linli-*'": backup,
    "systemctl stop linli-web linli-worker": end,
}
# With stand-ins for Python and the product, in tests/deploy/test_install.py: a scratch root has
# one version only.
WITH_STAND_INS = ("deploy/install --upgrade", "ln -sfn linli-0.2 /opt/linli")
STEPS: tuple[Callable[[Machine], str], ...] = (
    install,
    database,
    first_office,
    start,
    doors,
    sign_in,
    question_and_case,
    kills,
    database_restart,
    backup,
    restore,
    upgrade,
    end,
)
