"""Departments' lists against 100,000 residents: how long, how right, beside a join.

Three kinds of lists, three seeds each; the weights were chosen on lists of other seeds.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.measuring import Section, once_s
from bench.mistakes import HEADINGS, MIXES, Line, Mix, Resident, a_list

# The first list is as long as lists get, for the time it takes; the others say how right it is.
LONGEST, KNOWN, SEEDS = 20_000, 4_000, (1, 2, 3)
SECONDS_LIMIT, WRONG_LIMIT, MISSED_LIMIT = 60, 0.001, 0.03


def record_linkage() -> Section:
    """Read each file, match every row, and compare with what each row really is."""
    from bench.sections import _built, _django, _scope

    people = int(os.environ["BENCH_PEOPLE"])
    _built(people)
    _django()
    from linli.core.scope import use_scope

    section = Section(f"Departments' lists: three kinds of mistakes against {people:,} residents")
    with use_scope(_scope()):
        residents = _residents()
        lines = a_list(residents, min(LONGEST, len(residents)), MIXES[0], SEEDS[0])
        result = _timed(section, lines)
        _alone(section, result)
        _joined(section, lines, residents)
        _judge(section, MIXES[0], SEEDS[0], lines, _said(result))
        for mix in MIXES:
            for seed in SEEDS[1:] if mix is MIXES[0] else SEEDS:
                rows = round(KNOWN / (1 - mix.strangers))
                lines = a_list(residents, min(rows, len(residents)), mix, seed)
                _judge(section, mix, seed, lines, _said(_compared(*_read(lines))))
    return section


def _read(lines: Sequence[Line]) -> Any:
    from linli.capabilities.record_linkage.uploaded_table import read_list
    from linli.core.interface.workbook import WorkbookSheet, write

    sheet = WorkbookSheet("名单", HEADINGS, [line.cells for line in lines])
    read = read_list(write(sheet, about=[("说明", "虚构")], number=1), "名单.xlsx")
    return read.table.rows, read.columns()


def _compared(rows: Any, columns: Any) -> Any:
    from linli.capabilities.record_linkage.outcomes import compared

    return compared(rows, columns)


def _timed(section: Section, lines: Sequence[Line]) -> Any:
    seconds, read = once_s(lambda: _read(lines))
    section.add(f"write and read a file of {len(lines):,} rows", seconds, "s")
    seconds, result = once_s(lambda: _compared(*read))
    section.add("take rows apart, load the register, match", seconds, "s", limit=SECONDS_LIMIT)
    return result


def _said(result: Any) -> dict[int, tuple[str, list[int]]]:
    """Return bucket and candidates by the place of the row in the list."""
    first = min(row.row.number for row in result.rows)
    return {
        row.row.number - first: (row.bucket, [rival.key for rival in row.match.rivals])
        for row in result.rows
    }


@dataclass
class Tally:
    """What became of the rows of one list."""

    sure: int = 0
    known: int = 0
    decide: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    strangers: Counter[str] = field(default_factory=Counter)

    @property
    def bad(self) -> int:
        """How many are sure and wrong?"""
        return sum(self.wrong.values())

    def take(self, line: Line, bucket: str, rivals: list[int]) -> None:
        """Count one row."""
        self.known += bool(line.meant)
        if not line.meant:
            self.strangers[f"{line.done['stranger']} {bucket}"] += 1
        if bucket == "sure":
            self.sure += 1
            if rivals[0] != line.meant:
                self.wrong[_done(line)] += 1
        elif line.meant:
            self.decide += line.meant in rivals
        if line.meant and (bucket != "sure" or rivals[0] != line.meant):
            self.missed[_done(line)] += 1


def _done(line: Line) -> str:
    return " ".join(f"{fact}:{way}" for fact, way in line.done.items() if way != "same")


def _residents() -> list[Resident]:
    from linli.register.people.models import Person

    rows = Person.objects.filter(status="current", birth_date__isnull=False).order_by("pk")
    columns = ("pk", "name", "sex", "birth_date", "identity_number", "phone", "home__address")
    return [Resident(*row) for row in rows.values_list(*columns)]


def _judge(
    section: Section, mix: Mix, seed: int, lines: Sequence[Line], said: dict[int, Any]
) -> None:
    tally = Tally()
    for place, line in enumerate(lines):
        tally.take(line, *said.get(place, ("new", [])))
    found, bad, name = tally.sure - tally.bad, tally.bad, f"{mix.title}, seed {seed}"
    section.add(
        f"{name}: sure and wrong",
        bad / tally.sure,
        "of sure rows",
        limit=WRONG_LIMIT,
        note=f"precision {1 - bad / tally.sure:.4f}, {tally.sure:,} sure, {bad} wrong",
    )
    section.add(
        f"{name}: known people not found for sure",
        1 - found / tally.known,
        "of known people",
        limit=round(1 - mix.recall, 3),
        note=f"recall {found / tally.known:.4f}",
    )
    missed = tally.known - found - tally.decide
    strangers = sum(tally.strangers.values())
    new = sum(count for what, count in tally.strangers.items() if what.endswith(" new"))
    section.add(
        f"{name}: known people neither found nor put before somebody",
        missed / tally.known,
        "of known people",
        limit=MISSED_LIMIT,
        note=f"of {strangers:,} strangers {new / strangers:.3f} taken for new",
    )
    if seed == SEEDS[0]:
        most = "; ".join(f"{what} ({count})" for what, count in tally.missed.most_common(6))
        section.text += f"\n\n{mix.title}, not sure most: {most}."
    if tally.wrong:
        section.text += f"\n\n{name}, sure and wrong: {'; '.join(tally.wrong)}."


def _alone(section: Section, result: Any) -> None:
    """The matcher without reading and loading."""
    from linli.capabilities.record_linkage import register_entries as known
    from linli.capabilities.record_linkage.matching import Matcher
    from linli.workbench.imports.addresses import Tree

    everybody = list(known.everybody(Tree()))
    rows = [row.row.entry for row in result.rows]
    seconds, _ = once_s(lambda: Matcher(everybody, rows, opened=known.decrypt_entries).matches())
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
