"""演示：潘火街道，19个真实社区，47,164名虚构居民。"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from linli.faces.cli.given import Given

DONE = "demo.json"
SMALLEST = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many people, and whether to serve."""
    parser.add_argument("--people", type=int, default=47_164, help="多少居民")
    parser.add_argument("--no-serve", action="store_true", help="只建数据，不启动网站")
    parser.add_argument("--port", type=int, default=8000, help="端口")


def run(given: Given) -> int:
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
        told = _build(given, people, done)
        given.answer(**told)
    else:
        given.say("演示数据已经建好。")
        given.answer(**json.loads(done.read_text()))
    if given.options.no_serve:
        return 0
    return _serve(given)


def _in_demonstration_mode() -> int:
    """Start again with the demonstration's own data folder, away from real data."""
    data = os.environ.get("LINLI_DATA", str(Path.cwd() / "var" / "demo"))
    os.environ.update(LINLI_DEMO="1", LINLI_DATA=data)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "linli.faces.cli.main", *sys.argv[1:]])  # noqa: S606


def _build(given: Given, people: int, done: Path) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from linli.core.actions import writes_allowed
    from linli.core.time import today
    from linli.demo.load import build_demo

    began = time.perf_counter()

    def report(words: str) -> None:
        given.say(f"[{time.perf_counter() - began:5.1f}s] {words}")

    _clear(done.parent)
    report("建表")
    with writes_allowed("migrations"):
        call_command("migrate", interactive=False, verbosity=0)
    built = build_demo(people=people, today=today(), report=report)
    report("准备查询用的快照")
    _snapshot()
    connection.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told: dict[str, object] = {
        "people": built.people, "households": built.households, "dwellings": built.dwellings,
        "communities": built.communities, "lifts": built.lifts, "peak_mib": memory,
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    done.write_text(json.dumps(told))
    report(f"建好：{built.people:,}人，{built.households:,}户，{built.lifts}部电梯")
    return told


def _clear(folder: Path) -> None:
    """Remove what an interrupted build left; only ever the demonstration's own files."""
    from django.conf import settings
    from django.db import connection

    from linli.core.errors import Refused

    connection.close()
    if connection.vendor != "sqlite":
        from linli.core.scope import system_scope
        from linli.register.places.models import Place

        with system_scope("is the database empty"):
            if "places_place" in connection.introspection.table_names() and Place.objects.exists():
                raise Refused("demo.not_empty", "数据库里已有数据，请给演示一个空的数据库")
        return
    file = Path(str(settings.DATABASES["default"]["NAME"]))
    for leftover in _files_of(file, folder):
        leftover.unlink(missing_ok=True)


def _files_of(file: Path, folder: Path) -> Iterator[Path]:
    for ending in ("", "-wal", "-shm", "-journal"):
        yield Path(f"{file}{ending}")
    yield from folder.glob("snapshot/*")


def _snapshot() -> None:
    from linli.core.scope import system_scope
    from linli.workbench.conditions import snapshot

    with system_scope("the first snapshot of the demonstration"):
        snapshot.refresh()


def _serve(given: Given) -> int:
    from linli.faces.cli.commands import serve

    given.options.host, given.options.workers = "127.0.0.1", 0
    return serve.run(given)
