"""A department's list of 20,000 against 100,000 residents: how long, how right, beside a join."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from bench.measuring import Section, once_s
from bench.mistakes import HEADINGS, Line, Resident, a_list

ROWS, STRANGERS = 20_000, 4_000
SECONDS_LIMIT, WRONG_LIMIT, MISSED_LIMIT = 60, 0.003, 0.03
FIRST_ROW = 2


def record_linkage() -> Section:
    """Read the file, match every row, and compare with what each row really is."""
    from bench.sections import _built, _django, _scope

    people = int(os.environ["BENCH_PEOPLE"])
    _built(people)
    _django()
    from linli.capabilities.record_linkage.outcomes import compared
    from linli.capabilities.record_linkage.uploaded_table import read_list
    from linli.core.interface.workbook import WorkbookSheet, write
    from linli.core.scope import use_scope

    section = Section(f"A department's list: {ROWS:,} rows against {people:,} residents")
    with use_scope(_scope()):
        residents = _residents()
        lines = a_list(residents, min(ROWS, len(residents)), STRANGERS)
        file = write(
            WorkbookSheet("名单", HEADINGS, [line.cells for line in lines]),
            about=[("说明", "虚构")],
            number=1,
        )
        seconds, read = once_s(lambda: read_list(file, "名单.xlsx"))
        section.add("read the file, recognise its columns", seconds, "s")
        seconds, result = once_s(lambda: compared(read.table.rows, read.columns()))
        section.add("take rows apart, load the register, match", seconds, "s", limit=SECONDS_LIMIT)
    first = read.table.rows[0].number
    said = {
        row.row.number - first: (row.bucket, [rival.key for rival in row.match.rivals])
        for row in result.rows
    }
    _judge(section, lines, said)
    _alone(section, result)
    _joined(section, lines, residents)
    return section


def _residents() -> list[Resident]:
    from linli.register.people.models import Person

    rows = Person.objects.filter(status="current", birth_date__isnull=False).order_by("pk")
    columns = ("pk", "name", "sex", "birth_date", "identity_number", "phone", "home__address")
    return [Resident(*row) for row in rows.values_list(*columns)]


def _judge(section: Section, lines: Sequence[Line], said: dict[int, Any]) -> None:
    known = sum(bool(line.meant) for line in lines)
    buckets: Counter[tuple[str, str]] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for place, line in enumerate(lines):
        bucket, rivals = said.get(place, ("new", []))
        really = "known" if line.meant else line.done["stranger"]
        right = bool(rivals) and rivals[0] == line.meant
        among = line.meant in rivals
        buckets[really, bucket if bucket != "decide" or not line.meant or among else "lost"] += 1
        if bucket == "sure" and not right:
            wrong[str(line.done)] += 1
        if bucket != "sure" and line.meant:
            missed[" ".join(f"{k}:{v}" for k, v in line.done.items() if v != "same")] += 1
    sure = sum(n for (_really, bucket), n in buckets.items() if bucket == "sure")
    bad = sum(wrong.values())
    section.add(
        "sure: precision", 1 - bad / sure, "of sure rows", note=f"{sure:,} sure, {bad} wrong"
    )
    section.add("sure and wrong", bad / sure, "of sure rows", limit=WRONG_LIMIT)
    section.add("known people found for sure (recall)", (sure - bad) / known, "of known people")
    decide = buckets["known", "decide"]
    section.add(
        "known people put before somebody, the right one among them",
        decide / known,
        "of known people",
    )
    lost = known - (sure - bad) - decide
    section.add("known people missed", lost / known, "of known people", limit=MISSED_LIMIT)
    for kind in ("sibling", "other"):
        of = {bucket: n for (really, bucket), n in buckets.items() if really == kind}
        share = of.get("new", 0) / max(sum(of.values()), 1)
        section.add(f"strangers ({kind}) taken for new", share, "of them", note=str(of))
    section.text = "\nMissed most: " + "; ".join(f"{k} ({n})" for k, n in missed.most_common(6))
    section.text += "\n\nSure and wrong: " + "; ".join(k for k, _n in wrong.most_common(5)) + "\n"


def _alone(section: Section, result: Any) -> None:
    """The matcher without reading and loading."""
    from bench.sections import _scope
    from linli.capabilities.record_linkage import register_entries as known
    from linli.capabilities.record_linkage.matching import Matcher
    from linli.core.scope import use_scope
    from linli.workbench.imports.addresses import Tree

    with use_scope(_scope()):
        everybody = list(known.everybody(Tree()))
        rows = [row.row.entry for row in result.rows]
        seconds, _ = once_s(
            lambda: Matcher(everybody, rows, opened=known.decrypt_entries).matches()
        )
    section.add("the matcher alone", seconds, "s")


def _joined(section: Section, lines: Sequence[Line], residents: Sequence[Resident]) -> None:
    """What an office does today: look up by number, then by name and birth date, then phone."""

    def join() -> dict[int, int]:
        by: dict[Any, list[int]] = defaultdict(list)
        for resident in residents:
            for key in (
                (resident.number,),
                (resident.name, str(resident.born)),
                (resident.name, resident.phone),
            ):
                if all(key):
                    by[key].append(resident.key)
        found = {}
        for place, line in enumerate(lines):
            _n, name, _sex, number, born, phone, _home = line.cells
            for key in ((number,), (name, born), (name, phone)):
                hits = by.get(key, []) if all(key) else []
                if len(hits) == 1:
                    found[place] = hits[0]
                    break
        return found

    seconds, found = once_s(join)
    known = sum(bool(line.meant) for line in lines)
    right = sum(lines[place].meant == key for place, key in found.items())
    section.add(
        "exact joining (number, name + birth, name + phone)",
        seconds,
        "s",
        note=f"precision {right / len(found):.4f}, recall {right / known:.3f}",
    )


SECTIONS = {"record_linkage": record_linkage}
