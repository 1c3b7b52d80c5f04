"""The sections: each sets Django up in its own process, measures, and tells the parent."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.measuring import Section, alternating_ms, median_ms, once_s, peak_mib, tell
from bench.questions import Typical, typical

LIVE_LIMIT, CROSS_LIMIT, CLICK_LIMIT_MS = 1.3, 2.0, 1000


def run(name: str) -> None:
    """Run one section."""
    tell(found()[name]())


def found() -> dict[str, Callable[[], Section]]:
    """Return every section: the ones here, then what other modules of bench offer as SECTIONS."""
    sections: dict[str, Callable[[], Section]] = {
        "setup": setup,
        "questions": questions,
        "pages": pages,
        "snapshot": snapshot,
        "imports": imports,
        "million": million,
    }
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if not file.stem.startswith("_"):
            sections |= getattr(import_module(f"bench.{file.stem}"), "SECTIONS", {})
    return sections


def _django() -> None:
    import django

    django.setup()


def _built(people: int) -> Path:
    """Return the data folder of a register of so many people, built the first time."""
    folder = Path(os.environ["LINLI_DATA"])
    if not (folder / "demo.json").is_file():
        command = [sys.executable, "-m", "linli.faces.cli.main", "demo", "--no-serve"]
        subprocess.run([*command, "--people", str(people)], check=True, stdout=sys.stderr)
    else:  # built by an earlier version
        migrate = [sys.executable, "-m", "linli.faces.cli.main", "migrate"]
        subprocess.run(migrate, check=True, stdout=sys.stderr)
    return folder


def setup() -> Section:
    """From nothing to the demonstration: `linli demo` with its 47,164 residents."""
    import json

    section = Section("From nothing to the demonstration (47,164 residents, SQLite)")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LINLI_DATA": folder, "LINLI_DEMO": "1"}
        command = [sys.executable, "-m", "linli.faces.cli.main", "demo", "--no-serve", "--json"]
        seconds, done = once_s(
            lambda: subprocess.run(
                command, env=environment, check=True, stdout=subprocess.PIPE, text=True
            )
        )
        told = json.loads(done.stdout.strip().splitlines()[-1])
        size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) >> 20
    section.add("`linli demo --no-serve`", round(seconds, 1), "s")
    section.add("its peak memory", told["peak_mib"], "MiB")
    section.add("residents", told["people"], "people")
    section.add("data folder", size, "MiB")
    return section


def _scope() -> Any:
    from linli.core.scope import Scope
    from linli.demo.load import PANHUO

    return Scope((f"{PANHUO}/",), "subdistrict_officer")


def _yinjia() -> str:
    from linli.demo.load import PANHUO
    from linli.demo.population.layout import YINJIA

    return f"{PANHUO}/{YINJIA}/"


def questions() -> Section:
    """Ten typical questions, live, beside hand-written SQL on the same database."""
    people = int(os.environ["BENCH_PEOPLE"])
    folder = _built(people)
    _django()
    from linli.core.scope import use_scope
    from linli.core.time import today

    section = Section(f"Any who, any how many ({people:,} residents, embedded SQLite)")
    db = sqlite3.connect(folder / "linli.sqlite3")
    db.execute("PRAGMA cache_size=-65536")
    with use_scope(_scope()):
        for one in typical(today(), _yinjia()):
            _count_and_list(section, one, lambda sql: db.execute(sql).fetchall())
        _cross_tab(section)
    _pandas(section, folder)
    return section


def _count_and_list(section: Section, one: Typical, by_hand: Callable[[str], list[Any]]) -> None:
    from linli.workbench.conditions import queries

    condition = queries.ask(one.sentence).condition
    ours, theirs = queries.count(condition), by_hand(one.count_sql)[0][0]
    if ours != theirs:
        section.add(f"{one.sentence}: NOT EQUAL, ours {ours}, by hand {theirs}", 1, "", limit=0)
        return
    mine, hand = alternating_ms(lambda: queries.count(condition), lambda: by_hand(one.count_sql))
    section.add(f"count: {one.sentence} ({ours:,})", mine, "ms", "SQL by hand", hand, LIVE_LIMIT)
    mine, hand = alternating_ms(
        lambda: queries.rows(condition, limit=50),
        lambda: (by_hand(one.count_sql), by_hand(one.list_sql)),
    )
    section.add(f"list: {one.sentence}", mine, "ms", "SQL by hand", hand, LIVE_LIMIT)


def _cross_tab(section: Section) -> None:
    from linli.core.fields import Condition
    from linli.workbench.conditions import queries, snapshot
    from linli.workbench.conditions.compilers import duckdb_compiler

    everybody = Condition("person")
    made = snapshot.refresh_if_behind()
    db = duckdb_compiler.snapshot_connection(made)
    path = _scope().paths[0]
    bands = " ".join(
        f"WHEN birth_date > CURRENT_DATE - INTERVAL {age} YEAR THEN {number}"
        for number, age in enumerate((7, 14, 18, 35, 60, 70, 80, 90, 100))
    )
    sql = (
        "SELECT community_path, community_name,"
        f" CASE WHEN birth_date IS NULL THEN -1 {bands} ELSE 9 END AS band,"
        " COUNT(*) FROM person WHERE status = 'current' AND scope_path >= ? AND scope_path < ?"
        " GROUP BY ALL"
    )
    mine, hand = alternating_ms(
        lambda: queries.cross_tab(everybody, "community", "age"),
        lambda: db.execute(sql, [path, path[:-1] + "0"]).fetchall(),
    )
    section.add("cross-tab: community × age", mine, "ms", "DuckDB by hand", hand, CROSS_LIMIT)


def _pandas(section: Section, folder: Path) -> None:
    """What people do today: open the big Excel file and filter it."""
    import pandas

    from linli.core.interface.workbook import WorkbookSheet, write
    from linli.core.scope import use_scope
    from linli.core.time import today
    from linli.register.people.models import Person
    from linli.workbench.conditions import queries

    columns = ("name", "sex", "birth_date", "household__size", "home__address", "scope_path")
    with use_scope(_scope()):
        rows = list(Person.objects.filter(status="current").values_list(*columns))
        condition = queries.ask("殷家社区90岁以上独居老人").condition
        ours = median_ms(lambda: queries.rows(condition, limit=50))
        expected = queries.count(condition)
    file = io.BytesIO(write(WorkbookSheet("底册", list(columns), rows), about=[], number=1))
    born, here = date(today().year - 90, today().month, today().day), _yinjia()

    def by_pandas() -> int:
        file.seek(0)
        frame = pandas.read_excel(file, engine="calamine")
        found = frame[
            (pandas.to_datetime(frame["birth_date"]).dt.date <= born)
            & (frame["household__size"] == 1)
            & frame["scope_path"].str.startswith(here)
        ]
        return len(found)

    seconds, found = once_s(by_pandas)
    same = "same answer" if found == expected else f"pandas found {found}, we {expected}"
    section.add(
        "殷家社区90岁以上独居老人",
        ours,
        "ms",
        "pandas on the Excel file",
        seconds * 1000,
        1.0,
        same,
    )


def pages() -> Section:
    """From click to page: the same ten questions through the whole product."""
    people = int(os.environ["BENCH_PEOPLE"])
    _built(people)
    _django()
    from django.test import Client
    from django.utils.http import urlencode

    from linli.core.scope import system_scope
    from linli.core.time import today
    from linli.register.places.models import Place
    from linli.register.posts.models import User

    section = Section(f"From click to page ({people:,} residents, subdistrict officer)")
    client = Client()
    client.force_login(
        User.objects.get(username="luying"), backend="django.contrib.auth.backends.ModelBackend"
    )
    slowest = 0.0
    for one in typical(today(), _yinjia()):
        address = "/ask/?" + urlencode({"q": one.sentence})
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        slowest = max(slowest, median_ms(lambda at=address: client.get(at), rounds=5))
    section.add("the slowest of ten questions", slowest, "ms", limit=CLICK_LIMIT_MS)
    home = median_ms(lambda: client.get("/"), rounds=5)
    section.add("home page", home, "ms")
    with system_scope("bench: a tall building"):
        tall = Place.objects.filter(kind="building").order_by("-building_facts__floors").first()
    from linli.core.interface.registry import record_address

    address = record_address("places.place", tall.pk) if tall else ""
    if address:
        asked = f"{address}?{urlencode({'q': '独居老人'})}"
        if client.get(asked).status_code == 200:
            building = median_ms(lambda: client.get(asked), rounds=5)
            section.add("building, floors × doors coloured by 独居老人", building, "ms", limit=200)
    return section


def snapshot() -> Section:
    """The snapshot from nothing, and after one person changed."""
    people = int(os.environ["BENCH_PEOPLE"])
    _built(people)
    _django()
    from linli.core.scope import system_scope, use_scope
    from linli.core.time import today
    from linli.register.people.actions import confirm_facts
    from linli.register.people.models import Person
    from linli.register.posts.models import User
    from linli.workbench.conditions import snapshot as snapshots

    section = Section(f"Snapshot ({people:,} residents, every field, Parquet)")
    whole, _ = once_s(lambda: snapshots.refresh(from_nothing=True))
    section.add("from nothing", whole, "s")
    worker = User.objects.get(username="luying")
    taken = []
    for number in range(5):
        with use_scope(_scope()):
            person = Person.objects.order_by("pk")[number * 100]
            confirm_facts(person=person, source="visit", confirmed_on=today(), by=worker)
        with system_scope("bench: snapshot after one change"):
            seconds, _ = once_s(snapshots.refresh)
        taken.append(seconds)
    section.add("after one person changed", sorted(taken)[2], "s", "from nothing", whole, 1.0)
    return section


def imports() -> Section:
    """Twenty thousand rows of a real Excel file, from upload to applied."""
    from bench.importing import measure

    _built(int(os.environ["BENCH_PEOPLE"]))
    _django()
    return measure(peak_mib)


def million() -> Section:
    """A million residents on PostgreSQL: count and list beside hand-written SQL."""
    from bench.million import measure

    return measure()
