"""演示：潘火街道，19个真实社区，47,164名虚构居民。"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path

from linli.faces.cli.context import CliContext

# Before it knows in which folder it works there is nothing to compare.
KEYS_MAY_DIFFER = True
DONE = "demo.json"
BEGUN = "demo.begun"  # stands while a build runs: only what it left behind may be removed
SMALLEST = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many people, and whether to serve."""
    parser.add_argument("--people", type=int, default=47_164, help="多少居民")
    parser.add_argument("--no-serve", action="store_true", help="只建数据，不启动网站")
    parser.add_argument("--port", type=int, default=8000, help="端口")


def run(given: CliContext) -> int:
    """Build the demonstration once, then serve it; an interrupted build starts over."""
    from django.conf import settings

    from linli.core.errors import Refused

    if not settings.DEMO:
        return _in_demonstration_mode()
    people = given.options.people
    if people < SMALLEST:
        raise Refused("demo.small", f"至少{SMALLEST}人，才住得满19个社区", "people")
    done = settings.DATA_DIR / DONE
    if not done.is_file():
        figures = _build(given, people, done)
        given.answer(**figures)
    else:
        _check_mark()
        figures = json.loads(done.read_text())
        given.say("演示数据已经建好。")
        if figures["people"] != people:
            given.say(f"现有{figures['people']:,}人；要换人数，请先删去 {done.parent}")
        given.answer(**figures)
    if given.options.no_serve:
        return 0
    return _serve(given)


def _in_demonstration_mode() -> int:
    """Start again in the demonstration's mode, in its own data folder unless told another."""
    data = os.environ.get("LINLI_DATA", str(Path.cwd() / "var" / "demo"))
    os.environ.update(LINLI_DEMO="1", LINLI_DATA=data)
    sys.stdout.flush()
    # Settings are read once, at the start: another mode needs a new process.
    os.execv(sys.executable, [sys.executable, "-m", "linli.faces.cli.main", *sys.argv[1:]])  # noqa: S606


def _build(given: CliContext, people: int, done: Path) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from linli.core.actions import writes_allowed
    from linli.core.database.marks import set_mark
    from linli.core.time import today
    from linli.demo.load import build_demo

    began = time.perf_counter()

    def report(words: str) -> None:
        given.say(f"[{time.perf_counter() - began:5.1f}s] {words}")

    begun = done.with_name(BEGUN)
    _clear(done.parent)
    begun.touch()
    report("建表")
    with writes_allowed("migrations"):
        call_command("migrate", interactive=False, verbosity=0)
    set_mark()  # the tables are empty: from its first row on it is the demonstration's
    built = build_demo(people=people, today=today(), report=report)
    report("准备查询用的快照")
    _snapshot()
    connection.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures: dict[str, object] = {
        "people": built.people,
        "households": built.households,
        "dwellings": built.dwellings,
        "communities": built.communities,
        "lifts": built.lifts,
        "peak_mib": memory,
        "seconds": round(time.perf_counter() - began, 1),
    }
    _write_whole(done, json.dumps(figures))
    begun.unlink()
    report(f"建好：{built.people:,}人，{built.households:,}户，{built.lifts}部电梯")
    return figures


def _check_mark() -> None:
    """Refuse data that this command did not build: a file in a folder proves nothing about it."""
    from linli.core.database.marks import bears_the_mark
    from linli.core.errors import Refused
    from linli.core.personal_data.key_fingerprints import refuse_wrong_keys
    from linli.faces.cli.health import unapplied_migrations

    refuse_wrong_keys()
    if unapplied_migrations() or not bears_the_mark():
        raise Refused(
            "demo.no_mark",
            "这里的数据没有演示的标记，或是旧版本建的",
            "LINLI_DATA",
            "请删去演示的数据文件夹，或另给一个空的，再运行 linli demo",
        )


def _write_whole(file: Path, text: str) -> None:
    half = file.with_suffix(".part")
    half.write_text(text)
    # A build that ends here leaves no half file that says it is done.
    half.replace(file)


def _clear(folder: Path) -> None:
    """Remove what an interrupted build left, and refuse to touch anybody else's data."""
    from django.conf import settings
    from django.db import connection

    from linli.core.errors import Refused

    # On a server the file in this folder says nothing about the database.
    ours = (folder / BEGUN).is_file() and connection.vendor == "sqlite"
    if not ours and _holds_data():
        raise Refused(
            "demo.not_empty",
            "这里已有数据，演示不会动它",
            "LINLI_DATA",
            "请给演示一个空的数据文件夹和空的数据库",
        )
    if connection.vendor != "sqlite":
        return
    # SQLite would go on writing into a file that is not there any more.
    connection.close()
    file = Path(str(settings.DATABASES["default"]["NAME"]))
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    shutil.rmtree(folder / "snapshot", ignore_errors=True)


def _holds_data() -> bool:
    """Is there a place or a user in the database, whoever put it there?"""
    from django.db import connection

    from linli.core.scope import system_scope
    from linli.register.places.models import Place
    from linli.register.posts.models import User

    # Before the first migration there are no tables to ask.
    there = connection.introspection.table_names()
    with system_scope("is the database empty"):
        return any(
            model._meta.db_table in there and model._base_manager.exists()
            for model in (Place, User)
        )


def _snapshot() -> None:
    from linli.core.scope import system_scope
    from linli.workbench.conditions import snapshot

    with system_scope("the first snapshot of the demonstration"):
        snapshot.refresh()


def _serve(given: CliContext) -> int:
    from linli.faces.cli.commands import serve

    given.options.host, given.options.workers = "127.0.0.1", 0
    given.options.no_work = False
    return serve.run(given)
