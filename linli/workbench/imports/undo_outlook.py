"""What taking an import back would do, and what stands in its way: said before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.core.batches import in_batches
from linli.core.personal_data.crypto import decrypt, open_json
from linli.register.people.bulk import UndoOutlook, undo_outlook
from linli.register.places.models import Dwelling
from linli.workbench.imports import dwelling_changes, own_values
from linli.workbench.imports.dwelling_rows import column_of
from linli.workbench.imports.list_traces import LaterList, later_lists, of_person
from linli.workbench.imports.models import Batch
from linli.workbench.imports.plan import PlannedRow
from linli.workbench.imports.terms import ImportSubject

PAGE = "imports:show"


@dataclass(frozen=True)
class Outlook:
    """What an undo takes back, and everything that stands in the way.

    ``rows`` are rows of the sheet whose dwellings, or the office's own facts, say something else
    by now; ``places`` names by key what uses a dwelling that the import made.
    """

    people: UndoOutlook
    later: Sequence[LaterList] = ()
    rows: Sequence[int] = ()
    places: Mapping[int, str] = field(default_factory=dict)
    records: int = 0  # dwellings and buildings whose facts go back
    homes: int = 0  # places that go
    row_of: Mapping[int, int] = field(default_factory=dict)  # people: rows of the sheet

    @property
    def count(self) -> int:
        """Return how many things stand in the way."""
        return len(self.later) + len(self.people.obstacles) + len(self.rows) + len(self.places)


def memory_of(batch: Batch) -> dict[str, Any]:
    """Return what is kept for taking an import back."""
    memory: dict[str, Any] = open_json(decrypt(batch.undo))
    return memory


def outlook_of(batch: Batch) -> Outlook:
    """Say what taking an import back would do, and what stands in its way."""
    memory = memory_of(batch)
    own = memory.get("own", [])
    dwellings = memory.get("dwellings") or []
    # The office's own facts that came with the list go with it.
    besides = {"conditions.OwnFieldValue": own_values.made(own)}
    people = UndoOutlook(0, 0)
    if memory.get("people"):
        people = undo_outlook(undo=memory["people"], besides=besides)
    rows = {
        *own_values.changed_since(own, batch.subject),
        *dwelling_changes.changed_since(dwellings),
    }
    return Outlook(
        people,
        later=later_lists(page=PAGE, link=batch.link),
        rows=sorted(rows),
        places=dwelling_changes.places_used(memory["places"], {**people.rows_going, **besides}),
        records=len({(one["kind"] == "building", one["pk"]) for one in dwellings}),
        homes=len(memory["places"]),
        row_of={int(person): row for person, row in memory.get("rows", {}).items()},
    )


def written(batch: Batch, undo: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Name what an import wrote beside facts of people: own facts, dwellings, new places."""
    number_of = {row: person for person, row in undo.get("rows", {}).items()}
    for change in undo["own"]:
        if batch.subject == ImportSubject.PERSON:
            yield f"person:{number_of[change['row']]}", [change["key"]]
    for change in undo.get("dwellings", ()):
        yield f"{_record(change['kind'])}:{change['pk']}", sorted(change["after"])
    for place in undo["places"]:
        yield f"place:{place}", ["*"]


def _record(kind: str) -> str:
    return "building" if kind == "building" else "dwelling"


def named(batch: Batch, rows: Sequence[PlannedRow]) -> Iterator[tuple[str, list[str]]]:
    """Name what the rows of an import speak of, changed or not."""
    building_of: dict[int, int] = {}
    if batch.subject == ImportSubject.DWELLING:
        for keys in in_batches([row.subject_id for row in rows if row.subject_id]):
            homes = Dwelling.objects.filter(pk__in=keys)
            building_of |= dict(homes.values_list("pk", "building_id"))
    for row in rows:
        facts = [*row.told["facts"], *row.told.get("own", {})]
        if row.subject_id and batch.subject == ImportSubject.PERSON:
            yield of_person(row.subject_id, facts, has_home=bool(row.told["place_id"]))
        elif row.subject_id:
            columns = [column_of(key) for key in row.told["facts"]]
            yield f"dwelling:{row.subject_id}", [*columns, "source", "confirmed_on"]
            yield f"building:{building_of.get(row.subject_id, 0)}", columns
        # A new dwelling, or somebody's, may lie in a place that another list made.
        for key in {row.told.get("parent"), row.told.get("place_id")} - {None}:
            yield f"place:{key}", ["*"]
