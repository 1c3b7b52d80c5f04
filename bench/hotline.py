"""A hotline's list of thousands: read, suggested, compared, taken in and handed out."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measuring import Section, once_s

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = Path(os.environ.get("LINLI_SHARED_DATA", ROOT.parent / "shared" / "data")) / "messages"
FILE = MESSAGES / "messages.csv"
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
    from linli.capabilities.cases.intake import preview
    from linli.core.scope import Scope, use_scope
    from linli.demo.load import PANHUO
    from linli.register.places.models import Place
    from linli.register.posts.models import User
    from linli.workbench.journal.chain import verify

    data = FILE.read_bytes()
    officer = User.objects.get(username="luying")
    with use_scope(Scope((f"{PANHUO}/",), "subdistrict_officer", "", officer.pk)):
        town = Place.objects.get(path=f"{PANHUO}/")
        read_s, table = once_s(lambda: preview.table_of_file(data, FILE.name))
        section.add("read in a child process", read_s, "s", note=f"{len(table.rows):,} rows")
        look_s, seen = once_s(lambda: preview.preview(data, FILE.name, place=town))
        counts = seen.counts()
        section.add(
            "look over: categories, places, likenesses (reads again, learns once)", look_s, "s",
            note=f"{counts['sure']} sure, {counts['same']} the same, {counts['alike']} alike",
        )  # fmt: skip
        take_s, done = once_s(lambda: _taken(seen, officer))
        section.add(
            "take, merge the same, dispatch: every step in the journal", take_s, "s",
            "a plain loop of INSERT with sqlite3", _by_hand(folder, table.rows),
            note=f"{done.count('did_new')} taken, {done.count('did_merged')} merged, "
            f"{done.count('did_dispatched')} dispatched, {done.count('left')} left",
        )  # fmt: skip
        section.add("the whole", look_s + take_s, "s", limit=WHOLE_LIMIT)
        again_s, again = once_s(lambda: preview.preview(data, FILE.name, place=town))
        section.add("look over again", again_s, "s", note=f"{again.counts()['taken']} known")
    broken = len(list(verify()))
    section.add("breaks of the journal's chain", broken, "", limit=0)


def _taken(seen: Any, officer: Any) -> Any:
    from linli.capabilities.cases.actions.intake import bring_list
    from linli.capabilities.cases.intake.models import Intake
    from linli.capabilities.cases.intake.taking import take

    intake = Intake(
        place=seen.place, file_name=FILE.name, dispatch="all", merge=True, counts=seen.counts(),
        rows=len(seen.orders()),
    )  # fmt: skip
    bring_list(intake=intake, by=officer)
    return take(intake, seen, by=officer)


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


SECTIONS: dict[str, Callable[[], Section]] = {"hotline": hotline}
