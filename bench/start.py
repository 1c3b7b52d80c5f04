"""How much processor a start takes: the help, a question, a file of pure tests.

Best of several runs, in turns with an empty Django project: processor seconds, not the clock's,
since other work on the machine makes those longer.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

from bench.measuring import Section
from bench.sections import _built

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
PEOPLE = 2_000
PURE_TESTS = "linli/register/parties/tests/test_topics.py"
QUESTION = "殷家社区90岁以上独居老人"
LINLI = [sys.executable, "-m", "linli.faces.cli.main"]
EMPTY = """
from django.conf import settings
settings.configure(
    INSTALLED_APPS=[f"django.contrib.{name}" for name in (
        "auth", "contenttypes", "sessions", "messages", "staticfiles")],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
import django
django.setup()
"""
PLAIN, DJANGO = "`python -c pass`", "an empty Django project set up"


def start() -> Section:
    """From nothing to the answer, in processor seconds."""
    folder = Path(os.environ["LINLI_DATA"]).with_name("start")
    os.environ["LINLI_DATA"] = str(folder)
    _built(PEOPLE)
    ask = [*LINLI, "ask", "--as", "hejun", QUESTION]
    test = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", PURE_TESTS]
    plain, django = [sys.executable, "-c", "pass"], [sys.executable, "-c", EMPTY]
    section = Section(f"Start ({PEOPLE:,} residents, SQLite; processor seconds, best of {ROUNDS})")
    for what, command, beside, other, limit in (
        ("`linli --help`", [*LINLI, "--help"], PLAIN, plain, None),
        ("Django and every app set up", [*LINLI, "where", "--help"], DJANGO, django, 2),
        (f"`linli ask {QUESTION}`", ask, DJANGO, django, 2.5),
        (f"`pytest {PURE_TESTS}`", test, DJANGO, django, 4),
    ):
        ours, theirs = best_cpu_s(command, other)
        section.add(what, ours, "s", beside, theirs, limit)
    return section


def best_cpu_s(ours: list[str], theirs: list[str]) -> tuple[float, float]:
    """Return the least processor seconds of each command, run in turns; the first runs warm up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for command, into in zip((ours, theirs), taken, strict=True):
            into.append(_cpu_s(command))
    return min(taken[0][1:]), min(taken[1][1:])


def _cpu_s(command: list[str]) -> float:
    # The bytecode is written by the first run, as it is for whoever starts a second time.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode()[-500:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


SECTIONS = {"start": start}
