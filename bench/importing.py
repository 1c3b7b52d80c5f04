"""Twenty thousand rows of Excel: read, recognised, previewed, imported, taken back."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from bench.measuring import Section, once_s

ROWS = 20_000


def _file(homes: list[str]) -> bytes:
    """Return a department's list: people nobody knows yet, two behind each door."""
    from datetime import date

    from linli.core.interface.workbook import WorkbookSheet, write
    from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number

    headings = ["姓名", "身份证号码", "联系电话", "家庭住址", "文化程度"]
    rows: list[list[Any]] = []
    for n in range(ROWS):
        number = make_identity_number(
            DEMONSTRATION_DIVISION, date(1901 + n // 400, 7, 9), 599 + n % 400
        )
        rows.append([f"演示{n}", number, f"143{n:08d}", homes[n // 2 % len(homes)], "初中"])
    return write(WorkbookSheet("居民", headings, rows), about=[("说明", "虚构")], number=1)


def measure(peak_mib: Callable[[], float]) -> Section:
    """Bring one large list in and take it back, as a worker of the subdistrict would."""
    from linli.core.scope import Scope, use_scope
    from linli.core.time import today
    from linli.register.places.models import Place
    from linli.register.posts.models import User
    from linli.workbench.imports import actions, queries, runner
    from linli.workbench.imports.column_recognition import recognised, words_of
    from linli.workbench.imports.headings import table_of
    from linli.workbench.imports.reading import read_file

    people = int(os.environ["BENCH_PEOPLE"])
    section = Section(f"Excel in: {ROWS:,} rows into a register of {people:,} residents")
    worker = User.objects.get(username="luying")
    with use_scope(Scope(("330212007/",), "subdistrict_officer", "", worker.pk)):
        homes = Place.objects.filter(kind="dwelling").order_by("path")
        file = _file(list(homes.values_list("address", flat=True)[: ROWS // 2]))

        def bring() -> Any:
            read: Any = read_file(file, "居民.xlsx")
            batch = actions.bring_file(
                data=file,
                name="居民.xlsx",
                subject="person",
                confirmed_on=today(),
                by=worker,
                sheets=[sheet.name for sheet in read.sheets],
                sheet=read.chosen,
                source="department",
            )
            words = words_of("person")
            table: Any = table_of(read, words.knows)
            columns = {
                str(guess.heading.column): guess.target for guess in recognised(table, words)
            }
            chosen = actions.choose_columns(
                batch=batch,
                columns=columns,
                sheet=batch.sheet,
                by=worker,
                fill_down=False,
                make_dwellings=False,
            )
            runner.finish(runner.preview, chosen, worker)
            return queries.batch_or_not_found(batch.link)

        seconds, batch = once_s(bring)
        section.add(
            "read in a child process, recognise, preview", seconds, "s", note=str(batch.counts)
        )
        seconds, _ = once_s(
            lambda: runner.finish(runner.apply, actions.begin(batch=batch, by=worker), worker)
        )
        section.add("import, as a whole", seconds, "s", limit=60)
        seconds, _ = once_s(
            lambda: actions.undo_batch(batch=queries.batch_or_not_found(batch.link), by=worker)
        )
        section.add("take it back", seconds, "s")
    return section
