"""From kept rows to what the register is asked to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from linli.core.batches import in_batches
from linli.core.errors import Refused
from linli.core.fields import DWELLING
from linli.core.time import day_from
from linli.register.people.bulk import ChangedRow, NewRow
from linli.register.people.models import Person
from linli.register.places.bulk import Spec
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.dwelling_rows import column_of
from linli.workbench.imports.models import ImportRow
from linli.workbench.imports.targets import BUILDING_COLUMNS, DWELLING_COLUMNS
from linli.workbench.imports.terms import RowFate

Told = dict[str, Any]
Chain = tuple[tuple[str, str], ...]


@dataclass
class PlannedRow:
    """One row that changes something, opened."""

    number: int
    fate: str
    subject_id: int | None
    told: Told

    @property
    def chain(self) -> Chain:
        """Kind and name of what has to be made on the way to its dwelling."""
        return tuple((kind, name) for kind, name in self.told["chain"])


@dataclass
class Branch:
    """Places to be made below one that exists, each once however many rows name it."""

    children: dict[tuple[str, str], Branch] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def reach(self, chain: Chain) -> Branch:
        """Return the branch at the end of a chain, grown as far as needed."""
        here = self
        for step in chain:
            here = here.children.setdefault(step, Branch())
        return here

    def specs(self) -> list[Spec]:
        """Return what the place tree is asked to make."""
        return [
            Spec(kind, name, branch.specs(), facts=branch.facts)
            for (kind, name), branch in self.children.items()
        ]


def rows_to_apply(rows: Iterable[ImportRow]) -> list[PlannedRow]:
    """Open the rows that change something."""
    from linli.workbench.imports.encrypted_rows import decode_row

    return [PlannedRow(row.number, row.fate, row.subject_id, decode_row(row.told)) for row in rows]


def branches(rows: Iterable[PlannedRow], stamp: Mapping[str, Any]) -> dict[int, Branch]:
    """Return what has to be made below which existing place."""
    grown: dict[int, Branch] = {}
    for row in rows:
        if not row.chain or row.told["parent"] is None:
            continue
        root = grown.setdefault(row.told["parent"], Branch())
        home = root.reach(row.chain)
        home.facts = {**stamp, **_of_door(row.chain[-1][1]), **dwelling_facts(row.told)}
        for length, (kind, _name) in enumerate(row.chain, start=1):
            if kind == PlaceKind.BUILDING:
                building = root.reach(row.chain[:length])
                # Several rows may speak of one building: each adds to what the others said.
                told = building_facts(row.told)
                building.facts = {**stamp, **building.facts, **told}
                if "floors" not in told:
                    _raise(building, home.facts["floor"])
    return grown


def _raise(building: Branch, floor: int | None) -> None:
    """A new building has at least the floors of the doors that the list has."""
    if floor and floor > (building.facts.get("floors") or 0):
        building.facts["floors"] = floor


def _of_door(name: str) -> dict[str, Any]:
    """1802 is on the 18th floor, 101 on the first; other doors do not tell."""
    door = name.removesuffix("室")
    floor = int(door[:-2]) if door.isdigit() and 3 <= len(door) <= 4 else None
    return {"door": door, "floor": floor}


def dwelling_facts(told: Told) -> dict[str, Any]:
    """Return the columns of Dwelling that a row fills."""
    return _columns(told, DWELLING_COLUMNS)


def building_facts(told: Told) -> dict[str, Any]:
    """Return the columns of Building that a row fills."""
    return _columns(told, BUILDING_COLUMNS)


def _columns(told: Told, keys: Iterable[str]) -> dict[str, Any]:
    facts = told["facts"]
    return {column_of(key): value_of(key, facts[key]) for key in keys if key in facts}


def value_of(key: str, value: Any) -> Any:
    """Return a kept value as the column of a dwelling or building takes it."""
    from linli.core.fields import DICTIONARY

    decimals = DICTIONARY.field(DWELLING, key).decimals
    return Decimal(str(value)) if decimals and value is not None else value


def person_facts(told: Told) -> dict[str, Any]:
    """Return the facts of a person as ``facts.prepare`` takes them."""
    facts = {}
    for name, value in told["facts"].items():
        column = Person._meta.get_field(name)
        # Rows are stored as JSON, so a day comes back as text.
        is_day = isinstance(column, models.DateField) and isinstance(value, str)
        facts[name] = day_from(value) if is_day else value
    return facts


def places_of(rows: Iterable[PlannedRow]) -> dict[int, Place]:
    """Return the dwellings that rows name, by key."""
    places: dict[int, Place] = {}
    for keys in in_batches({row.told["place_id"] for row in rows if row.told["place_id"]}):
        places |= Place.objects.filter(ended_on__isnull=True).in_bulk(keys)
    return places


def dwelling_of(
    row: PlannedRow, there: Mapping[int, Place], made: Mapping[tuple[int, Chain], Place]
) -> Place:
    """Return the dwelling of a row; one that is gone since the preview is refused."""
    dwelling = there.get(row.told["place_id"] or 0)
    if dwelling is None and row.chain:
        dwelling = made.get((row.told["parent"], row.chain))
    if dwelling is None:
        raise Refused(
            "imports.changed_since",
            _("第%(row)s行的户室在预览之后变了") % {"row": row.number},
            hint=_("请重新预览，再导入"),
        )
    return dwelling


def new_rows(
    rows: Iterable[PlannedRow], there: Mapping[int, Place], made: Mapping[tuple[int, Chain], Place]
) -> list[NewRow]:
    """Return the rows about somebody new."""
    return [
        NewRow(
            row.number,
            dwelling_of(row, there, made),
            person_facts(row.told),
            row.told["household"],
            # Rows read by an earlier version do not tell.
            row.told.get("missing_head", ""),
        )
        for row in rows
        if row.fate == RowFate.NEW
    ]


def changed_rows(
    rows: Iterable[PlannedRow], there: Mapping[int, Place], made: Mapping[tuple[int, Chain], Place]
) -> list[ChangedRow]:
    """Return the rows about somebody known."""
    return [
        ChangedRow(
            row.number,
            row.subject_id or 0,
            person_facts(row.told),
            dwelling_of(row, there, made) if row.told["moves"] else None,
        )
        for row in rows
        if row.fate == RowFate.CHANGED
    ]
