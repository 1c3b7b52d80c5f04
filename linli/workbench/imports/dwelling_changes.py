"""Facts of dwellings and buildings set from a list, remembered, and put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.matching import in_batches
from linli.workbench.imports.plan import PlannedRow, building_facts, dwelling_facts
from linli.workbench.imports.terms import RowFate

MODELS: dict[str, Any] = {"dwelling": Dwelling, "building": Building}


def change(rows: Iterable[PlannedRow], *, source: str, confirmed_on: date) -> list[dict[str, Any]]:
    """Set what rows say of dwellings and their buildings; return how to put it back."""
    memory: list[dict[str, Any]] = []
    changed = [row for row in rows if row.fate == RowFate.CHANGED]
    for batch in in_batches(changed):
        homes = Dwelling.objects.in_bulk([row.subject_id for row in batch if row.subject_id])
        buildings = Building.objects.in_bulk({home.building_id for home in homes.values()})
        touched: list[int] = []
        for row in batch:
            home = homes.get(row.subject_id or 0)
            if home is None:
                continue
            touched.append(home.pk)
            memory += _set("dwelling", home, dwelling_facts(row.told), row.number)
            building = buildings.get(home.building_id)
            if building is not None:
                memory += _set("building", building, building_facts(row.told), row.number)
        Place.objects.filter(pk__in=touched).update(
            source=source, confirmed_on=confirmed_on, changed_at=timezone.now()
        )
    return memory


def _set(kind: str, thing: Any, facts: Mapping[str, Any], row: int) -> list[dict[str, Any]]:
    before = {name: getattr(thing, name) for name in facts}
    differing = {name: value for name, value in facts.items() if before[name] != value}
    if not differing:
        return []
    for name, value in differing.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(differing))
    return [
        {
            "kind": kind,
            "pk": thing.pk,
            "row": row,
            "before": {name: _said(before[name]) for name in differing},
            "after": {name: _said(value) for name, value in differing.items()},
        }
    ]


def _said(value: Any) -> Any:
    return value if isinstance(value, bool | int | str | type(None)) else str(value)


def put_back(memory: Sequence[Mapping[str, Any]]) -> tuple[int, list[int]]:
    """Restore former values where nothing changed since; return how many, and rows left alone."""
    restored, left = 0, []
    # Backwards: several rows may have changed the same building, one after another.
    for change in reversed(memory):
        thing = MODELS[change["kind"]].objects.filter(pk=change["pk"]).first()
        if thing is None or any(
            _said(getattr(thing, name)) != value for name, value in change["after"].items()
        ):
            left.append(change["row"])
            continue
        for name, value in change["before"].items():
            # The memory is JSON, so a day or a decimal comes back as text.
            setattr(thing, name, type(thing)._meta.get_field(name).to_python(value))
        thing.save(update_fields=list(change["before"]))
        restored += 1
    return restored, left


def remove_places(keys: Sequence[int]) -> tuple[int, list[int]]:
    """Delete places that an import made, the lowest first; what is lived in or used stays."""
    rows = Place.objects.filter(pk__in=list(keys)).order_by("-path")
    removed, left = 0, []
    for pk, kind, path in list(rows.values_list("pk", "kind", "path")):
        below = Place.objects.filter(path__startswith=path).exclude(pk=pk).exists()
        if below or not _delete(pk, kind):
            left.append(pk)
        else:
            removed += 1
    return removed, left


def _delete(pk: int, kind: str) -> bool:
    try:
        # Both or neither: something else may still need the place.
        with transaction.atomic():
            if kind == PlaceKind.DWELLING:
                Dwelling.objects.filter(pk=pk).delete()
            Place.objects.filter(pk=pk).delete()
        return True
    except ProtectedError:
        return False
