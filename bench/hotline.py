"""A hotline's list of thousands: read, suggested, compared, taken in and handed out."""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.measuring import Section, once_s

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = Path(os.environ.get("LINLI_SHARED_DATA", ROOT.parent / "shared" / "data")) / "messages"
FILE = MESSAGES / "messages.csv"
ANSWERED = MESSAGES / "answered.csv"
CHINA = ZoneInfo("Asia/Shanghai")
THE_DAY_AFTER = datetime(2020, 1, 9, tzinfo=CHINA)  # the last of them was answered
A_WEEK = timedelta(days=7)
WHOLE_LIMIT = 60.0


def hotline() -> Section:
    """Take the real messages in, from the file to the posts that answer for them."""
    section = Section("A hotline's list: 2,201 real messages taken in and dispatched (SQLite)")
    if not FILE.is_file():
        section.add("the messages are not here: not measured", 0, "")
        return section
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LINLI_DATA"] = folder
        command = [sys.executable, "-m", "linli.faces.cli.main", "demo", "--no-serve"]
        subprocess.run([*command, "--people", "2000"], check=True, stdout=sys.stderr)
        import django

        django.setup()
        _measure(section, Path(folder))
    return section


def _measure(section: Section, folder: Path) -> None:
    from linli.core.scope import Scope, use_scope
    from linli.demo.load import PANHUO
    from linli.integrations.hotline_lists import preview
    from linli.register.places.models import Place
    from linli.register.posts.models import User
    from linli.workbench.journal.hash_chain import verify

    data = FILE.read_bytes()
    officer = User.objects.get(username="luying")
    with use_scope(Scope((f"{PANHUO}/",), "subdistrict_officer", "", officer.pk)):
        town = Place.objects.get(path=f"{PANHUO}/")
        read_s, table = once_s(lambda: preview.table_of_file(data, FILE.name))
        section.add("read in a child process", read_s, "s", note=f"{len(table.rows):,} rows")
        look_s, seen = once_s(lambda: preview.preview(data, FILE.name, place=town))
        counts = seen.counts()
        section.add(
            "look over: categories, places, likenesses (reads again, learns once)",
            look_s,
            "s",
            note=f"{counts['sure']} sure, {counts['same']} the same, {counts['alike']} alike",
        )
        take_s, done = once_s(lambda: _taken(seen, officer))
        section.add(
            "take, merge the same, dispatch: every step in the journal",
            take_s,
            "s",
            "a plain loop of INSERT with sqlite3",
            _by_hand(folder, table.rows),
            note=f"{done.count('did_new')} taken, {done.count('did_merged')} merged, "
            f"{done.count('did_dispatched')} dispatched, {done.count('left')} left",
        )
        section.add("the whole", look_s + take_s, "s", limit=WHOLE_LIMIT)
        again_s, again = once_s(lambda: preview.preview(data, FILE.name, place=town))
        section.add("look over again", again_s, "s", note=f"{again.counts()['taken']} known")
    broken = len(list(verify()))
    section.add("breaks of the journal's chain", broken, "", limit=0)


def _taken(seen: Any, officer: Any) -> Any:
    from linli.integrations.hotline_lists.actions import bring_list
    from linli.integrations.hotline_lists.import_rows import import_list
    from linli.integrations.hotline_lists.models import HotlineList

    hotline_list = HotlineList(
        place=seen.place,
        file_name=FILE.name,
        dispatch="all",
        merge=True,
        counts=seen.counts(),
        rows=len(seen.orders()),
    )
    bring_list(hotline_list=hotline_list, by=officer)
    return import_list(hotline_list, seen, by=officer)


def _by_hand(folder: Path, rows: Any) -> float:
    """Insert the same rows into one table, one INSERT each: no rules, no journal, no tasks."""
    with sqlite3.connect(folder / "by-hand.sqlite3") as db:
        db.execute("CREATE TABLE message (number TEXT UNIQUE, who, title, at, text)")

        def insert() -> None:
            for row in rows:
                cells = [*row.cells[:5], *[None] * (5 - len(row.cells[:5]))]
                db.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?)", cells)
            db.commit()

        seconds, _ = once_s(insert)
    return seconds


def answered() -> Section:
    """Take the answered messages in at their own dates, and look at the board of that day."""
    section = Section("A hotline's answered list: 1,397 real messages at their dates (SQLite)")
    if not ANSWERED.is_file():
        section.add("the messages are not here: not measured", 0, "")
        return section
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LINLI_DATA"] = folder
        command = [sys.executable, "-m", "linli.faces.cli.main", "init", "330212007"]
        subprocess.run([*command, "--officer", "陆颖"], check=True, stdout=sys.stderr)
        import django

        django.setup()
        # It imports pytest, by which the settings know a test: only once they are read.
        import time_machine

        with time_machine.travel(THE_DAY_AFTER):
            _answered(section)
    return section


def _answered(section: Section) -> None:
    from linli.capabilities.cases.models import Case
    from linli.capabilities.cases.queries import board
    from linli.core.scope import Scope, use_scope
    from linli.integrations.hotline_lists import preview
    from linli.register.places.models import Place
    from linli.register.posts.models import User

    officer = User.objects.get()
    with use_scope(Scope(("330212007/",), "subdistrict_officer", "", officer.pk)):
        town = Place.objects.get(path="330212007/")
        data = ANSWERED.read_bytes()
        look_s, seen = once_s(lambda: preview.preview(data, ANSWERED.name, place=town))
        take_s, done = once_s(lambda: _taken(seen, officer))
        words = f"{done.count('did_answered')} answered of {len(seen.rows):,}"
        section.add(
            "look over, take, record the answers",
            look_s + take_s,
            "s",
            limit=WHOLE_LIMIT,
            note=words,
        )
        board_s, shown = once_s(lambda: board(town))
        section.add("the board of that day", board_s, "s", limit=1.0)
        waiting = sum(THE_DAY_AFTER.date() - day < A_WEEK for day in _days_of_answers())
        apart = abs(shown.answered - waiting)
        section.add(
            "waiting for a word: board and list differ by",
            apart,
            "matters",
            limit=0,
            note=f"{shown.answered} answered in the week before",
        )
        fixed = next(n for key, _label, n in shown.outcomes if key == "fixed")
        section.add("counted as fixed without anybody's word", fixed, "matters", limit=0)
        times = sorted(
            (case.answered_at - case.received_at).days
            for case in Case.objects.all()
            if case.answered_at
        )
    weeks = "; ".join(
        f"{week.starts:%m-%d}: {week.came} came, {week.ended} ended" for week in shown.weeks
    )
    section.text = f"""
From word to answer: half within {times[len(times) // 2]} days, nine of ten within \
{times[len(times) * 9 // 10]}. The last eight weeks: {weeks}.
"""


def _days_of_answers() -> list[date]:
    with ANSWERED.open(encoding="utf-8-sig", newline="") as lines:
        said = [row["答复时间"].replace("/", "-") for row in csv.DictReader(lines)]
    return [date(*map(int, one.split()[0].split("-"))) for one in said]


SECTIONS: dict[str, Callable[[], Section]] = {"hotline": hotline, "answered": answered}
